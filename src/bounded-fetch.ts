import { messageOf } from './domain/errors.ts'

export interface BoundedRequest extends RequestInit {
  /** How long all of it may take, the answer's last byte included. */
  deadlineMs: number
  /** How many bytes the answer may have. */
  limit: number
}

/**
 * One request, followed nowhere and repeated by no layer, with its whole answer. It has a connection of
 * its own: one from before may be dead without anybody having noticed, as when this process was frozen
 * in between, and then nobody can tell whether what was sent over it has arrived.
 * @throws Error when there is no answer in time, one that redirects, or one that is too large
 */
export const boundedFetch = async (
  url: string,
  { deadlineMs, limit, ...init }: BoundedRequest,
): Promise<{ status: number; headers: Headers; body: Buffer }> => {
  const headers = new Headers(init.headers)
  headers.set('Connection', 'close')
  const response = await fetch(url, {
    ...init,
    headers,
    redirect: 'error',
    signal: AbortSignal.timeout(deadlineMs),
  })
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > limit) throw new Error(`the answer is larger than ${limit} bytes`)
    chunks.push(chunk)
  }
  return { status: response.status, headers: response.headers, body: Buffer.concat(chunks) }
}

/** What a request failed with: `fetch` hides it in the cause of its error. */
export const fetchProblem = (error: unknown): string =>
  error instanceof Error && error.cause instanceof Error
    ? `${error.message}: ${error.cause.message}`
    : messageOf(error)
