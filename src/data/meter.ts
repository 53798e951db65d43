import { AsyncLocalStorage } from 'node:async_hooks'
import type { Meter } from '../domain/ports.ts'

/** Counts the requests to the store that are made on behalf of each piece of work. */
export const createMeter = (now: () => number) => {
  const current = new AsyncLocalStorage<{ count: number; ms: number }>()
  const meter: Meter = {
    measure: async (work) => {
      const used = { count: 0, ms: 0 }
      await current.run(used, work)
      return used
    },
  }
  return {
    ...meter,
    /** Runs one call to the store and books it. */
    timed: async <T>(call: () => Promise<T>): Promise<T> => {
      const used = current.getStore()
      if (!used) return call()
      const since = now()
      try {
        return await call()
      } finally {
        used.ms += now() - since
      }
    },
    /** Books one request that goes out; a retry is one of its own. */
    count: (): void => {
      const used = current.getStore()
      if (used) used.count += 1
    },
  }
}
