import { Hono } from 'hono'
import { setCookie } from 'hono/cookie'
import { z } from 'zod'
import { paths } from '../../paths.ts'
import { THEME_COOKIE, THEMES } from '../../views/viewer.ts'
import { PagePath } from '../page-path.ts'
import { validated } from '../parameters.ts'

const YEAR_SECONDS = 31_536_000

const ThemeForm = z.object({
  theme: z.enum(THEMES, { error: `expected one of ${THEMES.join(', ')}` }),
  next: PagePath.default(paths.workflows),
})

/** `POST /theme` keeps how light the viewer wants the pages. */
export const themePages = () =>
  new Hono().post(paths.theme, validated('form', ThemeForm), (c) => {
    const { theme, next } = c.req.valid('form')
    setCookie(c, THEME_COOKIE, theme, { path: '/', sameSite: 'Lax', maxAge: YEAR_SECONDS })
    return c.redirect(next, 303)
  })
