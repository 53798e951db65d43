import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { encodeCursor } from '../../src/domain/cursor.ts'
import { DomainError } from '../../src/domain/errors.ts'
import { sortKeyOf } from '../../src/domain/order.ts'
import { definitionOf, RunOutcome, type WorkflowDefinition } from '../../src/domain/workflow.ts'
import { paths } from '../../src/paths.ts'
import { scopeOf } from '../../src/routes/order-page.ts'
import { tokensFor } from '../support/access.ts'
import { aDefinition } from '../support/builders.ts'
import { aFolder, openInstallation } from '../support/installation.ts'
import { fakeStore } from '../unit/views/fake-store.ts'
import {
  aCandle,
  aConditionTrace,
  aLastRun,
  anOrder,
  aTrace,
  aWorkflow,
  NOW,
  within,
  WORKFLOW_ID,
} from '../unit/views/samples.ts'
import type { serve } from './serve.ts'
import { aTrail, BROKEN_ID, DELETED_ID, IDLE_ID, someAttention } from './trail.ts'

/** What a server has, as a state of a page finds it and may change it. */
export type World = Parameters<typeof serve>[0] & {
  state: { failing: boolean }
  [Symbol.asyncDispose]?: () => Promise<void>
}

/** A visitor's window on that server. */
export type At = World & {
  page: Page
  open: (path: string) => Promise<void>
  /** Requests like this one get no answer from now on. */
  hold: (url: RegExp) => Promise<unknown>
  /** Requests like this one find nobody from now on. */
  cutOff: (url: RegExp) => Promise<unknown>
}

export interface State {
  name: string
  /** Of the last answer; 0 where there is none. */
  status?: number
  /** By what one sees which state it is. */
  text: string | RegExp
  reach: (at: At) => Promise<unknown>
}

const opened =
  (path: string) =>
  ({ open }: At) =>
    open(path)

const click = (page: Page, role: 'link' | 'button', name: string) =>
  page.getByRole(role, { name }).first().click()

/** Opens everything that is folded away, one after the other. */
const unfold = async (page: Page) => {
  for (const summary of await page.locator('main details:not([open]) > summary').all()) {
    if (await summary.isVisible()) await summary.click()
  }
}

const unfolded =
  (path: string) =>
  async ({ open, page }: At) => {
    await open(path)
    await unfold(page)
  }

const id = (number: number): string => `3f0c8c1e-6d5b-4b7e-9a55-${String(number).padStart(12, '0')}`

const UNKNOWN_ID = id(404)
const UNPRICED_ID = id(1)
const YOUNG_ID = id(2)
const LEVELS_ID = id(3)
const STUCK_ID = id(4)

/** Conditions of every kind of level. */
const levels = aDefinition({
  name: 'Every kind of level',
  index: 'US500.I',
  cfd: 'US500.I',
  conditions: [
    { name: 'polarite', value: 1900 },
    { name: 'zone', value: 1900, zone_value: 1950 },
    { name: 'inclined', x1: { x: '2014-06-02', y: 1900 }, x2: { x: '2014-07-01', y: 1950 } },
    { name: 'combo' },
    { name: 'bbh' },
  ].map((indicator) => ({
    indicator: { unit_time: 'daily', ...indicator },
    close: { direction: 'above', unit_time: 'daily', spread: 5 },
  })),
  trigger: { unit_time: 'daily', location: 'higher', order_direction: 'buy', quantity: 2 },
})

/** Its trigger waits on the side where it never orders, which could be stored once. */
const stuck: WorkflowDefinition = {
  ...levels,
  name: 'Stuck',
  enable: false,
  trigger: { ...levels.trigger, location: 'lower' },
}

