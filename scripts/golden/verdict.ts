import { DomainError } from '../../src/domain/errors.ts'
import type { Case, Series } from './vectors.ts'

/** What a vector came to. */
export interface Verdict {
  expected: unknown
  got: unknown
  matches: boolean
  /** The decision of DOMAIN.md that explains a mismatch, with its meaning; null when none does. */
  deviation: string | null
}

export type Runner = (vector: Case, series: Series) => Verdict

/** A value, or the code of the domain error that came instead of it. */
export type Computed<T> = { value: T } | { error: string; message: string }

/** Computes a value; a domain error is a result, any other one is thrown on. */
export const computed = <T>(work: () => T): Computed<T> => {
  try {
    return { value: work() }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return { error: error.code, message: error.message }
  }
}

/** A mismatch may be explained only where the vectors say that a product may decide otherwise. */
export const isQuirk = ({ tags }: Case): boolean => tags.includes('quirk')

/** The day after, as `YYYY-MM-DD`: where the reference's count of business days ends (D10). */
export const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)

/** True for an instant with a time of day other than midnight UTC. */
export const isPartlyElapsed = (at: string): boolean => Date.parse(at) % 86_400_000 !== 0

/** The calendar day of an instant in UTC, `YYYY-MM-DD`. */
export const dayOf = (at: string): string => new Date(at).toISOString().slice(0, 10)

export const D8 = (problem: string): string => `D8 (the definition is refused: ${problem})`
export const D9 = (period: number): string => `D9 (Bollinger bands need ${period} candles)`
export const D10 = 'D10 (business days are counted up to today, never tomorrow)'
