import type { Context, MiddlewareHandler } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

const COOKIE = 'flash'

/** How many workflows ended in which way when several were switched. */
const switchedInWords = (verb: string, counts: readonly number[]): string => {
  const [changed = 0, unchanged = 0, broken = 0, missing = 0, failed = 0] = counts
  const told = [
    `${changed} ${verb}`,
    unchanged > 0 && `${unchanged} ${unchanged === 1 ? 'was' : 'were'} ${verb} already`,
    broken > 0 && `${broken} ${broken === 1 ? 'is' : 'are'} broken and must be mended first`,
    missing > 0 && `${missing} ${missing === 1 ? 'was' : 'were'} deleted`,
    failed > 0 && `${failed} could not be ${verb}, please try again`,
  ]
  return `${told.filter((each) => each !== false).join(', ')}.`
}

/** What can be told; the numbers are for those that change many. */
const MESSAGES = {
  created_disabled: () => 'Created. It is disabled, so no run evaluates it.',
  created_dry_run: () => 'Created as a dry run: nothing is sent to the broker.',
  created_live: () => 'Created, and live: its orders are sent to the broker.',
  saved_disabled: () => 'Saved. It is disabled, so no run evaluates it.',
  saved_dry_run: () => 'Saved as a dry run: nothing is sent to the broker.',
  saved_live: () => 'Saved, and live: its orders are sent to the broker.',
  enabled: () => 'Enabled: the next run evaluates it.',
  disabled: () => 'Disabled: no run evaluates it until it is enabled again.',
  not_switched: () => 'Not switched: as it stands, it could never order anything.',
  deleted: () => 'Deleted. Its orders stay readable until they expire.',
  enabled_many: (counts: readonly number[]) => switchedInWords('enabled', counts),
  disabled_many: (counts: readonly number[]) => switchedInWords('disabled', counts),
  signed_out: () => 'You are signed out.',
  none_selected: () => 'Nothing was changed: no workflow was selected.',
}
type Message = keyof typeof MESSAGES

const isMessage = (name: string): name is Message => Object.hasOwn(MESSAGES, name)

/**
 * Has the next page tell what was done, once. The cookie holds the name of a message and numbers, so
 * that nobody can make a page say anything else.
 */
export const setFlash = (
  c: Context,
  message: Message,
  counts: readonly [number, ...number[]] = [0],
): void =>
  setCookie(c, COOKIE, `${message}.${counts.join('.')}`, {
    path: '/',
    httpOnly: true,
    sameSite: 'Strict',
    maxAge: 60,
  })

const textOf = (cookie: string): string | null => {
  const [, name = '', counts = ''] = /^([a-z_]+)\.(\d{1,6}(?:\.\d{1,6}){0,9})$/.exec(cookie) ?? []
  return isMessage(name) ? MESSAGES[name](counts.split('.').map(Number)) : null
}

/** Lets a page take what `setFlash` left for it. A part of a page leaves it for the next page. */
export const flash: MiddlewareHandler = async (c, next) => {
  const cookie = getCookie(c, COOKIE)
  if (cookie !== undefined) {
    c.set('takeFlash', () => {
      deleteCookie(c, COOKIE, { path: '/' })
      // Back must not tell it again.
      c.header('Cache-Control', 'private, no-store')
      return textOf(cookie)
    })
  }
  await next()
}