/** What each of them looked like to a run: two candles, a zone, a signal, a level that was crossed. */
const levelsTrace = aTrace(
  aConditionTrace({
    indicator: 'polarite',
    checks: [
      within('close', 1845.16, [1900, 1905]),
      {
        rule: 'straddles',
        reached: 'high',
        reached_value: 1853.07,
        close: 1845.16,
        level: 1900,
        holds: false,
      },
    ],
  }),
  aConditionTrace({ indicator: 'zone', indicator_value: [1840, 1850] }),
  aConditionTrace({
    indicator: 'ma7',
    candle: aCandle({ unit_time: 'h1', date: '2014-02-03T15:00:00.000Z' }),
  }),
  aConditionTrace({
    indicator: 'combo',
    indicator_value: null,
    checks: [{ rule: 'signal', expected: 'BUY', actual: null, holds: false }],
  }),
)

const limitOrder = anOrder({
  order_id: randomUUID(),
  workflow_id: LEVELS_ID,
  workflow_name: levels.name,
  placed_at: '2026-11-20T09:30:00.000Z',
  order_type: 'LIMIT',
  direction: 'SELL',
  asset: { code: 'US500.I', index: 'US500.I', asset_type: null },
  trace: levelsTrace,
})

const workflowAfter = (outcome: RunOutcome): string => id(100 + RunOutcome.options.indexOf(outcome))

/** One workflow after each outcome that a run can have. */
const outcomes = RunOutcome.options.map((outcome) =>
  aWorkflow({
    id: workflowAfter(outcome),
    name: `The last run ended as ${outcome}`,
    last_order: outcome === 'placed' ? limitOrder : null,
    last_run: aLastRun({ outcome, reason: 'it is a reason', order_id: limitOrder.order_id }),
  }),
)

const aFullWorld = (): World => {
  const trail = aTrail([...someAttention(WORKFLOW_ID, 12), ...someAttention(DELETED_ID, 2)], {
    workflows: [
      ...outcomes,
      aWorkflow({ id: UNPRICED_ID, name: 'Without prices' }),
      aWorkflow({ id: YOUNG_ID, name: 'Listed today' }),
      aWorkflow({
        ...stuck,
        id: LEVELS_ID,
        enable: true,
        updated_at: NOW.toISOString(),
        last_run: aLastRun({
          decision: { kind: 'no_signal', slot: '2014-02-03T00:00:00.000Z', trace: levelsTrace },
        }),
      }),
    ],
    // Two of them are on days of the chart, and there is more than a page of all orders.
    orders: [
      limitOrder,
      anOrder({ workflow_id: LEVELS_ID, slot: '2014-07-31T00:00:00.000Z' }),
      anOrder({ workflow_id: LEVELS_ID, slot: '2014-08-01T00:00:00.000Z', direction: 'SELL' }),
    ],
  })
  return {
    ...trail,
    schedule: { nextRun: (after) => new Date(after.getTime() + 29 * 60_000) },
    chart: async (workflow, now) => {
      if (workflow.id === UNPRICED_ID)
        throw new DomainError('market_unavailable', 'the feed is down')
      const drawn = await trail.chart(workflow, now)
      return workflow.id === YOUNG_ID ? { ...drawn, candles: [] } : drawn
    },
  }
}

const showHistory = async ({ open, page }: At) => {
  await open(paths.workflow(WORKFLOW_ID))
  await click(page, 'link', 'Show order history')
  await page.getByText('showing 1 to 20').waitFor()
}

