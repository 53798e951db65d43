import { join } from 'node:path'
import { createHttpBroker } from '../../src/brokers/http.ts'
import { newId } from '../../src/system.ts'
import { readSnapshot } from '../../src/data/snapshot.ts'
import { createWorkflowEngine, type EngineDeps } from '../../src/engine/run.ts'
import { aContext, openInstallation } from '../support/installation.ts'
import { recordingLogger } from '../support/logger.ts'

/** What an engine is told of its world; it may run in another process. */
export interface EngineConfig {
  /** The data folder of its host. */
  data: string
  candles: string
  dynamodb: string
  prefix: string
  broker: string
  dedupes: boolean
  /** The queue of a Lambda, which has no claim files and no journal; null on a host with a disk. */
  queue: string | null
  deadlineMs: number
  settleMs: number
}

/** The product's own engine over a broker that is reached by HTTP. `change` may stand in its way. */
export const openEngine = async (
  config: EngineConfig,
  change: (deps: EngineDeps) => EngineDeps = (deps) => deps,
) => {
  const { data, candles, dynamodb, prefix, broker, dedupes, queue, deadlineMs, settleMs } = config
  const installation = await openInstallation(data, {
    MARKET_DIR: candles,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    TABLE_PREFIX: prefix,
    BROKER: 'http',
    BROKER_URL: broker,
    ...(queue === null ? {} : { SPOOL_QUEUE_URL: queue }),
  })
  const engine = createWorkflowEngine(
    change({
      ...installation,
      logger: recordingLogger(),
      newId,
      lastKnownWorkflows: () => readSnapshot(join(data, 'workflows.json')),
      broker: createHttpBroker({
        url: broker,
        dedupesClientOrderIds: dedupes,
        settleMs,
        placeDeadlineMs: deadlineMs,
        readDeadlineMs: deadlineMs,
      }),
    }),
  )
  return {
    run: (now: Date, scheduled_at = now) => engine.run({ now, scheduled_at, context: aContext() }),
    reconcile: (now: Date) => engine.reconcile({ now, context: aContext() }),
    close: installation[Symbol.asyncDispose],
  }
}
