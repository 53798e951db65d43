import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseWorkflowFile } from '../../src/data/workflow-file.ts'
import type { Candle } from '../../src/domain/candle.ts'
import type { Chart, ChartLevel } from '../../src/domain/chart.ts'
import type { Decision } from '../../src/domain/decision.ts'
import type { MarketData } from '../../src/domain/ports.ts'
import { WorkflowDefinition, type Workflow } from '../../src/domain/workflow.ts'
import { chartOf } from '../../src/engine/chart.ts'
import { evaluate } from '../../src/engine/evaluate.ts'
import { fetchMarket } from '../../src/engine/market-view.ts'
import { createCsvMarket } from '../../src/market/csv.ts'
import { createReplay } from '../../src/market/replay.ts'
import { aWorkflow } from '../support/builders.ts'
import { aFolder, writeCandles } from '../support/installation.ts'

const NOW = new Date('2026-11-23T12:00:00.000Z')

const EXAMPLES = new URL('../../workflows.example.yaml', import.meta.url)

const exampleWorkflows = async (): Promise<Workflow[]> =>
  parseWorkflowFile(await readFile(EXAMPLES, 'utf8')).map(({ definition }) => aWorkflow(definition))

/** What a run compared: the level of each condition, and from which price to which it holds. */
const comparedBy = ({ trace }: Decision): ChartLevel[] =>
  trace.conditions.map(({ indicator_value, checks }) => {
    const within = checks.find((check) => check.rule === 'within')
    return {
      level: indicator_value,
      bounds: within ? ([within.lower, within.upper] as const) : null,
    }
  })

const levelsAt = ({ conditions }: Chart, index: number) =>
  conditions.map(({ levels }) => levels[index])

const decisionsOf = async (
  market: MarketData,
  workflows: readonly Workflow[],
  now: Date,
): Promise<Decision[]> => {
  const run = await fetchMarket(market, workflows, now)
  return workflows.map((workflow) => evaluate(workflow, run.view(workflow)))
}

test('the levels of a chart are those that the runs of its days compared', async () => {
  await using folder = await aFolder()
  const replay = createReplay({ stateFile: join(folder.path, 'replay.json') })
  const workflows = await exampleWorkflows()
  const runs: Decision[][] = []
  for (let day = 0; day < 70; day += 1) {
    if (day > 0) await replay.advance()
    runs.push(await decisionsOf(replay, workflows, NOW))
  }
  for (const [index, workflow] of workflows.entries()) {
    const chart = await chartOf(replay, workflow, NOW)
    expect(chart.candles).toHaveLength(60)
    // A week is the newest one for several days, of which the last one counts.
    const bySlot = new Map(runs.map((run) => [run[index]?.slot, run[index]]))
    for (const [at, { date }] of chart.candles.entries()) {
      const decision = bySlot.get(date)
      // 70 days are not 60 weeks.
      if (!decision) continue
      const drawn = { name: workflow.name, date, levels: levelsAt(chart, at) }
      expect(drawn).toEqual({ name: workflow.name, date, levels: comparedBy(decision) })
    }
  }
})

const HOUR_MS = 3_600_000

/** The hours at which the candles of a weekday open: a session from 8 to 20 o'clock. */
const OPENINGS = {
  h1: Array.from({ length: 12 }, (_, hour) => 8 + hour),
  h4: [8, 12, 16],
  daily: [0],
}

/** Candles of some weeks, newest first. */
const sessions = (unit_time: keyof typeof OPENINGS): Candle[] =>
  Array.from({ length: 60 }, (_, day) => Date.UTC(2026, 8, 1 + day))
    .filter((at) => ![0, 6].includes(new Date(at).getUTCDay()))
    .flatMap((at) => OPENINGS[unit_time].map((hour) => at + hour * HOUR_MS))
    .map((at) => {
      const middle = 100 + 8 * Math.sin(at / (19 * HOUR_MS)) + 3 * Math.sin(at / (5 * HOUR_MS))
      const date = new Date(at).toISOString()
      return { date, open: middle, high: middle + 2, low: middle - 2, close: middle + 1 }
    })
    .toReversed()

test.each([
  ['h1', 'ma7', 'h4'],
  ['h4', 'ma7', 'h1'],
  ['h1', 'bbh', 'h1'],
  ['h1', 'inclined', 'h1'],
  ['daily', 'ma7', 'h1'],
  ['daily', 'inclined', 'daily'],
])(
  'in a market that goes by the clock, a chart of %s shows the %s of %s as each run saw it',
  async (shown, name, unit_time) => {
    await using folder = await aFolder()
    for (const unit of ['h1', 'h4', 'daily'] as const) {
      await writeCandles(folder.path, `CFD_${unit}`, sessions(unit))
      await writeCandles(folder.path, `INDEX_${unit}`, sessions(unit))
    }
    const market = createCsvMarket({ directory: folder.path })
    const points = { x1: { x: '2026-09-02', y: 90 }, x2: { x: '2026-10-01', y: 110 } }
    const workflow = aWorkflow(
      WorkflowDefinition.parse({
        name: 'By the clock',
        index: 'INDEX',
        cfd: 'CFD',
        conditions: [
          {
            indicator: { name, unit_time, ...points },
            close: { direction: 'above', unit_time: shown, spread: 2 },
          },
        ],
        trigger: { unit_time: shown, location: 'higher', order_direction: 'buy', quantity: 1 },
      }),
    )
    const chart = await chartOf(market, workflow, new Date('2026-10-30T20:00:00.000Z'))
    for (const [at, { date }] of chart.candles.entries()) {
      const next = chart.candles[at + 1]?.date ?? '2026-10-30T20:00:00.000Z'
      // The last run before the candle after it closes, as that one opens.
      const [decision] = await decisionsOf(market, [workflow], new Date(next))
      const drawn = { date, levels: levelsAt(chart, at) }
      expect(drawn).toEqual({ date: decision?.slot, levels: decision && comparedBy(decision) })
    }
  },
)