const inAFullWorld: State[] = [
  {
    name: 'the workflows, with all that is folded away',
    text: 'Needs attention: 14 orders',
    reach: unfolded(paths.home),
  },
  {
    name: 'the workflows, filtered to nothing',
    text: 'No workflow fits',
    reach: opened(paths.workflowList({ q: 'zzz' })),
  },
  {
    name: 'the workflows, filtered and all of them chosen',
    text: 'All on this page are selected.',
    reach: opened(paths.workflowList({ q: 'dip', sort: '-name', select: 'all' })),
  },
  {
    name: 'the workflows, while they are on their way',
    text: 'Loading the workflows…',
    reach: async ({ open, hold, page }) => {
      await open(paths.workflows)
      await hold(/workflows\?/)
      await page.getByLabel('Name or instrument').fill('dip')
    },
  },
  {
    name: 'the workflows, when the store fails',
    status: 503,
    text: 'The order store did not answer',
    reach: async ({ open, state, page }) => {
      await open(paths.workflows)
      state.failing = true
      await page.getByLabel('Name or instrument').fill('dip')
    },
  },
  {
    name: 'the workflows, when the server is gone',
    status: 0,
    text: 'The server did not answer',
    reach: async ({ open, cutOff, page }) => {
      await open(paths.workflows)
      await cutOff(/workflows\?/)
      await page.getByLabel('Name or instrument').fill('dip')
    },
  },
  {
    name: 'a workflow that did not trade, with all that is folded away',
    text: /^Not traded: condition 1 of 2 does not hold/,
    reach: unfolded(paths.workflow(WORKFLOW_ID)),
  },
  {
    name: 'a workflow with every kind of level, which was changed since',
    text: 'It never orders: a close above the level',
    reach: unfolded(paths.workflow(LEVELS_ID)),
  },
  {
    name: 'a workflow that never ran and has no orders',
    text: 'No run yet',
    reach: opened(paths.workflow(IDLE_ID)),
  },
  {
    name: 'a workflow that traded',
    text: /^Traded/,
    reach: opened(paths.workflow(workflowAfter('placed'))),
  },
  {
    name: 'a workflow of which it is not known whether it traded',
    text: 'ordertrail reconcile',
    reach: opened(paths.workflow(workflowAfter('unknown'))),
  },
  {
    name: 'a workflow, while its chart is on its way',
    text: 'Loading the chart…',
    reach: async ({ hold, page }) => {
      await hold(/chart$/)
      await page.goto(paths.workflow(WORKFLOW_ID))
    },
  },
  {
    name: 'a workflow whose prices cannot be had',
    status: 502,
    text: 'The price source failed',
    reach: opened(paths.workflow(UNPRICED_ID)),
  },
  {
    name: 'a workflow without candles',
    text: 'No candles yet',
    reach: opened(paths.workflow(YOUNG_ID)),
  },
  {
    name: 'a workflow, while its history is on its way',
    text: 'Loading the orders…',
    reach: async ({ open, hold, page }) => {
      await open(paths.workflow(WORKFLOW_ID))
      await hold(/orders$/)
      await click(page, 'link', 'Show order history')
    },
  },
  {
    name: 'a workflow whose history cannot be had',
    status: 503,
    text: 'The order store did not answer',
    reach: async ({ open, state, page }) => {
      await open(paths.workflow(WORKFLOW_ID))
      state.failing = true
      await click(page, 'link', 'Show order history')
    },
  },
  {
    name: 'a workflow with its history, down to the oldest order',
    text: 'showing 41 to 47',
    reach: async (at) => {
      await showHistory(at)
      await click(at.page, 'link', 'Show 20 older orders')
      await click(at.page, 'link', 'Show 7 older orders')
    },
  },
  {
    name: 'a workflow with its history, while older orders are on their way',
    text: 'Loading older orders…',
    reach: async (at) => {
      await showHistory(at)
      await at.hold(/page=2/)
      await click(at.page, 'link', 'Show 20 older orders')
    },
  },
  {
    name: 'a workflow with its history, whose older orders cannot be had',
    status: 503,
    text: 'The order store did not answer',
    reach: async (at) => {
      await showHistory(at)
      at.state.failing = true
      await click(at.page, 'link', 'Show 20 older orders')
    },
  },
  {
    name: 'a workflow that is broken',
    text: 'The stored definition of this workflow is broken',
    reach: opened(paths.workflow(BROKEN_ID)),
  },
  {
    name: 'a workflow that was deleted and left orders to look after',
    text: 'This workflow was deleted.',
    reach: opened(paths.workflow(DELETED_ID)),
  },
  {
    name: 'a workflow that there is not',
    status: 404,
    text: `There is no workflow ${UNKNOWN_ID}`,
    reach: opened(paths.workflow(UNKNOWN_ID)),
  },
  {
    name: 'a workflow by an id that can be none',
    status: 400,
    text: 'Bad request',
    reach: opened(paths.workflow('nobody')),
  },
  {
    name: 'a chart as a page',
    text: 'The figures',
    reach: opened(paths.workflowChart(WORKFLOW_ID)),
  },
  {
    name: 'a chart as a page, whose prices cannot be had',
    status: 502,
    text: 'The price source failed',
    reach: opened(paths.workflowChart(UNPRICED_ID)),
  },
  {
    name: 'a history as a page',
    text: 'showing 1 to 20',
    reach: opened(paths.workflowOrders(WORKFLOW_ID)),
  },
  {
    name: 'a history as a page, further on',
    text: 'showing 21 to 40',
    reach: opened(paths.workflowOrders(WORKFLOW_ID, 2)),
  },
  {
    name: 'a history as a page, where there is no such page',
    text: 'There is no such page',
    reach: opened(paths.workflowOrders(WORKFLOW_ID, 9)),
  },
  {
    name: 'a history as a page, which has expired while one was reading',
    text: 'These orders have expired',
    reach: opened(paths.workflowOrders(IDLE_ID, 2, '2026-11-16T12:00:00.000Z')),
  },
  {
    name: 'a history as a page, empty',
    text: 'No orders yet',
    reach: opened(paths.workflowOrders(IDLE_ID)),
  },
  {
    name: 'a history as a page, of a workflow that was deleted',
    text: 'This workflow was deleted.',
    reach: opened(paths.workflowOrders(DELETED_ID)),
  },
  {
    name: 'a history as a page, of a workflow that is broken',
    text: 'The stored definition of this workflow is broken',
    reach: opened(paths.workflowOrders(BROKEN_ID)),
  },
  {
    name: 'all orders',
    text: 'The newest 50 orders, newest first',
    reach: unfolded(paths.orders()),
  },
  {
    name: 'all orders, by one who chose the dark theme',
    text: 'The newest 50 orders, newest first',
    reach: async ({ open, page }) => {
      await open(paths.orders())
      const kept = page.waitForResponse((response) => response.url().endsWith(paths.theme))
      await page.getByRole('radio', { name: 'Dark' }).check()
      await kept
      await page.context().clearCookies()
    },
  },
  {
    name: 'all orders, the latest of each workflow',
    text: 'each with its latest order',
    reach: opened(paths.orders({ latest: 'true' })),
  },
  {
    name: 'all orders, only those of one workflow',
    text: 'Only orders of',
    reach: opened(paths.orders({ workflow_id: WORKFLOW_ID })),
  },
  {
    name: 'all orders, of a name that no workflow has',
    text: 'No workflow is called like that',
    reach: opened(paths.orders({ workflow: 'no such name' })),
  },
  {
    name: 'all orders, asked for in a wrong way',
    status: 422,
    text: '2 things to correct before orders can be listed',
    reach: opened(paths.orders({ direction: 'UP', from: 'yesterday' })),
  },
  {
    name: 'all orders, asked for by a link that is no good',
    status: 400,
    text: 'Bad request',
    reach: opened(paths.orders({ cursor: 'nowhere' })),
  },
  {
    name: 'all orders, while they are on their way',
    text: 'Loading the orders…',
    reach: async ({ open, hold, page }) => {
      await open(paths.orders())
      await hold(/orders\?/)
      await click(page, 'button', 'Show')
    },
  },
  {
    name: 'all orders, when the store fails',
    status: 503,
    text: 'The order store did not answer',
    reach: async ({ open, state, page }) => {
      await open(paths.orders())
      state.failing = true
      await click(page, 'button', 'Show')
    },
  },
  {
    name: 'all orders, while older ones are on their way',
    text: 'Loading older orders…',
    reach: async ({ open, hold, page }) => {
      await open(paths.orders())
      await hold(/cursor=/)
      await click(page, 'link', 'Show older orders')
    },
  },
  {
    name: 'all orders, when older ones cannot be had',
    status: 503,
    text: 'The order store did not answer',
    reach: async ({ open, state, page }) => {
      await open(paths.orders())
      state.failing = true
      await click(page, 'link', 'Show older orders')
    },
  },
  {
    name: 'all orders, with updates that are paused',
    text: 'Live updates',
    reach: async ({ open, page }) => {
      await open(paths.orders())
      await page.getByRole('switch').click()
      await page.getByRole('switch', { checked: false }).waitFor()
      await page.evaluate('sessionStorage.clear()')
    },
  },
  {
    name: 'all orders, with updates that fail',
    status: 503,
    text: 'Updates paused: the server does not answer',
    reach: async ({ open, state, page }) => {
      await open(paths.orders())
      state.failing = true
      await page.locator('#order-news').dispatchEvent('poll')
    },
  },
  {
    name: 'an order of several conditions and candles, at a limit',
    text: 'Limit (LIMIT)',
    reach: opened(paths.order(limitOrder.order_id)),
  },
  {
    name: 'an order that has expired',
    status: 404,
    text: 'or it has expired: orders are kept for',
    reach: opened(paths.order(UNKNOWN_ID)),
  },
  {
    name: 'the page of the API, with all that is folded away',
    text: 'JSON over HTTP, for programs',
    reach: async ({ open, page }) => {
      await open(paths.api.docs)
      await page.evaluate(
        'for (const fold of document.querySelectorAll("details")) fold.open = true',
      )
    },
  },
  {
    name: 'a page that there is not',
    status: 404,
    text: 'There is nothing at /nowhere',
    reach: opened('/nowhere'),
  },
  {
    name: 'a provider to sign in at, where there is none',
    status: 404,
    text: 'There is nothing at /sign-in/provider',
    reach: opened(paths.signInAtProvider()),
  },
  {
    name: 'the way back from a provider, where there is none',
    status: 404,
    text: 'There is nothing at /sign-in/callback',
    reach: opened(paths.signInCallback),
  },
  {
    name: 'a page that is only there for a form',
    status: 405,
    text: 'Method not allowed',
    reach: opened(paths.theme),
  },
  {
    name: 'a change that another site asks for',
    status: 403,
    text: 'Changes are taken from our own pages only',
    reach: async ({ open, page }) => {
      await open(paths.workflows)
      const { href } = new URL(paths.theme, page.url())
      await page.goto('about:blank')
      await page.setContent(`<form method="post" action="${href}"><button>Win</button></form>`)
      await click(page, 'button', 'Win')
    },
  },
  {
    name: 'a page whose store fails',
    status: 503,
    text: 'The order store did not answer',
    reach: ({ open, state }) => {
      state.failing = true
      return open(paths.workflows)
    },
  },
]

