import { Hono } from 'hono'
import { paths } from '../paths.ts'
import type { AppDeps } from './deps.ts'

/** `/healthz`: the process answers. `/readyz`: the tables answer too, else 503. */
export const healthRoutes = ({ ready }: Pick<AppDeps, 'ready'>) =>
  new Hono()
    .get(paths.health, (c) => c.json({ status: 'ok' }))
    .get(paths.ready, async (c) => {
      await ready()
      return c.json({ status: 'ready' })
    })
