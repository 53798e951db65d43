import { join } from 'node:path'
import { createHttpBroker } from '../../src/brokers/http.ts'
import { newId } from '../../src/compose.ts'
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
  /** False is Lambda: no claim files and no journal, and a queue that is away. */
  disk: boolean
  deadlineMs: number
  settleMs: number
}

/** A queue that is away: what cannot be recorded has to be found by the sweep. */
const noJournal: EngineDeps['journal'] = {
  keepsEveryOrder: false,
  append: () => Promise.reject(new Error('the queue does not answer')),
  pending: () => Promise.resolve([]),
  remove: () => Promise.resolve(),
}

/** The product's own engine over a broker that is reached by HTTP. `change` may stand in its way. */
export const openEngine = async (
  config: EngineConfig,
  change: (deps: EngineDeps) => EngineDeps = (deps) => deps,
) => {
  const { data, candles, dynamodb, prefix, broker, dedupes, disk, deadlineMs, settleMs } = config
  const installation = await openInstallation(data, {
    MARKET_DIR: candles,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    TABLE_PREFIX: prefix,
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
      ...(disk ? {} : { hostClaims: null, journal: noJournal }),
    }),
  )
  return {
    run: (now: Date, scheduled_at = now) => engine.run({ now, scheduled_at, context: aContext() }),
    reconcile: (now: Date) => engine.reconcile({ now, context: aContext() }),
    close: installation[Symbol.asyncDispose],
  }
}
