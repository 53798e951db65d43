import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeCandles } from './installation.ts'

export const ID = '6f1f63a9-4b47-4e9a-9c3f-3a7f2f7b1c11'

export const WORKFLOWS = `- id: ${ID}
  name: Sell under 100
  index: TEST
  cfd: TEST
  dry_run: false
  conditions:
    - indicator: {name: polarite, unit_time: daily, value: 100}
      close: {direction: below, unit_time: daily, spread: 5}
  trigger: {unit_time: daily, location: lower, order_direction: sell, quantity: 2}
`

/** Prices of yesterday that are at the level, a file of workflows, and the settings that use them. */
export const prepare = async (folder: string) => {
  const yesterday = new Date(Date.now() - 24 * 3_600_000).toISOString().slice(0, 10)
  await writeCandles(folder, 'TEST_daily', [
    { date: `${yesterday}T00:00:00.000Z`, open: 99, high: 100.5, low: 97, close: 98 },
  ])
  const file = join(folder, 'workflows.yaml')
  await writeFile(file, WORKFLOWS)
  return { file, environment: { DATA_DIR: folder, MARKET: 'csv', MARKET_DIR: folder } }
}
