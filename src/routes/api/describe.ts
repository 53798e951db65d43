import { OpenAPIHono, type Hook } from '@hono/zod-openapi'
import type { Env } from 'hono'
import { z } from 'zod'
import { refuseInvalid } from '../parameters.ts'
import examples from './examples.json' with { type: 'json' }
import { COMMON_HEADERS, RetryAfter, WWWAuthenticate } from './headers.ts'
import { Problem } from './schemas.ts'

const refuse: Hook<unknown, Env, string, unknown> = (result, c) => {
  refuseInvalid(result, result.target, c)
}

/** A part of the API: its routes are checked by, and documented from, the same schemas. */
export const createApi = () => new OpenAPIHono({ defaultHook: refuse })

/** A failure, under the name that it has in the document. */
const problem = (
  id: string,
  status: keyof typeof examples.problems,
  description: string,
  headers: z.core.$ZodLooseShape = {},
) => ({
  id,
  description,
  headers: z.object({ ...COMMON_HEADERS, ...headers }),
  content: {
    'application/problem+json': { schema: Problem, example: examples.problems[status] },
  },
})

const retry = { 'Retry-After': RetryAfter }

const PROBLEMS = {
  400: problem(
    'BadRequest',
    '400',
    'A parameter or the body cannot be read; `errors` names each parameter',
  ),
  401: problem('Unauthorized', '401', 'There is no token with it, or none that counts', {
    'WWW-Authenticate': WWWAuthenticate,
  }),
  403: problem(
    'Forbidden',
    '403',
    'It takes an operator, or does not come from where requests are taken from',
  ),
  404: problem('NotFound', '404', 'There is nothing of this id'),
  406: problem('NotAcceptable', '406', '`Accept` leaves out every type that there is'),
  409: problem('Conflict', '409', 'It contradicts what is there'),
  412: problem(
    'PreconditionFailed',
    '412',
    'It is at another revision than `If-Match` says, or there although `If-None-Match` is `*`',
  ),
  413: problem('ContentTooLarge', '413', 'The body is larger than 64 KiB'),
  415: problem('UnsupportedMediaType', '415', 'The body is not JSON'),
  422: problem(
    'UnprocessableContent',
    '422',
    'The definition, sent or stored, breaks a rule; `errors` names each field',
  ),
  429: problem(
    'TooManyRequests',
    '429',
    'More requests in a second than are answered; `Retry-After` says when to ask again',
    retry,
  ),
  500: problem(
    'InternalServerError',
    '500',
    'A fault of ours; `request_id` leads to it in the log',
  ),
  503: problem(
    'ServiceUnavailable',
    '503',
    'The store did not answer, or who may come in cannot be found out; `Retry-After` says when to ask again',
    retry,
  ),
} as const
type ProblemStatus = keyof typeof PROBLEMS

/** The failures of a route, each a problem document. */
export const problems = <Status extends ProblemStatus>(
  ...statuses: Status[]
): Pick<typeof PROBLEMS, Status> =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- entries lose the names of their keys
  Object.fromEntries(statuses.map((status) => [status, PROBLEMS[status]])) as Pick<
    typeof PROBLEMS,
    Status
  >

/** A success with a JSON body. */
export const json = <Schema extends z.ZodType>(description: string, schema: Schema) => ({
  description,
  content: { 'application/json': { schema } },
})
