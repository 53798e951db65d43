import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readSnapshot, withSnapshot } from '../../src/data/snapshot.ts'
import { DomainError } from '../../src/domain/errors.ts'
import type { Workflows } from '../../src/domain/ports.ts'
import { staleRevision, type Workflow } from '../../src/domain/workflow.ts'
import {
  aDefinition,
  aLastRun,
  anOrder,
  aWorkflow,
  ordersByDay,
  WORKFLOW_ID,
} from '../support/builders.ts'
import { recordingLogger } from '../support/logger.ts'

const NOW = new Date('2026-11-23T09:00:00.000Z')
const LATER = new Date('2026-11-23T10:00:00.000Z')
const OTHER_ID = '7d0f7f62-1111-4222-8333-444455556666'

/** Workflows in memory that can be cut off, as DynamoDB can. */
const aStore = (workflows: Workflow[]) => {
  const store = {
    workflows,
    down: false,
    listing: Promise.resolve(),
    replacing: [] as Promise<void>[],
  }
  const answer = async <T>(value: T): Promise<T> => {
    if (store.down) throw new DomainError('store_unavailable', 'DynamoDB cannot be used')
    return value
  }
  const port: Workflows = {
    list: async () => {
      const listed = { workflows: [...store.workflows], broken: [] }
      await store.listing
      return answer(listed)
    },
    find: (id) => answer(store.workflows.find((one) => one.id === id) ?? null),
    findRaw: (id) => answer(store.workflows.find((one) => one.id === id) ?? null),
    create: (id, definition) => answer(aWorkflow({ ...definition, id })),
    replace: async (id, definition, _now, revision) => {
      const current = store.workflows.find((one) => one.id === id)?.revision ?? 1
      if (revision !== undefined && revision !== current) throw staleRevision(id, revision, current)
      const workflow = aWorkflow({ ...definition, id, revision: current + 1 })
      store.workflows = [...store.workflows.filter((one) => one.id !== id), workflow]
      await store.replacing.shift()
      return answer(workflow)
    },
    remove: async (id, revision = 1) => {
      if (revision !== 1) throw staleRevision(id, revision, 1)
      return answer(true)
    },
    saveLastRun: () => answer(undefined),
    saveLastOrder: () => answer(undefined),
  }
  return { store, port }
}

