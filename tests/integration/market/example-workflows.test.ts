import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { INDICATORS, WorkflowDefinition, marketOf } from '../../../src/domain/workflow.ts'
import { evaluate, marketNeeds, type MarketView } from '../../../src/engine/evaluate.ts'
import { createReplay, type ReplayMarket } from '../../../src/market/replay.ts'

const LAST_POSITION = 150
const LONGEST_GAP = 11

const readExamples = async (): Promise<WorkflowDefinition[]> => {
  const yaml = await readFile(new URL('../../../workflows.example.yaml', import.meta.url), 'utf8')
  return z.array(WorkflowDefinition).parse(parse(yaml))
}

/** What a workflow sees of the replay; `fetched` shares candles between the workflows of a day. */
const viewOf = async (
  replay: ReplayMarket,
  workflow: WorkflowDefinition,
  fetched: Map<string, ReturnType<ReplayMarket['candles']>>,
): Promise<MarketView> => {
  const now = new Date('2026-11-23T09:00:00.000Z')
  const needs = marketNeeds(workflow)
  const series = new Map<string, Awaited<ReturnType<ReplayMarket['candles']>>>()
  for (const { code, unit_time, count } of needs.candles) {
    const key = `${code} ${unit_time} ${count}`
    const fetching =
      fetched.get(key) ??
      replay.candles({ code, unit_time, count, market: marketOf(workflow), now })
    fetched.set(key, fetching)
    series.set(`${code} ${unit_time}`, await fetching)
  }
  const calendar = await replay.calendar(workflow.index, now)
  const { tick_size } = await replay.instrument(workflow.cfd)
  return {
    candles: (code, unit_time) => series.get(`${code} ${unit_time}`) ?? [],
    calendar: () => calendar,
    tick_size,
  }
}

test('the examples are valid and show every indicator, a dry run and one that is switched off', async () => {
  const examples = await readExamples()

  const used = examples.flatMap(({ conditions }) =>
    conditions.map(({ indicator }) => indicator.name),
  )
  expect(new Set(used)).toEqual(new Set(INDICATORS))
  expect(examples.some(({ dry_run }) => dry_run)).toBe(true)
  expect(examples.some(({ enable }) => !enable)).toBe(true)
  expect(examples.filter(({ enable, dry_run }) => enable && !dry_run).length).toBeGreaterThan(7)
  expect(new Set(examples.map(({ name }) => name)).size).toBe(examples.length)
})

test('the replay begins with an order, and then never goes quiet for long', async () => {
  const live = (await readExamples()).filter(({ enable, dry_run }) => enable && !dry_run)
  const directory = await mkdtemp(join(tmpdir(), 'examples-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const replay = createReplay({ stateFile: join(directory, 'replay.json') })
  const orderDays: number[] = []
  const types = new Set<string>()
  const silent = new Set(live.map(({ name }) => name))

  for (let position = 0; position <= LAST_POSITION; position += 1) {
    const fetched = new Map<string, ReturnType<ReplayMarket['candles']>>()
    for (const workflow of live) {
      const decision = evaluate(workflow, await viewOf(replay, workflow, fetched))
      if (decision.kind !== 'order') continue
      orderDays.push(position)
      types.add(decision.order.order_type)
      silent.delete(workflow.name)
    }
    await replay.advance()
  }

  const gaps = orderDays.map((day, index) => (orderDays[index + 1] ?? LAST_POSITION + 1) - day)
  expect(orderDays[0]).toBe(0)
  expect(Math.max(...gaps)).toBeLessThanOrEqual(LONGEST_GAP)
  expect([...silent]).toEqual([])
  expect(types).toEqual(new Set(['LIMIT', 'OPEN_STOP']))
}, 30_000)
