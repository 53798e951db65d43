import { createHash } from 'node:crypto'
import { z } from 'zod'
import { describeFieldErrors, DomainError } from '../../domain/errors.ts'
import type { Workflow } from '../../domain/workflow.ts'

const error = 'expected * or one revision in quotes, such as "3", or the ETag that came with it'

/** The condition of a write: the revision that the change was made from. */
export const IfMatch = z.object({
  'If-Match': z
    .string()
    .optional()
    .meta({
      param: {
        description:
          'The `revision` that the change is based on, in quotes, or the `ETag` that came with it. Refused with 412 when the workflow has changed since.',
        example: '"1"',
      },
    }),
})

/** The condition of a write that is to make something new. */
export const IfNoneMatch = z.object({
  'If-None-Match': z
    .literal('*', { error: 'expected *' })
    .optional()
    .meta({ param: { description: 'Creates, and never replaces', example: '*' } }),
})

/**
 * True for a write that creates.
 * @throws DomainError `bad_request` when it is to replace as well
 */
export const isForNew = (
  headers: z.infer<typeof IfNoneMatch> & z.infer<typeof IfMatch>,
): boolean => {
  const isNew = headers['If-None-Match'] !== undefined
  if (!isNew || headers['If-Match'] === undefined) return isNew
  const errors = [{ field: 'If-None-Match', message: 'expected it or If-Match, not both' }]
  throw new DomainError('bad_request', describeFieldErrors(errors), { errors })
}

const TAG = /^"(\d{1,15})(?:\.[0-9a-f]+)?"$/

/**
 * The revision that a write is for; undefined when it is for any.
 * @throws DomainError `bad_request` for a header that is not understood, as it must not be passed over
 */
export const revisionOf = ({ 'If-Match': header }: z.infer<typeof IfMatch>): number | undefined => {
  if (header === undefined || header.trim() === '*') return undefined
  const revision = TAG.exec(header.trim())?.[1]
  if (revision !== undefined) return Number(revision)
  const errors = [{ field: 'If-Match', message: error, value: header }]
  throw new DomainError('bad_request', describeFieldErrors(errors), { errors })
}

/**
 * The headers of a workflow's answer. The tag begins with the revision, so that it can be sent back as
 * `If-Match`, and goes on with a digest of the body, of which the last run is a part too. A proxy or
 * the compression must not change the body, or the tag would not be a strong one any more.
 */
export const taggedWith = ({ revision }: Pick<Workflow, 'revision'>, body: unknown) => ({
  ETag: `"${revision}.${createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 32)}"`,
  'Cache-Control': 'private, no-cache, no-transform',
})
