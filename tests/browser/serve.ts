import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { createApp } from '../../src/app.tsx'
import { createMeter } from '../../src/data/meter.ts'
import type { fakeStore } from '../unit/views/fake-store.ts'
import { NOW } from '../unit/views/samples.ts'
import { idleEngine } from '../support/idle-engine.ts'

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** Serves the product's own app over a store, on a free port of the loopback, until disposed. */
export const serve = async (
  {
    trail,
    workflows,
    intents,
  }: Pick<ReturnType<typeof fakeStore>, 'trail' | 'workflows' | 'intents'>,
  port = 0,
) => {
  const app = createApp({
    meter: createMeter(() => performance.now()),
    ...idleEngine,
    trail,
    workflows,
    intents,
    clock: { now: () => NOW },
    retention_seconds: 604_800,
    newId: () => 'request-1',
    ready: () => Promise.resolve(),
    logger: silent,
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
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
