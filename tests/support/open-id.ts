import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import OpenIdProvider from 'oidc-provider'

export const CLIENT = { client_id: 'ordertrail', client_secret: 'the-secret-of-the-client' }

/**
 * A real OpenID provider on loopback, where whoever types an address has it. Those of `example.org`
 * are not verified.
 */
export const startOpenIdProvider = async (redirect_uri: string) => {
  let answer: RequestListener | undefined
  const requests: string[] = []
  let isSilent = false
  const server = createServer((request, response) => {
    requests.push(request.url ?? '')
    if (!isSilent) answer?.(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  answer = new OpenIdProvider(issuer, {
    clients: [{ ...CLIENT, redirect_uris: [redirect_uri] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    // An answer with the address at once, as most providers give it.
    conformIdTokenClaims: false,
    findAccount: (_context, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, email: id, email_verified: !id.endsWith('@example.org') }),
    }),
  }).callback()
  return {
    issuer,
    requests,
    /** From now on it takes requests, and answers none. */
    fallSilent: () => {
      isSilent = true
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
