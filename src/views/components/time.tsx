import { useContext, type Child } from 'hono/jsx'
import { exactTime, relativeTime } from '../format.ts'
import { TimeZone } from '../viewer.ts'

/**
 * How long ago it was, which app.js keeps true; the exact time in UTC shows on hover. `at` is
 * ISO 8601 in UTC.
 */
export const RelativeTime = ({ at, now }: { at: string; now: Date }): Child => (
  <time class='relative' datetime={at} title={exactTime(new Date(at))}>
    {relativeTime(new Date(at), now)}
  </time>
)

/** The exact time in the viewer's zone, which it names; the one in UTC shows on hover. */
export const ExactTime = ({ at }: { at: string }): Child => (
  <time class='exact' datetime={at} title={exactTime(new Date(at))}>
    {exactTime(new Date(at), useContext(TimeZone))}
  </time>
)

/** The zone that times are in which do not name another one. */
export const TimeZoneName = (): Child => <span class='time-zone'>{useContext(TimeZone)}</span>
