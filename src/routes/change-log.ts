import type { MiddlewareHandler } from 'hono'
import type { Logger } from '../domain/ports.ts'
import { isSafe } from './own-origin.ts'

/** Logs who changed something, or tried to, and what came of it. */
export const changeLog =
  (logger: Logger): MiddlewareHandler =>
  async (c, next) => {
    await next()
    if (isSafe(c)) return
    logger.info('request.done', {
      request_id: c.get('requestId'),
      user: c.get('identity')?.name ?? null,
      method: c.req.method,
      path: c.req.path,
      status: c.res.status,
    })
  }
