import type { z } from 'zod'

/** What can go wrong, seen from outside. `routes/errors.tsx` and the CLI each map these once. */
export type ErrorCode =
  | 'bad_request' // a parameter of the request or the command line that cannot be read
  | 'invalid' // input that breaks a rule of the domain
  | 'not_found'
  | 'conflict'
  | 'precondition_failed' // what was to be changed is not at the revision that the caller knows
  | 'insufficient_candles' // fewer closed candles than the indicator's formula needs
  | 'market_unavailable' // the price source failed or does not know the instrument or unit time
  | 'store_unavailable' // DynamoDB did not answer in time
  | 'tables_missing' // DynamoDB works, and has no tables of ours
  | 'unauthenticated' // nobody has said who they are in a way that counts
  | 'forbidden' // what this one, or a page of that origin, may not do
  | 'no_tokens' // nobody can sign in, and others than this machine's user may be asking
  | 'access_unavailable' // the access document cannot be read

/** One input field that breaks a rule: where it is, what was given and what was expected. */
export type FieldError = { field: string; message: string; value?: unknown }

/** A failure with a closed set of codes. The message is safe to show; the cause is for the log. */
export class DomainError extends Error {
  override name = 'DomainError'
  readonly code: ErrorCode
  readonly errors: FieldError[]

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; errors?: FieldError[] } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.errors = options.errors ?? []
  }
}

/** True for a DomainError with this code. */
export const hasCode = (error: unknown, code: ErrorCode): error is DomainError =>
  error instanceof DomainError && error.code === code

/** The text of anything that was thrown. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (Reflect.get(value, key) as unknown)
        : undefined,
    input,
  )

/** What an error repeats of the input: an object says little, and a deep one cannot be written out. */
const repeated = (value: unknown): { value?: unknown } =>
  value === undefined || (typeof value === 'object' && value !== null) ? {} : { value }

/**
 * Turns zod's issues into one entry per field. `field` is a dotted path
 * (`conditions.0.indicator.value`), empty for the whole input; scalar values are repeated in the
 * message, so that a reader sees what was given without looking it up.
 */
export const fieldErrors = (issues: readonly z.core.$ZodIssue[], input: unknown): FieldError[] =>
  issues.flatMap((issue): FieldError[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        field: [...issue.path, key].join('.'),
        message: 'is not a known field',
        ...repeated(valueAt(input, [...issue.path, key])),
      }))
    }
    const value = valueAt(input, issue.path)
    const field = issue.path.join('.')
    const shown =
      typeof value === 'object' && value !== null ? '' : `, got ${JSON.stringify(value)}`
    const message =
      value === undefined && issue.code !== 'custom'
        ? `is required: ${issue.message}`
        : `${issue.message}${issue.code === 'custom' ? '' : shown}`
    return [{ field, message, ...repeated(value) }]
  })

/** The field errors on one line, for a terminal or a log. */
export const describeFieldErrors = (errors: readonly FieldError[]): string =>
  errors.map(({ field, message }) => `${field || 'input'}: ${message}`).join('; ')
