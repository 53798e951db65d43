import { z } from 'zod'

/** True for what a browser sends as `Origin`: scheme, host and port of one site, and nothing else. */
export const isOrigin = (text: string): boolean =>
  /^https?:[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text

export const origin = z.string().refine(isOrigin, {
  error: ({ input }) =>
    `expected an origin such as https://app.example, without a path, got "${String(input)}"`,
})

/** Origins as text, separated by commas. */
export const origins = z
  .string()
  .transform((text) => text.split(',').map((each) => each.trim()))
  .pipe(z.array(origin))

const email = z.string().refine((text) => z.email().safeParse(text).success, {
  error: ({ input }) => `expected e-mail addresses, got "${String(input)}"`,
})

/** E-mail addresses as text, separated by commas; in small letters afterwards. */
export const emails = z
  .string()
  .transform((text) => text.split(',').map((each) => each.trim().toLowerCase()))
  .pipe(z.array(email))

/** The address of a service, which paths are put behind; `fetch` takes none with a user in it. */
export const serviceUrl = z
  .url({ protocol: /^https?$/, error: 'expected an http or https URL', abort: true })
  .refine(
    (text) => {
      const { username, password } = new URL(text)
      return username === '' && password === '' && !/[?#]/.test(text)
    },
    {
      error: ({ input }) =>
        `expected a URL without user, query and fragment, got "${String(input)}"`,
      abort: true,
    },
  )
