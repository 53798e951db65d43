import { once } from 'node:events'
import { paperBrokerApp } from '../brokers/paper-server.ts'
import { openPaperBroker } from '../compose-host.ts'
import { systemClock } from '../system.ts'
import { isLoopback, type Config } from '../config.ts'
import { DomainError } from '../domain/errors.ts'
import { listen } from './listen.ts'
import { stopSignal } from './stop-signal.ts'

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
    const server = await listen(paperBrokerApp(broker, systemClock.now), config)
    print(`the paper broker is at ${server.url}/orders; Ctrl-C stops it`)
    print(`an engine reaches it with BROKER=http BROKER_URL=${server.url} BROKER_DEDUPES=true`)
    await stopping
    server.close()
    server.closeAll()
  } finally {
    broker.close()
  }
}
