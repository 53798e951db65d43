import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { paths } from '../paths.ts'

const own = (name: string): string => fileURLToPath(new URL(`./assets/${name}`, import.meta.url))

const SOURCES = {
  'app.css': { file: own('app.css'), type: 'text/css; charset=utf-8' },
  'app.js': { file: own('app.js'), type: 'text/javascript; charset=utf-8' },
  'favicon.svg': { file: own('favicon.svg'), type: 'image/svg+xml' },
  'htmx.js': {
    file: fileURLToPath(import.meta.resolve('htmx.org/dist/htmx.min.js')),
    type: 'text/javascript; charset=utf-8',
  },
}
export type AssetName = keyof typeof SOURCES

export interface Asset {
  url: string
  type: string
  etag: string
  body: Uint8Array<ArrayBuffer>
}

/** The hash in the name changes with the content, so that a browser may keep a file for good. */
const load = (name: string, { file, type }: { file: string; type: string }): Asset => {
  const body = new Uint8Array(readFileSync(file))
  const hash = createHash('sha256').update(body).digest('hex')
  const url = `${paths.assets}/${name.replace(/(?=\.[a-z]+$)/, `.${hash.slice(0, 8)}`)}`
  return { url, type, etag: `"${hash.slice(0, 32)}"`, body }
}

/** All static files, read once when the program starts. */
export const assets: Record<AssetName, Asset> = {
  'app.css': load('app.css', SOURCES['app.css']),
  'app.js': load('app.js', SOURCES['app.js']),
  'favicon.svg': load('favicon.svg', SOURCES['favicon.svg']),
  'htmx.js': load('htmx.js', SOURCES['htmx.js']),
}

/** The path of a static file, with the hash of its content: `/assets/app.1a2b3c4d.css`. */
export const assetUrl = (name: AssetName): string => assets[name].url
