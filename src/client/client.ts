import { hc, parseResponse, type PickResponseByStatusCode } from 'hono/client'
import type { SuccessStatusCode } from 'hono/utils/http-status'
import type { z } from 'zod'
import type { api } from '../routes/api/api.ts'
import type { Problem } from '../routes/api/schemas.ts'

/** The JSON of an answer, typed: `await parseResponse(client.workflows.$get({ query: {} }))`. */
export { parseResponse }

/** A failure never comes as an answer, so a call has the type of its success alone. */
type Api = PickResponseByStatusCode<ReturnType<typeof api>, SuccessStatusCode>

type Fetch = (...request: Parameters<typeof globalThis.fetch>) => Response | Promise<Response>

/**
 * A client of the API under `/api/workflow` at a server's `url`, with one function per operation,
 * named after path and method: `client.workflows[':workflow_id'].orders.$get({ param, query })`.
 * A call resolves with a Response; `parseResponse` reads it. It rejects with an ApiError when the
 * server does not do it, and with what `fetch` throws when there is no answer at all.
 */
export const createClient = ({
  url,
  token,
  fetch = globalThis.fetch,
}: {
  url: string
  /** Sent as `Authorization: Bearer`. */
  token?: string | undefined
  /** Sends the requests in place of the global one. */
  fetch?: Fetch | undefined
}) =>
  hc<Api>(url, {
    headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
    fetch: async (...request: Parameters<Fetch>) => {
      const answer = await fetch(...request)
      if (answer.status >= 400) throw await failureOf(answer)
      return answer
    },
  }).api.workflow
export type Client = ReturnType<typeof createClient>

/** One parameter or field that is wrong: where it is, what was given and what was expected. */
export interface FieldError {
  field: string
  message: string
  value?: unknown
}

/** A request that the server did not do, and what its problem document (RFC 9457) says of it. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly status: number
  readonly errors: FieldError[]
  /** Leads to the request in the server's log; null when what answered is not ordertrail. */
  readonly request_id: string | null
  /** Seconds after which the same request may succeed; null when the server does not say. */
  readonly retry_after: number | null

  constructor(
    message: string,
    about: Pick<ApiError, 'status' | 'errors' | 'request_id' | 'retry_after'>,
  ) {
    super(message)
    this.status = about.status
    this.errors = about.errors
    this.request_id = about.request_id
    this.retry_after = about.retry_after
  }
}

const failureOf = async (answer: Response): Promise<ApiError> => {
  const { status, statusText, headers } = answer
  const isProblem = headers.get('Content-Type')?.startsWith('application/problem+json')
  const problem: Partial<z.infer<typeof Problem>> = isProblem ? JSON.parse(await answer.text()) : {}
  // It may be a date, too; what is no number of seconds is left out.
  const seconds = /^\d+$/.exec(headers.get('Retry-After') ?? '')?.[0]
  return new ApiError(problem.detail ?? `the server answered ${status} ${statusText}`.trim(), {
    status,
    errors: problem.errors ?? [],
    request_id: problem.request_id ?? null,
    retry_after: seconds === undefined ? null : Number(seconds),
  })
}

/**
 * Every order of a list, page after page, each exactly once whatever is placed meanwhile. `page` asks
 * for the one at a cursor, the first one without:
 * `allOrders((cursor) => client.orders.$get({ query: { direction: 'BUY', cursor } }))`.
 */
export async function* allOrders<Order>(
  page: (
    cursor: string | undefined,
  ) => Promise<{ json: () => Promise<{ orders: Order[]; next_cursor: string | null }> }>,
): AsyncGenerator<Order, void, undefined> {
  let cursor: string | undefined
  do {
    const answer = await page(cursor)
    const { orders, next_cursor } = await answer.json()
    yield* orders
    cursor = next_cursor ?? undefined
  } while (cursor !== undefined)
}
