import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect } from 'vitest'
import { paths } from '../../src/paths.ts'

interface Media {
  schema?: unknown
}
interface Operation {
  operationId: string
  responses: Record<string, { content?: Record<string, Media> }>
}
export interface Document {
  openapi: string
  paths: Record<string, Record<string, Operation>>
}

/** A URI that the document is known by, so that its own references resolve. */
const BASE = 'urn:ordertrail:document'

const patternOf = (template: string): RegExp =>
  new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+').replaceAll('.', '\\.')}$`)

const pointer = (...keys: string[]): string =>
  `${BASE}#/${keys.map((key) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`

/** What the API document promises, and whether answers keep to it. */
const createContract = (document: Document) => {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema({ $id: BASE, ...document })
  const checks = new Map<string, ValidateFunction>()
  const checkAt = (where: string): ValidateFunction => {
    const known = checks.get(where) ?? ajv.compile({ $ref: where })
    checks.set(where, known)
    return known
  }

  const operationOf = (method: string, path: string): [string, Operation] | null => {
    const exact = document.paths[path]?.[method]
    if (exact) return [path, exact]
    for (const [template, methods] of Object.entries(document.paths)) {
      const operation = methods[method]
      if (operation && patternOf(template).test(path)) return [template, operation]
    }
    return null
  }

  return {
    /** Fails when an answer to a documented request is one that the document does not have. */
    check: async (method: string, url: string, response: Response): Promise<void> => {
      const verb = method.toLowerCase()
      const found = operationOf(verb, new URL(url, 'http://localhost').pathname)
      if (!found) return
      const [template, { operationId, responses }] = found
      const status = String(response.status)
      expect(Object.keys(responses), `${operationId} may answer ${status}`).toContain(status)
      const content = responses[status]?.content
      const text = await response.clone().text()
      if (!content) return expect(text, `${operationId} ${status} has no body`).toBe('')
      const type = response.headers.get('Content-Type')?.split(';')[0] ?? ''
      expect(Object.keys(content), `${operationId} ${status} may be ${type}`).toContain(type)
      if (!type.endsWith('json')) return
      const where = pointer('paths', template, verb, 'responses', status, 'content', type, 'schema')
      const check = checkAt(where)
      const body: unknown = JSON.parse(text)
      expect(check(body) ? [] : check.errors, `${operationId} ${status}: ${text}`).toEqual([])
    },
  }
}

/** The contract of an app, read from the document that it serves. */
export const contractOf = async (app: {
  request: (path: string) => Response | Promise<Response>
}) => createContract((await (await app.request(paths.api.document)).json()) as Document)
