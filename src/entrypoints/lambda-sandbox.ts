import { systemClock } from '../system.ts'
import type { Config } from '../config.ts'
import type { Logger } from '../domain/ports.ts'
import { createLogger } from '../logger.ts'
import { createMetrics, type Metrics } from '../metrics.ts'

/**
 * Opens something at the first event of a sandbox, and keeps it for those that follow. A failure is
 * not kept: the next event tries again.
 */
export const oncePerSandbox = <T extends object>(open: () => T): (() => T) => {
  let opened: T | undefined
  return () => (opened ??= open())
}

/** Lines of JSON on stdout, which CloudWatch keeps as they are. */
export const openOutput = ({
  log_level,
  deployment,
}: Pick<Config, 'log_level' | 'deployment'>): { logger: Logger; metrics: Metrics } => {
  const write = (line: string): void => void process.stdout.write(`${line}\n`)
  const { now } = systemClock
  return {
    logger: createLogger(log_level, write, now),
    metrics: createMetrics({ deployment, write, now }),
  }
}
