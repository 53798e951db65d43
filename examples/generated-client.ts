// The same as client.ts by a client that is generated from the API document, for those who generate
// theirs anyway. `npx openapi-typescript http://127.0.0.1:3000/api/openapi.json --output ordertrail.d.ts
// --default-non-nullable=false` writes its types; without the last flag, a request would have to give
// every field that has a default. `node generated-client.ts http://127.0.0.1:3000` runs it.
import createClient from 'openapi-fetch'
import type { components, operations, paths } from './ordertrail.d.ts'

const [, , url = 'http://127.0.0.1:3000'] = process.argv
// A list can also be had as CSV, so the types are told which of its answers is wanted.
type Media = 'application/json' | 'application/problem+json'
const client = createClient<paths, Media>({ baseUrl: url })

/** What a call answers, or an exception with what its problem document says. */
const dataOf = async <Data>(
  call: Promise<{ data?: Data; error?: components['schemas']['Problem'] }>,
): Promise<Data> => {
  const { data, error } = await call
  if (data === undefined) throw new Error(error?.detail)
  return data
}

const { workflows } = await dataOf(
  client.GET('/api/workflow/workflows', { params: { query: { enabled: true } } }),
)
for (const { name, last_order } of workflows) {
  console.log(`${name}: ${last_order ? `${last_order.direction} ${last_order.price}` : 'no order'}`)
}

const workflow = await dataOf(
  client.POST('/api/workflow/workflows', {
    params: { header: { 'Idempotency-Key': 'example-of-the-client' } },
    body: {
      name: 'Sell the break of 2000',
      index: 'US500.I',
      cfd: 'US500.I',
      conditions: [
        {
          indicator: { name: 'polarite', unit_time: 'daily', value: 2000 },
          close: { direction: 'below', unit_time: 'daily', spread: 5 },
        },
      ],
      trigger: { unit_time: 'daily', location: 'lower', order_direction: 'sell', quantity: 0.1 },
    },
  }),
)
console.log(`created ${workflow.name}, revision ${workflow.revision}`)

const path = { workflow_id: workflow.id }
const { outcome, reason } = await dataOf(
  client.POST('/api/workflow/workflows/{workflow_id}/runs', {
    params: { path, query: { dry_run: true } },
  }),
)
console.log(`run now: ${outcome}${reason === null ? '' : `, ${reason}`}`)

type OrderQuery = NonNullable<operations['listOrders']['parameters']['query']>
const listOrders = (query: OrderQuery) =>
  dataOf(client.GET('/api/workflow/orders', { params: { query } }))

let quantity = 0
const bought = new Set<string>()
let query: OrderQuery = { direction: 'BUY', per_page: 2 }
let cursor: string | null
do {
  const page = await listOrders(query)
  for (const order of page.orders) {
    bought.add(order.order_id)
    quantity += order.quantity
  }
  cursor = page.next_cursor
  if (cursor !== null) query = { ...query, cursor }
} while (cursor !== null)
console.log(`bought ${quantity.toFixed(1)} in ${bought.size} orders`)

const one = '/api/workflow/workflows/{workflow_id}'
const params = { path, header: { 'If-Match': `"${workflow.revision}"` } }
const changed = await dataOf(client.PATCH(one, { params, body: { enable: false } }))
console.log(`changed to revision ${changed.revision}`)
const { error, response } = await client.PATCH(one, { params, body: { enable: true } })
if (response.status !== 412) throw new Error(error?.detail)
console.log(`not changed: ${error?.detail}`)

await client.DELETE(one, { params: { path } })
