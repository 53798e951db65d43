import type { OpenAPIHono } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { matchedRoutes } from 'hono/route'
import { parseAccept } from 'hono/utils/accept'

declare module 'hono' {
  interface ContextVariableMap {
    /** The type that the answer is to have, out of those that there are. */
    mediaType?: string
  }
}

/** No name of these rows is registered, and both are in use. */
const SAME_TYPE: Partial<Record<string, string>> = { 'application/ndjson': 'application/x-ndjson' }

/**
 * The type that a client wants most, the first of those that it wants alike; undefined when it wants none.
 * The most specific range that fits a type decides on it (RFC 9110, 12.5.1).
 */
const preferred = (header: string, types: readonly string[]): string | undefined => {
  const ranges = parseAccept(header).map(({ type, q }) => {
    const name = type.toLowerCase()
    return { name: SAME_TYPE[name] ?? name, q }
  })
  const qualityOf = (type: string): number => {
    const names = [type, type.replace(/\/.*/, '/*'), '*/*']
    return names.flatMap((name) => ranges.find((range) => range.name === name) ?? [])[0]?.q ?? 0
  }
  const [best] = types
    .map((type) => ({ type, quality: qualityOf(type) }))
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality)
  return best?.type
}

type Registry = OpenAPIHono['openAPIRegistry']

/** The types that each operation answers with, by its method and path as hono has them. */
const offersOf = ({ definitions }: Registry): Map<string, string[]> =>
  new Map(
    definitions.flatMap((definition) => {
      if (definition.type !== 'route') return []
      const { method, path, responses } = definition.route
      const types = Object.entries(responses).flatMap(([status, response]) =>
        status.startsWith('2') && 'content' in response ? Object.keys(response.content ?? {}) : [],
      )
      const route = `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`
      // What answers without a body still has failures to tell.
      return [[route, types.length > 0 ? [...new Set(types)] : ['application/json']]]
    }),
  )

/**
 * Chooses the type of an answer from those that the API document has for the operation, and refuses
 * with 406 what allows none of them.
 */
export const acceptable = (document: Registry): MiddlewareHandler => {
  let offers: Map<string, string[]> | undefined
  return async (c, next) => {
    offers ??= offersOf(document)
    // Each handler of a route is matched, and has the path of the route.
    const types = matchedRoutes(c)
      .map(({ method, path }) => offers?.get(`${method} ${path}`))
      .find((offered) => offered !== undefined)
    if (types) {
      if (types.length > 1) c.header('Vary', 'Accept', { append: true })
      const header = c.req.header('Accept')?.trim()
      const type = header ? preferred(header, types) : types[0]
      if (type === undefined) {
        throw new HTTPException(406, {
          message: `expected an Accept header that allows ${types.join(' or ')}, got "${header}"`,
        })
      }
      c.set('mediaType', type)
    }
    await next()
  }
}
