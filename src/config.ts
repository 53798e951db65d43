import { resolve } from 'node:path'
import { z } from 'zod'
import type { People, Role } from './domain/access.ts'
import { DomainError, describeFieldErrors, fieldErrors } from './domain/errors.ts'
import { emails, origin, origins, serviceUrl } from './domain/settings.ts'

const LOOPBACK = ['127.0.0.1', '::1', 'localhost']

/** True for an address that nobody but this machine can reach. */
export const isLoopback = (host: string): boolean => LOOPBACK.includes(host)

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

/** True when nobody on the way can read or change what is sent. */
const isSafe = (url: string): boolean => {
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || isLoopback(hostname.replace(/^\[|\]$/g, ''))
}

const Environment = z
  .object({
    HOST: z
      .string()
      .regex(/^[A-Za-z0-9.:-]+$/, { error: 'expected an address or a name to listen at' })
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
    MARKET: z
      .enum(['replay', 'csv', 'http'], { error: 'expected replay, csv or http' })
      .default('replay'),
    MARKET_DIR: z.string().optional(),
    MARKET_URL: serviceUrl
      .refine(isSafe, { error: 'expected https, as anybody on the way could change the prices' })
      .optional(),
    BROKER: z.enum(['paper', 'http'], { error: 'expected paper or http' }).default('paper'),
    BROKER_URL: serviceUrl.optional(),
    BROKER_DEDUPES: z.enum(['true', 'false'], { error: 'expected true or false' }).default('false'),
    BROKER_SETTLE_SECONDS: wholeNumber(0, 86_400).default(600),
    BROKER_TOKEN: z.string().optional(),
    BROKER_TOKEN_PARAMETER: z.string().optional(),
    SPOOL_QUEUE_URL: httpUrl.optional(),
    DEPLOYMENT: z.string().default('local'),
    ENGINE_FUNCTION: z.string().optional(),
    RUN_EVERY_MINUTES: wholeNumber(1, 1440)
      .refine((minutes) => 1440 % minutes === 0, {
        error: 'expected minutes of which a day is a multiple, such as 15, 30 or 60',
      })
      .default(30),
    RUN_ON_WEEKENDS: z
      .enum(['true', 'false'], { error: 'expected true or false' })
      .default('false'),
    API_REQUESTS_PER_SECOND: wholeNumber(0, 1_000_000).default(50),
    CORS_ORIGINS: origins.default([]),
    PUBLIC_URL: origin.optional(),
    ACCESS_PARAMETER: z
      .string()
      .regex(/^[A-Za-z0-9_./-]{1,1011}$/, { error: 'expected the name of an SSM parameter' })
      .optional(),
    OIDC_ISSUER: z
      .url({ protocol: /^https$/, error: 'expected the https address of the provider' })
      .optional(),
    OIDC_CLIENT_ID: z.string().optional(),
    OIDC_CLIENT_SECRET: z.string().optional(),
    OIDC_CLIENT_SECRET_PARAMETER: z.string().optional(),
    OIDC_OPERATORS: emails.default([]),
    OIDC_VIEWERS: emails.default([]),
    AWS_LAMBDA_FUNCTION_NAME: z.string().optional(),
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
  .refine(({ MARKET, MARKET_URL }) => MARKET !== 'http' || MARKET_URL, {
    path: ['MARKET_URL'],
    error: 'expected the address that the CODE_UNITTIME.csv files are at, as MARKET is http',
  })
  .refine(({ BROKER, BROKER_URL }) => BROKER !== 'http' || BROKER_URL, {
    path: ['BROKER_URL'],
    error: 'expected the address that the broker has its /orders at, as BROKER is http',
  })
  .refine(
    ({ BROKER_URL, BROKER_TOKEN, BROKER_TOKEN_PARAMETER }) =>
      !BROKER_URL || !(BROKER_TOKEN ?? BROKER_TOKEN_PARAMETER) || isSafe(BROKER_URL),
    {
      path: ['BROKER_URL'],
      error: 'expected https, as anybody on the way could read the token that is sent to it',
    },
  )
  .refine(({ BROKER_TOKEN, BROKER_TOKEN_PARAMETER }) => !BROKER_TOKEN || !BROKER_TOKEN_PARAMETER, {
    path: ['BROKER_TOKEN_PARAMETER'],
    error: 'expected this or BROKER_TOKEN, got both',
  })

  .refine(({ OIDC_ISSUER, PUBLIC_URL }) => !OIDC_ISSUER || PUBLIC_URL, {
    path: ['PUBLIC_URL'],
    error: 'expected the address that the provider at OIDC_ISSUER leads people back to',
  })
  .refine(({ OIDC_ISSUER, OIDC_CLIENT_ID }) => !OIDC_ISSUER || OIDC_CLIENT_ID, {
    path: ['OIDC_CLIENT_ID'],
    error: 'expected as whom we are known at OIDC_ISSUER',
  })
  .refine(
    ({ OIDC_ISSUER, OIDC_CLIENT_SECRET, OIDC_CLIENT_SECRET_PARAMETER }) =>
      !OIDC_ISSUER || !OIDC_CLIENT_SECRET !== !OIDC_CLIENT_SECRET_PARAMETER,
    {
      path: ['OIDC_CLIENT_SECRET'],
      error: 'expected this or OIDC_CLIENT_SECRET_PARAMETER, as OIDC_ISSUER is set',
    },
  )

/** Where the tables are: in this process, at an endpoint, or at AWS by its default rules. */
export type StoreConfig =
  | { kind: 'embedded'; directory: string }
  | { kind: 'endpoint'; endpoint: string }
  | { kind: 'aws' }

/** The broker's own book in the data folder, or one that is reached over HTTP. */
export type BrokerConfig =
  | { kind: 'paper' }
  | {
      kind: 'http'
      url: string
      dedupes: boolean
      settle_seconds: number
      /** The secret that the broker knows us by, or the name of the parameter that holds it. */
      token: { value: string } | { parameter: string } | null
    }

/** Who may come in, and from where. */
export interface AccessConfig {
  /** The SSM parameter with the access document; null for the file in the data folder. */
  parameter: string | null
  file: string
  /** The origin that people know us by, such as that of a proxy in front; null where nobody has said. */
  public_url: string | null
  /** Nobody but this machine can reach us, so that its user needs no token as long as there is none. */
  is_private: boolean
  /** Who may come in by an e-mail address that the provider vouches for. */
  people: People
  /** The OpenID provider that people can sign in at; null where there is none. */
  provider: {
    issuer: string
    client_id: string
    client_secret: { value: string } | { parameter: string }
  } | null
}

export type MarketConfig =
  | { kind: 'replay' }
  | { kind: 'csv'; directory: string }
  | { kind: 'http'; url: string }

const withoutSlash = (url = ''): string => url.replace(/\/$/, '')

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
      : env.MARKET === 'http'
        ? { kind: 'http', url: withoutSlash(env.MARKET_URL) }
        : { kind: 'replay' }
  const broker: BrokerConfig =
    env.BROKER === 'http'
      ? {
          kind: 'http',
          url: withoutSlash(env.BROKER_URL),
          dedupes: env.BROKER_DEDUPES === 'true',
          settle_seconds: env.BROKER_SETTLE_SECONDS,
          token: env.BROKER_TOKEN
            ? { value: env.BROKER_TOKEN }
            : env.BROKER_TOKEN_PARAMETER
              ? { parameter: env.BROKER_TOKEN_PARAMETER }
              : null,
        }
      : { kind: 'paper' }
  const access: AccessConfig = {
    parameter: env.ACCESS_PARAMETER ?? null,
    file: resolve(data_dir, 'access.json'),
    public_url: env.PUBLIC_URL ?? null,
    // A public address means a proxy in front, through which everybody comes from this machine.
    is_private:
      isLoopback(env.HOST) &&
      env.PUBLIC_URL === undefined &&
      env.AWS_LAMBDA_FUNCTION_NAME === undefined,
    people: new Map([
      ...env.OIDC_VIEWERS.map((email): [string, Role] => [email, 'viewer']),
      ...env.OIDC_OPERATORS.map((email): [string, Role] => [email, 'operator']),
    ]),
    provider: env.OIDC_ISSUER
      ? {
          issuer: env.OIDC_ISSUER,
          client_id: env.OIDC_CLIENT_ID ?? '',
          client_secret: env.OIDC_CLIENT_SECRET
            ? { value: env.OIDC_CLIENT_SECRET }
            : { parameter: env.OIDC_CLIENT_SECRET_PARAMETER ?? '' },
        }
      : null,
  }
  return Object.freeze({
    host: env.HOST,
    port: env.PORT,
    data_dir,
    access,
    retention_seconds: env.RETENTION_SECONDS,
    store,
    region: env.AWS_REGION,
    table_prefix: env.TABLE_PREFIX,
    market,
    broker,
    /** Where no disk lasts: the queue for placed orders that could not be recorded. */
    spool_queue_url: env.SPOOL_QUEUE_URL ?? null,
    /** What tells the metrics of this installation from those of others. */
    deployment: env.DEPLOYMENT,
    /** The Lambda function that does the runs, for the one that serves the app. */
    engine_function: env.ENGINE_FUNCTION ?? null,
    /** When the schedule calls that function. */
    run_every_minutes: env.RUN_EVERY_MINUTES,
    run_on_weekends: env.RUN_ON_WEEKENDS === 'true',
    /** How many requests a second the API answers one caller; 0 for any number. */
    requests_per_second: env.API_REQUESTS_PER_SECOND,
    cors_origins: env.CORS_ORIGINS,
    tick_seconds: env.TICK_SECONDS ?? (market.kind === 'replay' ? 5 : 60),
    log_level: env.LOG_LEVEL,
  })
}
export type Config = ReturnType<typeof readConfig>