const inAnEmptyWorld: State[] = [
  { name: 'no workflows', text: 'No workflows yet', reach: opened(paths.workflows) },
  { name: 'no orders', text: 'No orders yet', reach: opened(paths.orders()) },
  {
    name: 'no orders that fit',
    text: 'No order fits',
    reach: opened(paths.orders({ direction: 'SELL' })),
  },
  {
    name: 'no orders any more where a link leads',
    text: 'Nothing is left here',
    reach: opened(
      paths.orders({
        cursor: encodeCursor(
          { key: sortKeyOf(limitOrder), paging: 'forward' },
          scopeOf('orders', {}, { sort: '-placed_at', latest: 'false' }),
        ),
      }),
    ),
  },
]

/** A trail in which a search comes to its limit, and a server with a fault that knows its own limit. */
const aLimitedWorld = (): World => {
  const store = fakeStore({ orders: [limitOrder] })
  const next = { key: sortKeyOf(limitOrder), paging: 'forward' as const }
  return {
    ...store,
    requests_per_second: 1,
    trail: {
      ...store.trail,
      listOrders: () => Promise.resolve({ orders: [], next, previous: null }),
      latestOrders: () => Promise.resolve({ orders: [limitOrder], since: limitOrder.placed_at }),
    },
    workflows: { ...store.workflows, find: () => Promise.reject(new Error('a fault')) },
  }
}

