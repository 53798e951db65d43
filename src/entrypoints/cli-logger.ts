import type { Logger } from '../domain/ports.ts'
import { createLogger } from '../logger.ts'
import { systemClock } from '../system.ts'

/** A logger that writes lines of JSON to stderr. */
export const createCliLogger = (level: Parameters<typeof createLogger>[0]): Logger =>
  createLogger(level, (line) => process.stderr.write(`${line}\n`), systemClock.now)
