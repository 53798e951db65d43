import { resolve } from 'node:path'
import { z } from 'zod'
import { DomainError, describeFieldErrors, fieldErrors } from './domain/errors.ts'

const LOOPBACK = ['127.0.0.1', '::1', 'localhost']

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, { error: `expected a whole number from ${min} to ${max}` })
    .transform(Number)
    .pipe(
      z
        .number()
        .min(min, { error: `expected a whole number from ${min} to ${max}` })
        .max(max, { error: `expected a whole number from ${min} to ${max}` }),
    )

const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an http or https URL' })

/** True for what a browser sends as `Origin`: scheme, host and port of one site, and nothing else. */
const isOrigin = (text: string): boolean =>
  /^https?:[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text

const origin = z.string().refine(isOrigin, {
  error: ({ input }) =>
    `expected an origin such as https://app.example, without a path, got "${String(input)}"`,
})

const origins = z
  .string()
  .transform((text) => text.split(',').map((each) => each.trim()))
  .pipe(z.array(origin))

const Environment = z
  .object({
    HOST: z
      .enum(LOOPBACK, {
        error: `expected ${LOOPBACK.join(', ')}: there is no sign-in yet, so nobody else may reach it`,
      })
      .default('127.0.0.1'),
    PORT: wholeNumber(0, 65_535).default(3000),
    DATA_DIR: z.string().default('.ordertrail'),
    RETENTION_SECONDS: wholeNumber(1, 315_360_000).default(604_800),
    DYNAMODB: z
      .enum(['embedded', 'aws'], { error: 'expected embedded or aws' })
      .default('embedded'),
    AWS_ENDPOINT_URL_DYNAMODB: z.url({ error: 'expected a URL' }).optional(),
    AWS_REGION: z.string().default('us-east-1'),
    TABLE_PREFIX: z
      .string()
      .regex(/^[A-Za-z0-9_.-]{0,100}$/, { error: 'expected letters, digits, _ . or -' })
      .default(''),
    MARKET: z.enum(['replay', 'csv'], { error: 'expected replay or csv' }).default('replay'),
    MARKET_DIR: z.string().optional(),
    BROKER: z.enum(['paper', 'http'], { error: 'expected paper or http' }).default('paper'),
    BROKER_URL: httpUrl.optional(),
    BROKER_DEDUPES: z.enum(['true', 'false'], { error: 'expected true or false' }).default('false'),
    BROKER_SETTLE_SECONDS: wholeNumber(0, 86_400).default(600),
    SPOOL_QUEUE_URL: httpUrl.optional(),
    API_REQUESTS_PER_SECOND: wholeNumber(0, 1_000_000).default(50),
    CORS_ORIGINS: origins.default([]),
    TICK_SECONDS: wholeNumber(1, 86_400).optional(),
    LOG_LEVEL: z
      .enum(['debug', 'info', 'warn', 'error', 'silent'], {
        error: 'expected debug, info, warn, error or silent',
      })
      .default('info'),
  })
  .refine(({ MARKET, MARKET_DIR }) => MARKET !== 'csv' || MARKET_DIR, {
    path: ['MARKET_DIR'],
    error: 'expected the folder of the CODE_UNITTIME.csv files, as MARKET is csv',
  })
  .refine(({ BROKER, BROKER_URL }) => BROKER !== 'http' || BROKER_URL, {
    path: ['BROKER_URL'],
    error: 'expected the address that the broker has its /orders at, as BROKER is http',
  })

/** Where the tables are: in this process, at an endpoint, or at AWS by its default rules. */
export type StoreConfig =
  | { kind: 'embedded'; directory: string }
  | { kind: 'endpoint'; endpoint: string }
  | { kind: 'aws' }

/** The broker's own book in the data folder, or one that is reached over HTTP. */
export type BrokerConfig =
  | { kind: 'paper' }
  | { kind: 'http'; url: string; dedupes: boolean; settle_seconds: number }

export type MarketConfig = { kind: 'replay' } | { kind: 'csv'; directory: string }

/**
 * All settings, read once by an entry point; README.md has them as a table. Relative folders are
 * taken from the working directory. Empty variables count as not set.
 * @throws DomainError `invalid` that names every bad variable
 */
export const readConfig = (environment: Record<string, string | undefined>) => {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = Environment.safeParse(given)
  if (!parsed.success) {
    const errors = fieldErrors(parsed.error.issues, given)
    throw new DomainError('invalid', `configuration: ${describeFieldErrors(errors)}`, { errors })
  }
  const env = parsed.data
  const data_dir = resolve(env.DATA_DIR)
  const store: StoreConfig = env.AWS_ENDPOINT_URL_DYNAMODB
    ? { kind: 'endpoint', endpoint: env.AWS_ENDPOINT_URL_DYNAMODB }
    : env.DYNAMODB === 'aws'
      ? { kind: 'aws' }
      : { kind: 'embedded', directory: resolve(data_dir, 'dynamodb') }
  const market: MarketConfig =
    env.MARKET === 'csv'
      ? { kind: 'csv', directory: resolve(env.MARKET_DIR ?? '.') }
      : { kind: 'replay' }
  const broker: BrokerConfig =
    env.BROKER === 'http'
      ? {
          kind: 'http',
          url: (env.BROKER_URL ?? '').replace(/\/$/, ''),
          dedupes: env.BROKER_DEDUPES === 'true',
          settle_seconds: env.BROKER_SETTLE_SECONDS,
        }
      : { kind: 'paper' }
  return Object.freeze({
    host: env.HOST,
    port: env.PORT,
    data_dir,
    retention_seconds: env.RETENTION_SECONDS,
    store,
    region: env.AWS_REGION,
    table_prefix: env.TABLE_PREFIX,
    market,
    broker,
    /** Where no disk lasts: the queue for placed orders that could not be recorded. */
    spool_queue_url: env.SPOOL_QUEUE_URL ?? null,
    /** How many requests a second the API answers one address; 0 for any number. */
    requests_per_second: env.API_REQUESTS_PER_SECOND,
    cors_origins: env.CORS_ORIGINS,
    tick_seconds: env.TICK_SECONDS ?? (market.kind === 'replay' ? 5 : 60),
    log_level: env.LOG_LEVEL,
  })
}
export type Config = ReturnType<typeof readConfig>
