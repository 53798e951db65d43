import { Duplex } from 'node:stream'
import { constants, createBrotliCompress, createDeflate, createGzip } from 'node:zlib'
import type { MiddlewareHandler } from 'hono'
import { COMPRESSIBLE_CONTENT_TYPE_REGEX } from 'hono/compress'
import { parseAccept } from 'hono/utils/accept'

/** Smaller ones fit into one packet as they are. */
const SMALLEST_BYTES = 1024

/**
 * The default quality takes fifty times as long, for a tenth fewer bytes; the default window holds
 * back megabytes of a list that is sent while it is read.
 */
const BROTLI = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_LGWIN]: 17 },
}

/** Best first. */
const ENCODERS = {
  br: () => createBrotliCompress(BROTLI),
  gzip: () => createGzip(),
  deflate: () => createDeflate(),
}
type Encoding = keyof typeof ENCODERS

const ENCODINGS = ['br', 'gzip', 'deflate', 'identity'] as const

/** What a client wants most, the best of what it wants alike; null for the bytes as they are. */
const encodingOf = (header: string): Encoding | null => {
  const accepted = parseAccept(header)
  const qualityOf = (name: string): number | undefined =>
    accepted.find(({ type }) => type.toLowerCase() === name)?.q
  const [best] = ENCODINGS.map((name) => {
    const others = name === 'identity' ? undefined : qualityOf('*')
    return { name, quality: qualityOf(name) ?? others ?? 0 }
  })
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality)
  return best && best.name !== 'identity' ? best.name : null
}

const isWorthIt = ({ status, headers }: Response, types: readonly string[]): boolean => {
  const type = headers.get('Content-Type') ?? ''
  const length = headers.get('Content-Length')
  return (
    status !== 206 &&
    !headers.has('Content-Encoding') &&
    !headers.get('Cache-Control')?.includes('no-transform') &&
    (length === null || Number(length) >= SMALLEST_BYTES) &&
    (COMPRESSIBLE_CONTENT_TYPE_REGEX.test(type) || types.includes(type))
  )
}

/**
 * Compresses what is text, in the encoding that `Accept-Encoding` prefers: hono's own middleware with
 * brotli. A stream stays a stream. `types` are text, too, besides those that are known as such.
 */
export const compression =
  (...types: string[]): MiddlewareHandler =>
  async (c, next) => {
    await next()
    if (!isWorthIt(c.res, types)) return
    c.header('Vary', 'Accept-Encoding', { append: true })
    const encoding = encodingOf(c.req.header('Accept-Encoding') ?? '')
    if (encoding === null || c.req.method === 'HEAD' || !c.res.body) return
    const { readable, writable } = Duplex.toWeb(ENCODERS[encoding]())
    c.res = new Response(c.res.body.pipeThrough({ readable, writable }), c.res)
    c.res.headers.delete('Content-Length')
    c.res.headers.set('Content-Encoding', encoding)
    const tag = c.res.headers.get('ETag')
    if (tag?.startsWith('"')) c.res.headers.set('ETag', `W/${tag}`)
  }
