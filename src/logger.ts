import type { Logger } from './domain/ports.ts'

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LEVELS)[number]

/**
 * One JSON line per event, `{"time","level","event",...fields}`. `write` gets the line without its
 * end; `now` stamps it. Fields are the caller's choice, so no payload gets in by accident.
 */
export const createLogger = (
  level: LogLevel,
  write: (line: string) => void,
  now: () => Date,
): Logger => {
  const at =
    (lineLevel: LogLevel): Logger['info'] =>
    (event, fields = {}) => {
      if (LEVELS.indexOf(lineLevel) < LEVELS.indexOf(level)) return
      write(JSON.stringify({ time: now().toISOString(), level: lineLevel, event, ...fields }))
    }
  return { info: at('info'), warn: at('warn'), error: at('error') }
}
