import { setTimeout as sleep } from 'node:timers/promises'
import { createClient, type Client } from '../client/client.ts'
import { DomainError, messageOf } from '../domain/errors.ts'

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/

/**
 * The API of the instance at `url`, asked as whoever the token is of.
 * @throws DomainError `bad_request` for a `url` that no request goes to; its requests throw
 *   `store_unavailable` when it does not answer
 */
export const remoteClient = (url: string, token: string | undefined): Client => {
  const address = URL.canParse(url) ? new URL(url) : null
  if (!address || !['http:', 'https:'].includes(address.protocol)) {
    throw new DomainError('bad_request', `--url: expected an http or https address, got "${url}"`)
  }
  if (token !== undefined && address.protocol === 'http:' && !LOOPBACK.test(address.hostname)) {
    throw new DomainError(
      'bad_request',
      `--url: expected https, as anybody on the way could read ORDERTRAIL_TOKEN, got "${url}"`,
    )
  }
  return createClient({
    url: address.origin,
    token,
    fetch: async (...request) => {
      const answer = await patiently(() => fetch(...request), address.origin)
      const type = answer.headers.get('Content-Type') ?? ''
      // A gateway in front of it may fail in any form.
      if (answer.status < 500 && !/json|csv/.test(type)) {
        const found = answer.ok ? `got ${type}` : `which answered ${answer.status}`
        throw new DomainError('bad_request', `--url: expected ordertrail at ${url}, ${found}`)
      }
      return answer
    },
  })
}

/** How often a request is sent that the server has no time for. */
const MAX_ATTEMPTS = 5

/** Sends a request again, as late as the server asks for, while it answers 429: it did nothing then. */
const patiently = async (send: () => Promise<Response>, origin: string): Promise<Response> => {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await send().catch((error: unknown) => {
      const cause = error instanceof Error && error.cause ? error.cause : error
      const problem = `cannot reach ${origin}: ${messageOf(cause)}`
      throw new DomainError('store_unavailable', problem, { cause: error })
    })
    if (answer.status !== 429 || attempt === MAX_ATTEMPTS) return answer
    await answer.body?.cancel()
    await sleep(1000 * Number(answer.headers.get('Retry-After') ?? 1))
  }
}
