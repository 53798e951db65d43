import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { createMeter } from '../../src/data/meter.ts'
import type { AppDeps } from '../../src/routes/deps.ts'
import { NOW } from '../unit/views/samples.ts'
import { createApp } from '../support/app.ts'
import { idleEngine } from '../support/idle-engine.ts'

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

/**
 * Serves the product's own app over a store, on a free port of the loopback, until disposed. Where
 * `parts` has more than the store, that is real too.
 */
export const serve = async (
  parts: Pick<AppDeps, 'trail' | 'workflows' | 'intents'> & Partial<AppDeps>,
  port = 0,
) => {
  const app = createApp({
    meter: createMeter(() => performance.now()),
    ...idleEngine,
    retention_seconds: 604_800,
    newId: () => crypto.randomUUID(),
    ready: () => Promise.resolve(),
    logger: silent,
    ...parts,
    clock: { now: () => NOW },
  })
  const server = createAdaptorServer({ fetch: app.fetch })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const stop = async (): Promise<void> => {
    if ('closeAllConnections' in server) server.closeAllConnections()
    if (server.listening) await new Promise((resolve) => server.close(resolve))
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    routes: app.routes,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
