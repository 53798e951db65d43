import { setTimeout as sleep } from 'node:timers/promises'
import type { Deps } from '../compose-host.ts'
import { messageOf } from '../domain/errors.ts'
import type { Clock, Logger } from '../domain/ports.ts'

interface ScheduleOptions {
  clock: Clock
  newId: () => string
  logger: Logger
  tick_seconds: number
  /** Ends the schedule after the run that is under way. */
  signal: AbortSignal
}

/**
 * Runs the engine now and then every tick, one run at a time, until the signal. The replayed market
 * moves to its next trading day between two runs, never before the day was run: a day whose run was
 * cut off is run again at the next start. A failed run is logged and the next one comes.
 */
export const runOnSchedule = async (
  { engine, replay, purge }: Deps,
  { clock, newId, logger, tick_seconds, signal }: ScheduleOptions,
): Promise<void> => {
  let purgedOn = ''
  while (!signal.aborted) {
    const now = clock.now()
    try {
      await engine.run({
        now,
        context: { trigger_source: 'server', request_id: newId(), user: null },
      })
      const hour = now.toISOString().slice(0, 13)
      if (purgedOn !== hour) {
        await purge()
        purgedOn = hour
      }
    } catch (error) {
      logger.error('run.failed', { problem: messageOf(error) })
    }
    await sleep(tick_seconds * 1000, undefined, { signal }).catch(() => undefined)
    if (!signal.aborted) {
      await replay?.advance().catch((error: unknown) => {
        logger.error('replay.stuck', { problem: messageOf(error) })
      })
    }
  }
}
