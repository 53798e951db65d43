import { OpenAPIHono, z, type Hook } from '@hono/zod-openapi'
import type { Env } from 'hono'
import { refuseInvalid } from '../parameters.ts'
import { Problem } from './schemas.ts'

const refuse: Hook<unknown, Env, string, unknown> = (result, c) => {
  refuseInvalid(result, result.target, c)
}

/** A part of the API: its routes are checked by, and documented from, the same schemas. */
export const createApi = () => new OpenAPIHono({ defaultHook: refuse })

const PROBLEMS = {
  400: 'A parameter or the body cannot be read; `errors` names each parameter',
  404: 'There is nothing of this id',
  409: 'It contradicts what is there',
  412: 'It is at another revision than `If-Match` says',
  413: 'The body is too large',
  415: 'The body is not JSON',
  422: 'The definition, sent or stored, breaks a rule; `errors` names each field',
  503: 'The store did not answer; `Retry-After` says when to ask again',
} as const
type ProblemStatus = keyof typeof PROBLEMS

/** The failures of a route, each a problem document. */
export const problems = (...statuses: ProblemStatus[]) =>
  Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: PROBLEMS[status],
        content: { 'application/problem+json': { schema: Problem } },
        ...(status === 503
          ? {
              headers: z.object({
                'Retry-After': z.string().openapi({ description: 'Seconds', example: '5' }),
              }),
            }
          : {}),
      },
    ]),
  )

/** A success with a JSON body. */
export const json = <Schema extends z.ZodType>(description: string, schema: Schema) => ({
  description,
  content: { 'application/json': { schema } },
})
