import { once } from 'node:events'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { paperBrokerApp } from '../brokers/paper-server.ts'
import { openPaperBroker } from '../compose-host.ts'
import { systemClock } from '../system.ts'
import { isLoopback, type Config } from '../config.ts'
import { DomainError } from '../domain/errors.ts'
import { isFromOwnPageOrProgram, isOwnHost } from '../routes/own-origin.ts'
import { listen } from './listen.ts'
import { stopSignal } from './stop-signal.ts'

const MAX_BODY_BYTES = 64 * 1024

/** Keeps out the pages that the user of this machine looks at, which can send requests to it, too. */
const guarded = (app: Hono): Hono =>
  new Hono()
    .use(bodyLimit({ maxSize: MAX_BODY_BYTES }))
    .use(async (c, next) => {
      if (isOwnHost(c, null) && isFromOwnPageOrProgram(c, null, [])) return next()
      return c.json({ code: 'forbidden', reason: 'orders are taken from programs here only' }, 403)
    })
    .route('/', app)

/** Serves the paper broker's book over HTTP, until SIGINT or SIGTERM. */
export const servePaperBroker = async (
  config: Pick<Config, 'data_dir' | 'host' | 'port'>,
  print: (line: string) => void,
): Promise<void> => {
  if (!isLoopback(config.host)) {
    throw new DomainError(
      'invalid',
      `HOST: expected 127.0.0.1, ::1 or localhost, as nobody signs in at the paper broker, got "${config.host}"`,
    )
  }
  const stopping = once(stopSignal(), 'abort')
  const broker = openPaperBroker(config)
  try {
    const server = await listen(guarded(paperBrokerApp(broker, systemClock.now)), config)
    print(`the paper broker is at ${server.url}/orders; Ctrl-C stops it`)
    print(`an engine reaches it with BROKER=http BROKER_URL=${server.url} BROKER_DEDUPES=true`)
    await stopping
    server.close()
    server.closeAll()
  } finally {
    broker.close()
  }
}
