import { AccessDocument, NO_TOKENS } from '../domain/access.ts'
import { DomainError } from '../domain/errors.ts'
import type { Access } from '../domain/ports.ts'

const FAILURE_KEPT_MS = 1000

interface AccessOptions {
  /** What holds the document, for messages. */
  place: string
  /** The stored text; null when there is none. */
  load: () => Promise<string | null>
  /** Whoever else changed it since it was loaded must not lose that. */
  save: (text: string) => Promise<void>
  /** Stands around loading, changing and saving. */
  exclusively?: <T>(work: () => Promise<T>) => Promise<T>
  /** How long `read` may answer what was read before. */
  maxAgeMs: number
  /** Milliseconds of a clock that never jumps, such as `performance.now`. */
  now: () => number
}

/** What is wrong with a document, and nothing of what it holds. */
const problemOf = (text: string): { document: AccessDocument } | { problem: string } => {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { problem: 'is not JSON' }
  }
  const parsed = AccessDocument.safeParse(json)
  if (parsed.success) return { document: parsed.data }
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  return { problem: problems.join('; ') }
}

/** The access document in whatever stores a text. */
export const createAccess = ({
  place,
  load,
  save,
  exclusively = (work) => work(),
  maxAgeMs,
  now,
}: AccessOptions): Access => {
  const readNow = async (): Promise<AccessDocument> => {
    const text = await load()
    if (text === null) return NO_TOKENS
    const found = problemOf(text)
    if ('document' in found) return found.document
    throw new DomainError('access_unavailable', `${place} is no access document: ${found.problem}`)
  }

  let last: { at: number; document: Promise<AccessDocument> } | undefined
  return {
    read: () => {
      if (last && now() - last.at < maxAgeMs) return last.document
      const reading = { at: now(), document: readNow() }
      last = reading
      // A failure is kept for a moment only, so that whoever floods us does not flood what failed.
      reading.document.catch(() => {
        reading.at = now() - maxAgeMs + Math.min(FAILURE_KEPT_MS, maxAgeMs)
      })
      return reading.document
    },
    update: (change) =>
      exclusively(async () => {
        const changed = change(await readNow())
        const { document } = changed
        await save(`${JSON.stringify(document, null, 2)}\n`)
        last = { at: now(), document: Promise.resolve(document) }
        return changed
      }),
  }
}
