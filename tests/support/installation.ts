import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDeps } from '../../src/compose-host.ts'
import { newId } from '../../src/system.ts'
import { readConfig } from '../../src/config.ts'
import type { Candle } from '../../src/domain/candle.ts'
import type { ExecutionContext } from '../../src/domain/order.ts'
import { createLogger } from '../../src/logger.ts'

/** A data folder of its own, which goes when the test ends. */
export const aFolder = async () => {
  const path = await mkdtemp(join(tmpdir(), 'ordertrail-test-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** Writes candles as the CSV market reads them; the file is `CODE_UNITTIME.csv`. */
export const writeCandles = async (
  folder: string,
  series: string,
  candles: readonly Candle[],
): Promise<void> => {
  const rows = candles.map(({ date, open, high, low, close }) =>
    [date, open, high, low, close].join(','),
  )
  await writeFile(
    join(folder, `${series}.csv`),
    ['date,open,high,low,close', ...rows, ''].join('\n'),
  )
}

/**
 * The real product over one folder: embedded DynamoDB, paper broker, journal, and the CSV market
 * with that same folder's prices. `events` holds what it logged.
 */
export const openInstallation = async (
  folder: string,
  environment: Record<string, string> = {},
) => {
  const events: Record<string, unknown>[] = []
  const config = readConfig({
    DATA_DIR: folder,
    MARKET: 'csv',
    MARKET_DIR: folder,
    ...environment,
  })
  const logger = createLogger(
    'debug',
    (line) => events.push(JSON.parse(line) as Record<string, unknown>),
    () => new Date(),
  )
  const deps = await createDeps({ config, logger })
  const caller = { trigger_source: 'api' as const, user: null }
  return { ...deps, caller, events, [Symbol.asyncDispose]: deps.close }
}

/** The context of a run that a test starts. */
export const aContext = (): ExecutionContext => ({
  trigger_source: 'cli',
  request_id: newId(),
  user: 'ada',
})
