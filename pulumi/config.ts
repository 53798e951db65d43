import { Config, getStack, RunError, runtime, type Output } from '@pulumi/pulumi'
import { z } from 'zod'
import { describeFieldErrors, fieldErrors } from '../src/domain/errors.ts'
import { emails, isOrigin, origins, serviceUrl } from '../src/domain/settings.ts'

const wholeNumber = (min: number, max: number) => {
  const error = `expected a whole number from ${min} to ${max}`
  return z
    .string()
    .regex(/^\d{1,10}$/, { error })
    .transform(Number)
    .pipe(z.number().min(min, { error }).max(max, { error }))
}

const boolean = z
  .enum(['true', 'false'], { error: 'expected true or false' })
  .transform((text) => text === 'true')

const text = (pattern: RegExp, expected: string) =>
  z.string({ error: `expected ${expected}` }).regex(pattern, { error: `expected ${expected}` })

/** Plain HTTP would show the broker's token, or let somebody else's candles in. */
const httpsUrl = z.url({ protocol: /^https$/, error: 'expected an https URL' })

const HOST_NAME = 'a host name such as orders.example.com'

const MINUTES = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720]
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
]
const oneOf = (values: readonly number[]) => {
  const error = `expected one of ${values.join(', ')}`
  return z
    .string()
    .regex(/^\d{1,4}$/, { error })
    .transform(Number)
    .refine((value) => values.includes(value), { error })
}

/** An OpenID Connect client; people sign in by it who are in one of the two lists. */
const OIDC = ['oidcIssuer', 'oidcClientId', 'oidcClientSecret'] as const

/** Every key that is no secret, with its default; docs/operations.md has them as a table. */
export const PLAIN = z.strictObject({
  brokerUrl: httpsUrl.pipe(serviceUrl),
  brokerDedupes: boolean.default(false),
  brokerSettleSeconds: wholeNumber(0, 86_400).default(600),
  marketUrl: httpsUrl.pipe(serviceUrl),
  runsEnabled: boolean.default(true),
  // A cron expression begins anew with every hour and every day.
  runEveryMinutes: oneOf(MINUTES).default(30),
  runOnWeekends: boolean.default(false),
  retentionSeconds: wholeNumber(1, 315_360_000).default(604_800),
  protectTables: boolean.default(true),
  engineMemoryMegabytes: wholeNumber(128, 10_240).default(1024),
  engineTimeoutSeconds: wholeNumber(30, 900).default(300),
  httpMemoryMegabytes: wholeNumber(128, 10_240).default(512),
  httpReservedConcurrency: wholeNumber(1, 1000).optional(),
  requestsPerSecond: wholeNumber(1, 10_000).default(50),
  requestBurst: wholeNumber(1, 5000).default(100),
  apiRequestsPerSecond: wholeNumber(0, 1_000_000).default(50),
  corsOrigins: origins.optional(),
  domainName: text(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, HOST_NAME)
    // Every browser writes 127.1 or 999.999 otherwise, or not at all.
    .refine((name) => isOrigin(`https://${name}`), {
      error: ({ input }) => `expected ${HOST_NAME}, got "${String(input)}"`,
    })
    .optional(),
  certificateArn: text(/^arn:[\w-]+:acm:[\w:/-]+$/, 'the ARN of an ACM certificate').optional(),
  oidcIssuer: httpsUrl.optional(),
  oidcClientId: text(/./, 'the id of a client').optional(),
  oidcOperators: emails.optional(),
  oidcViewers: emails.optional(),
  alarmEmail: z.email({ error: 'expected an e-mail address' }).optional(),
  logLevel: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'], {
      error: 'expected debug, info, warn, error or silent',
    })
    .default('info'),
  logRetentionDays: oneOf(LOG_RETENTION_DAYS).default(30),
  tags: z
    .string()
    .transform((json, context): unknown => {
      try {
        return JSON.parse(json)
      } catch {
        context.addIssue({ code: 'custom', message: 'expected a JSON object' })
        return z.NEVER
      }
    })
    .pipe(z.record(z.string(), z.string(), { error: 'expected a JSON object of texts' }))
    .optional(),
})

/** Every key that is set with `--secret` only. */
export const SECRET = ['brokerToken', 'oidcClientSecret'] as const

type SecretSettings = Partial<Record<(typeof SECRET)[number], Output<string>>>
export type Settings = z.output<typeof PLAIN> & SecretSettings

/** What every resource of one deployment is named and tagged by. */
export interface Deployment {
  /** The stack: `prod`. */
  stack: string
  /** What names begin with: `ordertrail-prod`. */
  name: string
  tags: Record<string, string>
  settings: Settings
}

/** Whether a value is stored encrypted; Pulumi's types keep it to itself. */
const { isConfigSecret } = runtime as typeof runtime & { isConfigSecret: (key: string) => boolean }

/** Keys that mean nothing without one another. */
const incomplete = (given: ReadonlySet<string>, together: readonly string[]): string[] => {
  const missing = together.filter((key) => !given.has(key))
  if (missing.length === 0 || missing.length === together.length) return []
  return missing.map((key) => {
    const present = together.filter((other) => given.has(other))
    return `${key}: is required, as ${present.join(' and ')} ${present.length === 1 ? 'is' : 'are'} set`
  })
}

const problemsOf = (values: Record<string, string>, given: ReadonlySet<string>): string[] => {
  const parsed = PLAIN.safeParse(values)
  const people = given.has('oidcOperators') || given.has('oidcViewers')
  return [
    ...(parsed.success ? [] : [describeFieldErrors(fieldErrors(parsed.error.issues, values))]),
    ...incomplete(given, OIDC),
    ...incomplete(given, ['domainName', 'certificateArn']),
    ...(given.has('oidcIssuer') && !people
      ? ['oidcOperators: is required, as oidcIssuer is set: nobody could sign in']
      : []),
    ...(people && !given.has('oidcIssuer')
      ? ['oidcIssuer: is required, as oidcOperators or oidcViewers is set']
      : []),
  ]
}

/**
 * The configuration of the stack, read once.
 * @throws RunError that names every bad key, with its value and what was expected
 */
export const readDeployment = (): Deployment => {
  const config = new Config()
  const stack = getStack()
  const prefix = `${config.name}:`
  const keys = Object.keys(runtime.allConfig())
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length))
  const secretKeys: readonly string[] = SECRET
  const values = Object.fromEntries(
    keys.filter((key) => !secretKeys.includes(key)).map((key) => [key, config.require(key)]),
  )
  const problems = problemsOf(values, new Set(keys))
  for (const key of keys.filter((each) => secretKeys.includes(each))) {
    if (isConfigSecret(prefix + key)) continue
    problems.push(`${key}: is stored as plain text: expected it to be set with --secret`)
  }
  if (!/^[a-z][a-z0-9-]{0,29}$/.test(stack)) {
    problems.unshift(
      `stack: expected at most 30 lower-case letters, digits and -, as it is part of every name, got ${JSON.stringify(stack)}`,
    )
  }
  if (problems.length > 0) {
    throw new RunError(
      `configuration of the stack: ${problems.join('; ')}. docs/operations.md lists the keys; set one with \`pulumi -C pulumi config set KEY VALUE\``,
    )
  }
  const plain = PLAIN.parse(values)
  const secrets: SecretSettings = {}
  for (const key of SECRET) {
    const value = config.getSecret(key)
    if (value) secrets[key] = value
  }
  return {
    stack,
    name: `ordertrail-${stack}`,
    tags: { ...plain.tags, application: 'ordertrail', deployment: stack },
    settings: { ...plain, ...secrets },
  }
}
