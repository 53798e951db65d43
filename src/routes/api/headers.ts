import { z } from 'zod'

/** The headers of answers. Every answer has the first three. */

const RequestId = z.string().meta({
  header: {
    description: 'Names the request; the log has it, too',
    id: 'X-Request-Id',
    example: '0b5c8a0e-6f4e-4c62-9d0a-5b8f3e0c2a71',
  },
})

const ServerTiming = z.string().meta({
  header: {
    description: 'How many requests to the store it took, and how long they took, in milliseconds',
    id: 'Server-Timing',
    example: 'dynamodb;dur=4.2;desc="1 requests"',
  },
})

const CacheControl = z.string().meta({
  header: {
    description: 'It is kept for one reader alone, and asked for again before it is used again',
    id: 'Cache-Control',
    example: 'private, no-cache',
  },
})

export const COMMON_HEADERS = {
  'X-Request-Id': RequestId,
  'Server-Timing': ServerTiming,
  'Cache-Control': CacheControl,
}

/** Not of what is sent while it is read. */
export const ETag = z
  .string()
  .optional()
  .meta({
    header: {
      description: 'Names this state of it, for `If-None-Match`',
      id: 'ETag',
      example: '"6d2ff8e2a04d5d3b0b5e7f4b1b2f4c2d"',
    },
  })

export const WorkflowETag = z.string().meta({
  header: {
    description: 'Begins with the revision; for `If-Match` and `If-None-Match`',
    id: 'WorkflowETag',
    example: '"3.0f1e2d3c4b5a69788796a5b4c3d2e1f0"',
  },
})

export const Link = z
  .string()
  .optional()
  .meta({
    header: {
      description: 'The next and the previous page, as far as there are any (RFC 8288)',
      id: 'Link',
      example: '</api/workflow/orders?per_page=2&cursor=AbC>; rel="next"',
    },
  })

export const Location = z.string().meta({
  header: {
    description: 'Its address',
    id: 'Location',
    example: '/api/workflow/workflows/6f1f63a9-4b47-4e9a-9c3f-3a7f2f7b1c11',
  },
})

export const RetryAfter = z
  .string()
  .regex(/^\d+$/)
  .meta({
    header: {
      description: 'After how many seconds to ask again',
      id: 'Retry-After',
      example: '5',
    },
  })

export const WWWAuthenticate = z.literal('Bearer').meta({
  header: {
    description: 'What to send: a token, in the header `Authorization`',
    id: 'WWW-Authenticate',
    example: 'Bearer',
  },
})
