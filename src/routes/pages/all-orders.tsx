import { Hono } from 'hono'
import { z } from 'zod'
import type { ListedOrder } from '../../domain/order.ts'
import type { OrderFilter, Workflows } from '../../domain/ports.ts'
import { paths, type Query } from '../../paths.ts'
import { newsAfter, OrderNews } from '../../views/components/live-orders.tsx'
import { MoreOrders } from '../../views/components/order-list.tsx'
import { queryOf } from '../../views/components/order-filter.tsx'
import { Orders, OrdersPage } from '../../views/pages/orders-page.tsx'
import { renderPart } from '../../views/renderer.tsx'
import type { AppDeps } from '../deps.ts'
import { findOrProblem } from '../find-workflow.ts'
import { orderPage } from '../order-page.ts'
import { OrderListParameters, validated } from '../parameters.ts'
import { pageOrFragment } from '../respond.tsx'
import { formIn, wantedOrders } from './order-filter.ts'

const PER_PAGE = 50
const MOST_NEWS = 20

const NewsParameters = OrderListParameters.pick({
  workflow_id: true,
  direction: true,
  order_type: true,
  instrument: true,
}).extend({
  after: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z(#[\u0021-\u007e]{1,100})?$/, {
    error: 'expected the sort key of an order, or an instant',
  }),
})

type Deps = Pick<AppDeps, 'trail' | 'workflows' | 'clock' | 'retention_seconds'>

const NOTHING = { orders: [], next_cursor: null, previous_cursor: null, incomplete_before: null }

/** What the one workflow is called whose orders are asked for; the newest of them knows, too. */
const nameOf = async (
  workflows: Pick<Workflows, 'find'>,
  [workflow_id, ...others]: readonly string[],
  [newest]: readonly ListedOrder[],
  now: Date,
): Promise<string | null> => {
  if (workflow_id === undefined || others.length > 0) return null
  if (newest) return newest.workflow_name
  const workflow = await findOrProblem(workflows, workflow_id, now)
  return workflow && 'name' in workflow ? workflow.name : workflow_id
}

const apiQuery = ({ workflow_ids, ...filter }: OrderFilter, latest: boolean): Query => ({
  workflow_id: workflow_ids,
  direction: filter.direction,
  order_type: filter.order_type,
  instrument: filter.instrument,
  from: filter.from,
  to: filter.to,
  latest: latest ? 'true' : undefined,
})

/** `/orders`, and `/orders/news`, which is a part of several pages. */
export const allOrdersPages = ({ trail, workflows, clock, retention_seconds }: Deps) =>
  new Hono()
    .get(paths.orders(), async (c) => {
      const form = formIn(c)
      // A form sends what was left empty, too; the address of the list is without.
      if (Object.values(c.req.queries()).flat().includes('')) {
        return c.redirect(paths.orders({ ...queryOf(form), cursor: c.req.query('cursor') }))
      }
      const now = clock.now()
      const { errors, filter, cursor } = await wantedOrders(c, workflows, now)
      const { latest } = form
      const query = { latest, cursor, sort: '-placed_at', limit: PER_PAGE, now } as const
      const list = filter ? await orderPage(trail, { filter, ...query }) : NOTHING
      const shown = { ...list, retention_seconds, now }
      c.header('Vary', 'HX-Target', { append: true })
      if (c.req.header('HX-Target') === 'tbody#order-rows') {
        return renderPart(c, <MoreOrders {...shown} query={queryOf(form)} latest={latest} />)
      }
      if (errors.size > 0) c.status(422)
      const part = (
        <Orders
          {...shown}
          {...{ form, errors }}
          workflow_name={await nameOf(workflows, form.workflow_ids, list.orders, now)}
          isUnknown={!filter && errors.size === 0}
          further={cursor !== undefined}
          closed={!filter || (filter.to !== undefined && filter.to <= now.toISOString())}
          api={apiQuery(filter ?? {}, latest)}
        />
      )
      return pageOrFragment(c, part, () => ({
        title: 'Orders',
        content: <OrdersPage>{part}</OrdersPage>,
      }))
    })
    .get('/orders/news', validated('query', NewsParameters), async (c) => {
      const { after, ...query } = c.req.valid('query')
      const { workflow_id: workflow_ids, ...filter } = query
      const now = clock.now()
      const { orders, next } = await trail.listOrders({
        ...filter,
        workflow_ids,
        sort: 'placed_at',
        limit: MOST_NEWS,
        position: { key: after, paging: 'forward' },
        now,
      })
      const count = orders.length
      return renderPart(
        c,
        <OrderNews
          after={count > 0 ? after : newsAfter(after, now)}
          query={query}
          count={count}
          more={next !== null}
        />,
      )
    })
