import type { Logger } from '../../src/domain/ports.ts'

/** A logger whose events a test can look at. */
export const recordingLogger = () => {
  const events: Record<string, unknown>[] = []
  const at =
    (level: string): Logger['info'] =>
    (event, fields = {}) => {
      events.push({ level, event, ...fields })
    }
  return { info: at('info'), warn: at('warn'), error: at('error'), events }
}
