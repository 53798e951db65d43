import { Hono } from 'hono'
import { DomainError } from '../domain/errors.ts'
import { paths } from '../paths.ts'
import { assets } from '../views/asset-url.ts'

const byUrl = new Map(Object.values(assets).map((asset) => [asset.url, asset]))

/** The static files, by their exact names alone. A name holds a hash, so a copy never goes stale. */
export const assetsRoutes = () =>
  new Hono().get(`${paths.assets}/:name`, (c) => {
    const asset = byUrl.get(c.req.path)
    if (!asset) throw new DomainError('not_found', `there is nothing at ${c.req.path}`)
    c.header('Cache-Control', 'public, max-age=31536000, immutable')
    c.header('ETag', asset.etag)
    if (c.req.header('If-None-Match') === asset.etag) return c.body(null, 304)
    return c.body(asset.body, 200, { 'Content-Type': asset.type })
  })
