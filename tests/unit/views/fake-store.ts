import { DomainError } from '../../../src/domain/errors.ts'
import { sortKeyOf, type Order } from '../../../src/domain/order.ts'
import type { Intent, Intents, Trail, Workflows } from '../../../src/domain/ports.ts'
import type { BrokenWorkflow, Workflow } from '../../../src/domain/workflow.ts'
import { chartOf } from '../../../src/engine/chart.ts'
import { createReplay } from '../../../src/market/replay.ts'
import type { AppDeps } from '../../../src/routes/deps.ts'

const market = createReplay({ stateFile: '/nowhere/replay.json' })

interface Content {
  workflows?: Workflow[]
  broken?: BrokenWorkflow[]
  orders?: Order[]
  /** Those of the index, oldest first. */
  open?: Intent[]
}

const refuse = (): never => {
  throw new Error('the pages change nothing')
}

const unavailable = (): DomainError =>
  new DomainError('store_unavailable', 'the order store did not answer within 3 s')

/**
 * A store in memory that can be slow and can fail while a page is open, which no real one does on
 * request, and a chart with the same manners. `calls` counts what the pages ask for.
 */
export const fakeStore = ({ workflows = [], broken = [], orders = [], open = [] }: Content) => {
  const state = { failing: false, delay_ms: 0, calls: [] as string[] }
  const answer = async <T>(call: string, value: T): Promise<T> => {
    state.calls.push(call)
    await new Promise((resolve) => setTimeout(resolve, state.delay_ms))
    if (state.failing) throw unavailable()
    return value
  }
  const newestFirst = (some: readonly Order[]): Order[] =>
    some.toSorted((a, b) => b.placed_at.localeCompare(a.placed_at))
  const of = (workflow_id: string): Order[] =>
    newestFirst(orders.filter((order) => order.workflow_id === workflow_id))

  const trail: Trail = {
    recordWorkflowOrder: refuse,
    getWorkflowOrders: ({ workflow_id, page, per_page, until = '9' }) => {
      const all = of(workflow_id).filter(({ placed_at }) => placed_at <= until)
      const shown = all.slice((page - 1) * per_page, page * per_page)
      return answer('getWorkflowOrders', { orders: shown, total: all.length })
    },
    summarizeWorkflowOrders: (workflow_id) => {
      const all = of(workflow_id)
      return answer('summarizeWorkflowOrders', { count: all.length, latest: all[0] ?? null })
    },
    // The first page, whatever the filter.
    listOrders: ({ limit }) => {
      const shown = newestFirst(orders).slice(0, limit)
      const last = orders.length > limit ? shown.at(-1) : undefined
      const next = last ? { key: sortKeyOf(last), paging: 'forward' as const } : null
      return answer('listOrders', { orders: shown, next, previous: null })
    },
    latestOrders: () => {
      const latest = new Map(
        newestFirst(orders)
          .toReversed()
          .map((order) => [order.workflow_id, order]),
      )
      return answer('latestOrders', { orders: newestFirst([...latest.values()]), since: null })
    },
    getOrder: (order_id) =>
      answer('getOrder', orders.find((order) => order.order_id === order_id) ?? null),
  }
  const stored: Workflows = {
    list: () => answer('list', { workflows, broken }),
    find: async (id) => {
      const item = broken.find((each) => each.id === id)
      const found = await answer('find', workflows.find((workflow) => workflow.id === id) ?? null)
      if (item) throw new DomainError('invalid', item.problem)
      return found
    },
    findRaw: (id) =>
      answer('findRaw', [...workflows, ...broken].find((each) => each.id === id) ?? null),
    create: refuse,
    replace: refuse,
    remove: refuse,
    saveLastRun: refuse,
    saveLastOrder: refuse,
  }
  const intents: Pick<Intents, 'needingAttention'> = {
    needingAttention: () => answer('needingAttention', open),
  }
  /** Of the replayed market, on its first day: 1 August 2014. */
  const chart: AppDeps['chart'] = async (workflow, now) =>
    answer('chart', await chartOf(market, workflow, now))
  return { state, trail, workflows: stored, intents, chart }
}
