// What can be done with a running ordertrail from TypeScript, by the client of its package.
// `node client.ts http://127.0.0.1:3000` runs it; in a checkout, `npm run build:client` comes first.
import { allOrders, ApiError, createClient, parseResponse } from 'ordertrail/client'

const [, , url = 'http://127.0.0.1:3000'] = process.argv
const client = createClient({ url })

const { workflows } = await parseResponse(client.workflows.$get({ query: { enabled: true } }))
for (const { name, last_order } of workflows) {
  console.log(`${name}: ${last_order ? `${last_order.direction} ${last_order.price}` : 'no order'}`)
}

// With a key of your own, the same request again answers with the workflow that is there.
const workflow = await parseResponse(
  client.workflows.$post({
    header: { 'Idempotency-Key': 'example-of-the-client' },
    json: {
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

// Why it would order now, or would not; nothing is sent.
const one = client.workflows[':workflow_id']
const param = { workflow_id: workflow.id }
const { outcome, reason } = await parseResponse(one.runs.$post({ param, query: { dry_run: true } }))
console.log(`run now: ${outcome}${reason === null ? '' : `, ${reason}`}`)

// The whole trail on one side, page after page.
let quantity = 0
const bought = new Set<string>()
for await (const order of allOrders((cursor) =>
  client.orders.$get({ query: { direction: 'BUY', per_page: 2, cursor } }),
)) {
  bought.add(order.order_id)
  quantity += order.quantity
}
console.log(`bought ${quantity.toFixed(1)} in ${bought.size} orders`)

// A change names the revision that it is based on, so it cannot undo what somebody else has changed.
const header = { 'If-Match': `"${workflow.revision}"` }
const changed = await parseResponse(one.$patch({ param, header, json: { enable: false } }))
console.log(`changed to revision ${changed.revision}`)
try {
  await one.$patch({ param, header, json: { enable: true } })
} catch (error) {
  if (!(error instanceof ApiError && error.status === 412)) throw error
  console.log(`not changed: ${error.message}`)
}

await one.$delete({ param, header: {} })