const aSnapshot = async (workflows: Workflow[] = [aWorkflow()]) => {
  const folder = await mkdtemp(join(tmpdir(), 'ordertrail-snapshot-'))
  const file = join(folder, 'workflows.json')
  const logger = recordingLogger()
  const { store, port } = aStore(workflows)
  return {
    folder,
    file,
    logger,
    store,
    workflows: withSnapshot(port, file, logger),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

describe('the copy of the workflows', () => {
  test('has what was listed last, but for runs and orders', async () => {
    const orders_by_day = ordersByDay(NOW, { '2026-11-20': 2 })
    await using setUp = await aSnapshot([
      aWorkflow({ id: OTHER_ID }),
      aWorkflow({ last_run: aLastRun(), orders_by_day }),
    ])

    const listed = await setUp.workflows.list(NOW)

    expect(listed.workflows).toHaveLength(2)
    expect(await readSnapshot(setUp.file)).toEqual({
      saved_at: '2026-11-23T09:00:00.000Z',
      workflows: [WORKFLOW_ID, OTHER_ID].map((id) =>
        aWorkflow({ id, orders_by_day: ordersByDay(NOW) }),
      ),
    })
  })

  test('never answers for a store that is down', async () => {
    await using setUp = await aSnapshot()
    await setUp.workflows.list(NOW)
    setUp.store.down = true

    await expect(setUp.workflows.list(LATER)).rejects.toMatchObject({ code: 'store_unavailable' })
    expect(await readSnapshot(setUp.file)).toMatchObject({ workflows: [{ id: WORKFLOW_ID }] })
  })

  test('is not written again for a run or an order, only for a change', async () => {
    await using setUp = await aSnapshot()
    await setUp.workflows.list(NOW)
    const { mtimeMs } = await stat(setUp.file)

    const { order_id, placed_at, direction, price, quantity, ttl } = anOrder()
    const last_order = { order_id, placed_at, direction, price, quantity, ttl }
    const orders_by_day = ordersByDay(LATER, { '2026-11-23': 1 })
    setUp.store.workflows = [aWorkflow({ last_run: aLastRun(), last_order, orders_by_day })]
    const listed = await setUp.workflows.list(LATER)

    expect(listed.workflows[0]).toMatchObject({ last_run: { outcome: 'no_signal' } })
    expect((await stat(setUp.file)).mtimeMs).toBe(mtimeMs)

    setUp.store.workflows = [aWorkflow({ name: 'Renamed', revision: 2 })]
    await setUp.workflows.list(LATER)
    expect(await readSnapshot(setUp.file)).toMatchObject({
      saved_at: '2026-11-23T10:00:00.000Z',
      workflows: [{ name: 'Renamed' }],
    })
  })

  test('has a workflow switched off as soon as it is switched off', async () => {
    await using setUp = await aSnapshot()
    await setUp.workflows.list(NOW)

    await setUp.workflows.replace(WORKFLOW_ID, aDefinition({ enable: false }), LATER)

    expect(await readSnapshot(setUp.file)).toMatchObject({
      saved_at: '2026-11-23T10:00:00.000Z',
      workflows: [{ id: WORKFLOW_ID, enable: false, revision: 2 }],
    })
  })

  test('follows workflows that are created and removed', async () => {
    await using setUp = await aSnapshot()
    await setUp.workflows.list(NOW)

    await setUp.workflows.create(OTHER_ID, aDefinition({ name: 'New' }), LATER)
    await setUp.workflows.remove(WORKFLOW_ID)

    const copy = await readSnapshot(setUp.file)
    expect(copy?.workflows.map(({ id }) => id)).toEqual([OTHER_ID])
  })

  test('does not take one created workflow for all there are', async () => {
    await using setUp = await aSnapshot()

    await setUp.workflows.create(OTHER_ID, aDefinition(), NOW)

    expect(await readSnapshot(setUp.file)).toBeNull()
  })

  test('does not go back to what a list had read before a change', async () => {
    await using setUp = await aSnapshot()
    await setUp.workflows.list(NOW)

    const answer = Promise.withResolvers<void>()
    setUp.store.listing = answer.promise
    const list = setUp.workflows.list(LATER)
    await setUp.workflows.replace(WORKFLOW_ID, aDefinition({ enable: false }), LATER)
    answer.resolve()
    await list

    expect(await readSnapshot(setUp.file)).toMatchObject({ workflows: [{ enable: false }] })
  })

  test('stays as it is when a change was meant for another revision', async () => {
    await using setUp = await aSnapshot()
    await setUp.workflows.list(NOW)

    await expect(
      setUp.workflows.replace(WORKFLOW_ID, aDefinition({ enable: false }), LATER, 7),
    ).rejects.toMatchObject({ code: 'precondition_failed' })
    await expect(setUp.workflows.remove(WORKFLOW_ID, 7)).rejects.toMatchObject({
      code: 'precondition_failed',
    })

    expect(await readSnapshot(setUp.file)).toMatchObject({ workflows: [{ enable: true }] })
  })

  test('does not go back to a change whose answer came after that of a later one', async () => {
    await using setUp = await aSnapshot()
    await setUp.workflows.list(NOW)

    const answer = Promise.withResolvers<void>()
    setUp.store.replacing = [answer.promise]
    const first = setUp.workflows.replace(WORKFLOW_ID, aDefinition({ name: 'First' }), LATER, 1)
    await setUp.workflows.replace(WORKFLOW_ID, aDefinition({ enable: false }), LATER, 2)
    answer.resolve()
    await first

    expect(await readSnapshot(setUp.file)).toMatchObject({
      workflows: [{ enable: false, revision: 3 }],
    })
  })

  test('has all of many changes that are made at once', async () => {
    const ids = Array.from(
      { length: 50 },
      (_, index) => `7d0f7f62-1111-4222-8333-${String(index).padStart(12, '0')}`,
    )
    await using setUp = await aSnapshot(ids.map((id) => aWorkflow({ id })))
    await setUp.workflows.list(NOW)

    await Promise.all([
      ...ids
        .slice(1)
        .map((id) => setUp.workflows.replace(id, aDefinition({ enable: false }), LATER)),
      setUp.workflows.remove(ids[0] ?? ''),
    ])

    const copy = await readSnapshot(setUp.file)
    expect(copy?.saved_at).toBe('2026-11-23T10:00:00.000Z')
    expect(copy?.workflows.map(({ id, enable }) => [id, enable])).toEqual(
      ids.slice(1).map((id) => [id, false]),
    )
  })

  test('that cannot be written fails no list, and is reported', async () => {
    await using setUp = await aSnapshot()
    await writeFile(join(setUp.folder, 'in-the-way'), '')
    const workflows = withSnapshot(
      aStore([aWorkflow()]).port,
      join(setUp.folder, 'in-the-way', 'workflows.json'),
      setUp.logger,
    )

    expect((await workflows.list(NOW)).workflows).toHaveLength(1)

    expect(setUp.logger.events).toMatchObject([{ level: 'warn', event: 'snapshot.unsaved' }])
  })
})

describe('a copy that cannot be relied on is none', () => {
  test('when there is no file', async () => {
    await using setUp = await aSnapshot()

    expect(await readSnapshot(setUp.file)).toBeNull()
  })

  test.each([
    { what: 'torn', change: (text: string) => text.slice(0, 100) },
    { what: 'without its time', change: (text: string) => text.replace('saved_at', 'saved') },
    { what: 'a workflow is broken', change: (text: string) => text.replace('polarite', 'rsi') },
  ])('when it is $what', async ({ change }) => {
    await using setUp = await aSnapshot()
    await setUp.workflows.list(NOW)
    expect(await readSnapshot(setUp.file)).not.toBeNull()

    await writeFile(setUp.file, change(await readFile(setUp.file, 'utf8')))

    expect(await readSnapshot(setUp.file)).toBeNull()
    await setUp.workflows.list(LATER)
    expect(await readSnapshot(setUp.file)).toMatchObject({ workflows: [{ id: WORKFLOW_ID }] })
  })
})
