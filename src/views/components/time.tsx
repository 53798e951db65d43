import type { Child } from 'hono/jsx'
import { exactTime, relativeTime } from '../format.ts'

/** How long ago it was; the exact time shows on hover. `at` is ISO 8601 in UTC. */
export const RelativeTime = ({ at, now }: { at: string; now: Date }): Child => (
  <time datetime={at} title={exactTime(new Date(at))}>
    {relativeTime(new Date(at), now)}
  </time>
)

/** The exact time with its zone. */
export const ExactTime = ({ at }: { at: string }): Child => (
  <time datetime={at} title={exactTime(new Date(at))}>
    {exactTime(new Date(at))}
  </time>
)
