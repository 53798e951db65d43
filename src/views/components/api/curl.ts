import type { Parameter, RequestBody, Schemas } from './document.ts'
import type { Operation } from './operations.ts'
import { ownExample, placeholder, sampleBody } from './sample.ts'
import { literal } from './schema-words.ts'

/** A word as a POSIX shell reads it. */
const quoted = (word: string): string =>
  /^[\w:/.,@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`

const valueOf = ({ name, example, schema = {} }: Parameter): string =>
  literal(example ?? ownExample(schema) ?? placeholder(name))

const methodOption = ({ method }: Operation): string[] => {
  if (method === 'get') return []
  return [method === 'head' ? '--head' : `-i -X ${method.toUpperCase()}`]
}

const bodyOptions = ({ content }: RequestBody, schemas: Schemas): string[] => {
  const [[type, media] = ['', {}]] = Object.entries(content)
  const body = JSON.stringify(sampleBody(media, schemas), null, 2)
  return [`-H ${quoted(`Content-Type: ${type}`)}`, `-d ${quoted(body)}`]
}

/**
 * A command that sends the operation: with everything that is required and nothing else. What has no
 * example is a placeholder in capitals.
 */
export const curlCommand = (operation: Operation, base: string, schemas: Schemas): string => {
  const { parameters, path, body } = operation
  const required = (where: string) =>
    parameters.filter((parameter) => parameter.in === where && parameter.required)
  const filled = required('path').reduce(
    (url, parameter) =>
      url.replaceAll(`{${parameter.name}}`, encodeURIComponent(valueOf(parameter))),
    path,
  )
  const query = required('query').map(
    (parameter) =>
      `${encodeURIComponent(parameter.name)}=${encodeURIComponent(valueOf(parameter))}`,
  )
  const url = base + filled + (query.length > 0 ? `?${query.join('&')}` : '')
  const start = ['curl', ...methodOption(operation), quoted(url)].join(' ')
  const headers = required('header').map(
    (parameter) => `-H ${quoted(`${parameter.name}: ${valueOf(parameter)}`)}`,
  )
  return [start, ...headers, ...(body ? bodyOptions(body, schemas) : [])].join(' \\\n  ')
}
