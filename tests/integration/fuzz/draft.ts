/** A header, or a parameter of the query. */
export type Field = [name: string, value: string]

/** A request that can still be changed. */
export interface Draft {
  method: string
  path: string
  query: Field[]
  /** Text that is put behind the query as it is. */
  rawQuery: string
  headers: Field[]
  /** The value of a JSON body; `bytes` is sent instead when it is there. */
  json: unknown
  bytes: Buffer | null
  isChunked: boolean
}

const UNRESERVED = /[A-Za-z0-9\-._~]/

/** Percent-encodes all but the plainest characters; half of a surrogate pair too. */
export const encoded = (text: string): string =>
  Array.from(Buffer.from(text), (byte) => {
    const character = String.fromCharCode(byte)
    return UNRESERVED.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')

/** What Node's client lets through in a target; the rest is for raw sockets. */
export const sendableTarget = (target: string): string =>
  target.replaceAll(/[^\u0021-\u00ff]/gu, (character) => encoded(character))
/** The same for the value of a header. */
export const sendableHeader = (value: string): string =>
  value.replaceAll(/[^\t\u0020-\u00ff]|\u007f/g, '?')

export const withoutHeader = (headers: readonly Field[], name: string): Field[] =>
  headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase())

export const withHeader = (headers: readonly Field[], name: string, value: string): Field[] => [
  ...withoutHeader(headers, name),
  [name, value],
]
