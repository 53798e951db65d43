import { paths } from '../../src/paths.ts'
import type { Document } from './contract.ts'

// Whatever a test fetches from the API of a server is checked against that server's own document.

const send = globalThis.fetch

/** Null for a server that is not ours: one that a test has made up. */
const readContract = async (origin: string) => {
  const response = await send(origin + paths.api.document)
  if (!response.ok) return null
  // Most test files fetch nothing, and need not wait for what checks it.
  const { createContract } = await import('./contract.ts')
  return createContract((await response.json()) as Document)
}
const contracts = new Map<string, ReturnType<typeof readContract>>()

globalThis.fetch = async (input, init) => {
  const response = await send(input, init)
  const request = input instanceof Request ? input : { url: String(input), method: 'GET' }
  const { origin, pathname } = new URL(request.url)
  if (pathname.startsWith('/api/') || pathname === paths.health || pathname === paths.ready) {
    const contract = contracts.get(origin) ?? readContract(origin)
    contracts.set(origin, contract)
    await (await contract)?.check(init?.method ?? request.method, request.url, response)
  }
  return response
}
