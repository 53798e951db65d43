import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { newId } from '../../src/system.ts'
import type { WorkflowDefinition } from '../../src/domain/workflow.ts'
import { aDefinition } from '../support/builders.ts'
import { aContext, aFolder, openInstallation, writeCandles } from '../support/installation.ts'

const NOW = new Date('2026-11-20T09:30:00.250Z')
const TOMORROW = new Date('2026-11-21T09:30:00.000Z')
const ID = newId()

/** Hourly candles, all at the level; the one of 08:00 is the newest closed one at half past nine. */
const candles = Array.from({ length: 8 }, (_, hour) => ({
  date: `2026-11-20T${String(hour + 1).padStart(2, '0')}:00:00.000Z`,
  open: 99,
  high: 100.5,
  low: 97 + hour / 100,
  close: 98,
}))

/** A product that has placed and recorded one order, and what the trail said of it. */
const placeOne = async (folder: string) => {
  await writeCandles(folder, 'DAX.I_h1', candles)
  await writeCandles(folder, 'GER40.I_h1', candles)
  await using product = await openInstallation(folder)
  await product.workflows.create(ID, aDefinition(), NOW)
  const { workflows } = await product.engine.run({ now: NOW, context: aContext() })
  const order = await product.trail.getOrder(workflows[0]?.order_id ?? '', NOW)
  if (!order) throw new Error('expected an order in the trail')
  return order
}

/** The same product after its tables and claim files were lost; only the broker's book is left. */
const openWithoutTables = async (folder: string, definition: WorkflowDefinition | null) => {
  for (const each of ['claims', 'journal']) {
    await rm(join(folder, each), { recursive: true, force: true })
  }
  const product = await openInstallation(folder, { TABLE_PREFIX: 'new_' })
  if (definition) await product.workflows.create(ID, definition, TOMORROW)
  const reconcile = () => product.engine.reconcile({ now: TOMORROW, context: aContext() })
  return { ...product, reconcile }
}

describe('an order of which only the broker knows', () => {
  test('is recognised by its id, and recorded with its own time, slot and reasons', async () => {
    await using folder = await aFolder()
    const original = await placeOne(folder.path)
    await using product = await openWithoutTables(folder.path, aDefinition())

    expect(await product.reconcile()).toMatchObject({
      recovered: 1,
      unrecognised: [],
      warnings: [],
    })

    const { execution_context: _then, ...recorded } = original
    const order = await product.trail.getOrder(original.order_id, TOMORROW)
    expect(order).toMatchObject(recorded)
    expect((await product.workflows.find(ID, TOMORROW))?.last_order).toMatchObject({
      order_id: original.order_id,
      placed_at: NOW.toISOString(),
    })
    // Once it is in the trail, nobody looks for it again.
    expect(await product.reconcile()).toMatchObject({ recovered: 0, unrecognised: [] })
  })

  test('is recorded without reasons when the definition has changed so that they do not hold', async () => {
    await using folder = await aFolder()
    const original = await placeOne(folder.path)
    const changed = aDefinition({
      conditions: [
        {
          indicator: { name: 'polarite', unit_time: 'h1', value: 5000 },
          close: { direction: 'below', unit_time: 'h1', spread: 5 },
        },
      ],
    })
    await using product = await openWithoutTables(folder.path, changed)

    expect(await product.reconcile()).toMatchObject({ recovered: 1 })

    const { slot, price, quantity, placed_at } = original
    const order = await product.trail.getOrder(original.order_id, TOMORROW)
    expect(order).toMatchObject({ slot, price, quantity, placed_at })
    expect(order?.trace.conditions).toEqual([])
  })

  test('is reported and left alone when its workflow is gone', async () => {
    await using folder = await aFolder()
    const { order_id } = await placeOne(folder.path)
    await using product = await openWithoutTables(folder.path, null)

    const done = await product.reconcile()

    expect(done.recovered).toBe(0)
    expect(done.unrecognised).toMatchObject([{ client_order_id: order_id }])
    expect(done.warnings).toEqual([
      '1 order at the broker has an id like ours, and no workflow accounts for it',
    ])
  })
})

test('orders that others place on the same account are none of our business', async () => {
  await using folder = await aFolder()
  await placeOne(folder.path)
  await using product = await openInstallation(folder.path)
  for (const client_order_id of ['by-hand-7', newId()]) {
    await product.broker.place({
      client_order_id,
      code: 'GER40.I',
      direction: 'BUY',
      order_type: 'LIMIT',
      price: 96,
      quantity: 1,
      at: NOW,
    })
  }

  const done = await product.engine.reconcile({ now: TOMORROW, context: aContext() })

  expect(done).toMatchObject({ recovered: 0, unrecognised: [], warnings: [] })
})
