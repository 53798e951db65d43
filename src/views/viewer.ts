import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import { createContext } from 'hono/jsx'
import type { Identity } from '../domain/access.ts'
import { isTimeZone } from '../domain/time-zone.ts'

declare module 'hono' {
  interface ContextVariableMap {
    /** Who asks; nobody, where that is not known or need not be. */
    identity?: Identity
  }
}

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** What is known of whoever looks at a page. */
export interface Viewer {
  /** Where their clock is, an IANA name; null until app.js has told. */
  time_zone: string | null
  theme: Theme
  identity: Identity | null
}

export const THEME_COOKIE = 'theme'
const TIME_ZONE_COOKIE = 'time_zone'

/** Reads the cookies of a request; one that makes no sense counts as none. */
export const viewerOf = (c: Context): Viewer => {
  const time_zone = getCookie(c, TIME_ZONE_COOKIE)
  const theme = getCookie(c, THEME_COOKIE)
  return {
    time_zone: time_zone !== undefined && isTimeZone(time_zone) ? time_zone : null,
    theme: THEMES.find((each) => each === theme) ?? 'system',
    identity: c.get('identity') ?? null,
  }
}

/** The zone of all times in a page or a part of one. */
export const TimeZone = createContext('UTC')

/** Whether the viewer may use what changes something; what is drawn by itself shows all. */
export const MayChange = createContext(true)