const inALimitedWorld: State[] = [
  {
    name: 'orders that take another search',
    text: 'None so far.',
    reach: opened(paths.orders({ direction: 'SELL' })),
  },
  {
    name: 'the latest orders of too many',
    text: 'There are so many orders that only those since',
    reach: opened(paths.orders({ latest: 'true' })),
  },
  {
    name: 'a fault of ours',
    status: 500,
    text: 'This is a fault of ours.',
    reach: opened(paths.workflow(WORKFLOW_ID)),
  },
  {
    name: 'a page that is asked for too often',
    status: 429,
    text: 'Too many requests',
    reach: async ({ open }) => {
      for (const _ of [1, 2, 3]) await open(paths.api.docs)
    },
  },
]

/** The product, whose store can be made to fail, with two workflows that can be changed. */
const aProduct = async (): Promise<World> => {
  const folder = await aFolder()
  const product = await openInstallation(folder.path, { MARKET: 'replay' })
  await product.workflows.create(WORKFLOW_ID, levels, NOW)
  await product.workflows.create(STUCK_ID, stuck, NOW)
  const state = { failing: false }
  return {
    ...product,
    state,
    workflows: {
      ...product.workflows,
      find: async (workflow_id, now) => {
        if (state.failing) throw new DomainError('store_unavailable', 'no answer')
        if (workflow_id === BROKEN_ID) throw new DomainError('invalid', 'conditions: it has none')
        return product.workflows.find(workflow_id, now)
      },
      findRaw: (workflow_id) =>
        workflow_id === BROKEN_ID
          ? Promise.resolve({ name: 'Broken', revision: 1, conditions: [{}] })
          : product.workflows.findRaw(workflow_id),
    },
    [Symbol.asyncDispose]: async () => {
      await product[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

const edit = async ({ open, page }: At, name = 'Typed') => {
  await open(paths.workflowEdit(WORKFLOW_ID))
  await page.getByLabel('Name').fill(name)
}

/** Somebody else changes the workflow. */
const changeIt = async ({ workflows }: At) => {
  const stored = await workflows.find(WORKFLOW_ID, NOW)
  if (!stored) throw new Error('it is gone')
  const changed = { ...definitionOf(stored), name: `${stored.name}, changed` }
  await workflows.replace(WORKFLOW_ID, changed, NOW)
}

const inAProduct: State[] = [
  {
    name: 'a new workflow',
    text: 'It starts as a dry run',
    reach: opened(paths.workflowNew()),
  },
  {
    name: 'a new workflow that lacks everything, in two conditions',
    status: 422,
    text: /^\d+ things to correct/,
    reach: async ({ open, page }) => {
      await open(paths.workflowNew())
      await click(page, 'button', 'Add a condition')
      await page.getByRole('group', { name: 'Condition 2' }).waitFor()
      await click(page, 'button', 'Create workflow')
    },
  },
  {
    name: 'a copy of a workflow with every kind of level',
    text: 'A copy of',
    reach: opened(paths.workflowNew({ from: WORKFLOW_ID })),
  },
  {
    name: 'a form that made another workflow before',
    status: 409,
    text: 'Not saved: this form has made a workflow before',
    reach: async ({ open, page }) => {
      await open(paths.workflowNew({ from: WORKFLOW_ID }))
      await click(page, 'button', 'Create workflow')
      await page.getByText('Created as a dry run').waitFor()
      await page.goBack()
      await page.getByLabel('Name').fill('Second')
      await click(page, 'button', 'Create workflow')
    },
  },
  {
    name: 'an editor',
    text: 'Edit workflow',
    reach: opened(paths.workflowEdit(WORKFLOW_ID)),
  },
  {
    name: 'an editor of what was changed in the meantime',
    status: 409,
    text: 'Not saved: somebody changed this workflow while you edited it',
    reach: async (at) => {
      await edit(at)
      await changeIt(at)
      await click(at.page, 'button', 'Save changes')
    },
  },
  {
    name: 'an editor of what was deleted in the meantime',
    status: 404,
    text: 'Not saved: there is no such workflow any more',
    reach: async (at) => {
      const stored = await at.workflows.find(WORKFLOW_ID, NOW)
      await edit(at)
      await at.workflows.remove(WORKFLOW_ID)
      await click(at.page, 'button', 'Save changes')
      await at.page.getByText('Not saved').waitFor()
      if (stored) await at.workflows.create(WORKFLOW_ID, definitionOf(stored), NOW)
    },
  },
  {
    name: 'an editor whose store fails',
    status: 503,
    text: 'What you typed is kept below and can be saved again.',
    reach: async (at) => {
      await edit(at)
      at.state.failing = true
      await click(at.page, 'button', 'Save changes')
    },
  },
  {
    name: 'an editor with too much typed into it',
    status: 413,
    text: 'Too large',
    reach: async (at) => {
      await edit(at, 'x'.repeat(66_000))
      await click(at.page, 'button', 'Add a condition')
    },
  },
  {
    name: 'an editor whose server is gone',
    status: 0,
    text: 'The server did not answer',
    reach: async (at) => {
      await edit(at)
      await at.cutOff(/edit$/)
      await click(at.page, 'button', 'Add a condition')
    },
  },
  {
    name: 'an editor of what is broken',
    text: 'No run evaluates it until it is mended',
    reach: opened(paths.workflowEdit(BROKEN_ID)),
  },
  {
    name: 'an editor of what cannot be switched on, as it never orders',
    text: 'Saving moves the order to the side that fits.',
    reach: async ({ open, page }) => {
      await open(paths.workflow(STUCK_ID))
      await click(page, 'button', 'Enable')
      await page.getByText('Not switched: as it stands').waitFor()
    },
  },
  {
    name: 'the question whether to delete',
    text: 'Delete “',
    reach: opened(paths.workflowDelete(WORKFLOW_ID)),
  },
  {
    name: 'the question whether to delete what was changed since',
    status: 409,
    text: 'Not deleted: it was changed since you asked',
    reach: async (at) => {
      await at.open(paths.workflowDelete(WORKFLOW_ID))
      await changeIt(at)
      await click(at.page, 'button', 'Delete workflow')
    },
  },
  {
    name: 'a workflow that was just switched off',
    text: 'Disabled: no run evaluates it until it is enabled again.',
    reach: async ({ open, page }) => {
      await open(paths.workflow(WORKFLOW_ID))
      await click(page, 'button', 'Disable')
    },
  },
  {
    name: 'the workflows, of which several were just switched',
    text: /^1 enabled, .* 1 is broken and must be mended first\.$/,
    reach: async ({ open, page }) => {
      await open(paths.workflowList({ select: 'all' }))
      await click(page, 'button', 'Enable')
    },
  },
  {
    name: 'the workflows, while new orders are announced',
    text: 'Show 1 new order',
    reach: async ({ open, trail, page }) => {
      await open(paths.workflows)
      await trail.recordWorkflowOrder(anOrder({ placed_at: NOW.toISOString() }))
      await page.locator('#order-news').dispatchEvent('poll')
    },
  },
  {
    name: 'the workflows, one of which was just deleted',
    text: 'Deleted. Its orders stay readable until they expire.',
    reach: async ({ open, page }) => {
      await open(paths.workflowDelete(STUCK_ID))
      await click(page, 'button', 'Delete workflow')
    },
  },
]

const withoutScript: State[] = [
  {
    name: 'the workflows, without script',
    text: 'Select workflows to enable or disable them together.',
    reach: opened(paths.workflows),
  },
  {
    name: 'a workflow, without script',
    text: 'Show the chart',
    reach: unfolded(paths.workflow(WORKFLOW_ID)),
  },
  {
    name: 'a new workflow, without script',
    text: 'It starts as a dry run',
    reach: async ({ open, page }) => {
      await open(paths.workflowNew())
      await page.getByRole('button', { name: 'Show what this indicator needs' }).waitFor()
    },
  },
  {
    name: 'all orders, without script',
    text: 'The newest 50 orders, newest first',
    reach: opened(paths.orders()),
  },
]

const tokens = tokensFor({ Ada: { role: 'operator' }, Bob: { role: 'viewer' } }, NOW)

/** A server that Ada and Bob sign in to, as long as it finds out who they are. */
const aGuardedWorld = (): World => {
  const trail = aTrail()
  const signedOut = new Set<string>()
  return {
    ...trail,
    access: {
      read: () =>
        trail.state.failing
          ? Promise.reject(new DomainError('access_unavailable', 'no answer'))
          : Promise.resolve(tokens.document),
      signedOut: {
        has: async (session_id) => signedOut.has(session_id),
        add: async (session_id) => void signedOut.add(session_id),
      },
      public_url: 'https://ordertrail.example',
      is_private: true,
      people: new Map(),
      // Nobody listens there.
      provider: {
        issuer: 'http://127.0.0.1:1',
        client_id: 'ordertrail',
        client_secret: () => Promise.resolve('secret'),
      },
    },
  }
}

const signIn = async (page: Page, token: string) => {
  await page.getByLabel('Token').fill(token)
  await click(page, 'button', 'Sign in')
}

const inAGuardedWorld: State[] = [
  {
    name: 'the page to sign in at',
    text: 'Sign in',
    reach: opened(paths.orders()),
  },
  {
    name: 'a provider that does not answer',
    status: 502,
    text: 'That did not succeed there.',
    reach: async ({ open, page }) => {
      await open(paths.workflows)
      await click(page, 'link', 'Sign in at 127.0.0.1:1')
    },
  },
  {
    name: 'a token that lets nobody in',
    status: 401,
    text: 'This token is not one that lets you in.',
    reach: async ({ open, page }) => {
      await open(paths.workflows)
      await signIn(page, 'wrong')
    },
  },
  {
    name: 'the workflows, for a viewer',
    text: 'Bob (viewer)',
    reach: async ({ open, page }) => {
      await open(paths.workflows)
      await signIn(page, tokens.texts.Bob)
    },
  },
  {
    name: 'a workflow, for a viewer',
    text: 'Bob (viewer)',
    reach: opened(paths.workflow(WORKFLOW_ID)),
  },
  {
    name: 'somebody who just signed out',
    text: 'You are signed out.',
    reach: async ({ open, page }) => {
      await open(paths.workflows)
      await click(page, 'button', 'Sign out')
    },
  },
  {
    name: 'a server that cannot find out who may come in',
    status: 503,
    text: 'Nobody can be let in',
    reach: ({ open, state }) => {
      state.failing = true
      return open(paths.workflows)
    },
  },
  {
    name: 'too many wrong tokens',
    status: 429,
    text: 'Too many attempts. Please wait a minute.',
    reach: async ({ open, page }) => {
      await open(paths.signIn())
      for (let attempt = 0; attempt < 10; attempt += 1) await signIn(page, 'wrong')
    },
  },
]

/** Every state of every page. One world is one server, whose states are reached in this order. */
export const worlds: readonly {
  name: string
  /** Whether its visitors have JavaScript; they do by default. */
  isScripted?: boolean
  begin: () => World | Promise<World>
  states: readonly State[]
}[] = [
  { name: 'a bit of everything', begin: aFullWorld, states: inAFullWorld },
  {
    name: 'nothing stored',
    begin: () => fakeStore({}),
    states: inAnEmptyWorld,
  },
  { name: 'limits', begin: aLimitedWorld, states: inALimitedWorld },
  { name: 'workflows that change', begin: aProduct, states: inAProduct },
  {
    name: 'a bit of everything, and no script',
    isScripted: false,
    begin: aFullWorld,
    states: withoutScript,
  },
  { name: 'people who sign in', begin: aGuardedWorld, states: inAGuardedWorld },
]
