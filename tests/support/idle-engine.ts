import { LOCAL_USER } from '../../src/routes/authenticate.ts'
import type { AppDeps } from '../../src/routes/deps.ts'

const refuse = () => Promise.reject(new Error('nothing runs here'))

/** For an app that is only read: an engine that nobody may ask for a run. */
export const idleEngine: Pick<
  AppDeps,
  | 'access'
  | 'paper'
  | 'engine'
  | 'schedule'
  | 'chart'
  | 'purge'
  | 'caller'
  | 'requests_per_second'
  | 'cors_origins'
> = {
  access: LOCAL_USER,
  paper: false,
  engine: { run: refuse, runOne: refuse, reconcile: refuse },
  schedule: { nextRun: () => null },
  chart: refuse,
  purge: refuse,
  caller: { trigger_source: 'api', user: null },
  requests_per_second: 0,
  cors_origins: [],
}
