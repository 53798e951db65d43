import type { Context } from 'hono'

const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

/** True for a request that changes nothing. */
export const isSafe = ({ req }: Context): boolean => SAFE_METHODS.includes(req.method)

/** The name that a request calls us by. */
export const hostOf = (c: Context): string => c.req.header('Host') ?? new URL(c.req.url).host

/**
 * True for a name of ours: those of the loopback and, where there is one, that of the public address.
 * A foreign one on loopback was rebound to this machine.
 */
export const isOwnHost = (c: Context, public_url: string | null): boolean => {
  const host = hostOf(c)
  return LOOPBACK_HOST.test(host) || (public_url !== null && new URL(public_url).host === host)
}

const FORWARDED = ['Forwarded', 'Via', 'X-Forwarded-For', 'X-Forwarded-Host']

/** True for what a proxy says that it passes on: it may come from anybody, whatever name it has. */
export const isPassedOn = ({ req }: Context): boolean =>
  FORWARDED.some((name) => req.header(name) !== undefined)

/** True for the `Origin` of our own pages. */
const isOwnOrigin = (c: Context, origin: string, public_url: string | null): boolean =>
  public_url === null
    ? URL.canParse(origin) && new URL(origin).host === hostOf(c)
    : origin === public_url

/**
 * True for a change that no foreign page asks for: it comes from our own pages, from those of the
 * given origins, or from a program, which sends neither Sec-Fetch-Site nor Origin.
 */
export const isFromOwnPageOrProgram = (
  c: Context,
  public_url: string | null,
  origins: readonly string[],
): boolean => {
  const origin = c.req.header('Origin')
  if (origin && origins.includes(origin)) return true
  const site = c.req.header('Sec-Fetch-Site')
  if (site) return ['same-origin', 'none'].includes(site)
  return !origin || isOwnOrigin(c, origin, public_url)
}

/** True for a change that one of our own pages asks for: a browser sends its cookie for any page. */
export const isFromOwnPage = (c: Context, public_url: string | null): boolean => {
  const site = c.req.header('Sec-Fetch-Site')
  return site ? site === 'same-origin' : isOwnOrigin(c, c.req.header('Origin') ?? '', public_url)
}
