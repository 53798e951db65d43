import { all, type Input, type Output } from '@pulumi/pulumi'
import type { Deployment } from './config.ts'
import type { Queues } from './queues.ts'
import type { Secrets } from './secrets.ts'
import { tablePrefix } from './tables.ts'

type Environment = Record<string, Input<string>>

/** Without the keys that have no value. */
const defined = (environment: Record<string, Input<string> | undefined>): Environment =>
  Object.fromEntries(
    Object.entries(environment).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, value]],
    ),
  )

const shared = (deployment: Deployment): Environment => {
  const { marketUrl, retentionSeconds, logLevel } = deployment.settings
  return {
    NODE_OPTIONS: '--enable-source-maps',
    DEPLOYMENT: deployment.stack,
    DYNAMODB: 'aws',
    TABLE_PREFIX: tablePrefix(deployment),
    RETENTION_SECONDS: String(retentionSeconds),
    MARKET: 'http',
    MARKET_URL: marketUrl,
    LOG_LEVEL: logLevel,
  }
}

/** The environment variables of the engine function: nothing about people and sign-in. */
export const engineEnvironment = (
  deployment: Deployment,
  { queues, secrets }: { queues: Queues; secrets: Secrets },
): Environment => {
  const { brokerUrl, brokerDedupes, brokerSettleSeconds } = deployment.settings
  return defined({
    ...shared(deployment),
    BROKER: 'http',
    BROKER_URL: brokerUrl,
    BROKER_DEDUPES: String(brokerDedupes),
    BROKER_SETTLE_SECONDS: String(brokerSettleSeconds),
    BROKER_TOKEN_PARAMETER: secrets.brokerToken?.name,
    SPOOL_QUEUE_URL: queues.outbox.url,
  })
}

/** The environment variables of the http function: nothing about the broker. */
export const httpEnvironment = (
  deployment: Deployment,
  { secrets, engineArn, url }: { secrets: Secrets; engineArn: Input<string>; url: Input<string> },
): Environment => {
  const { settings } = deployment
  return defined({
    ...shared(deployment),
    ACCESS_PARAMETER: secrets.access.name,
    ENGINE_FUNCTION: engineArn,
    RUN_EVERY_MINUTES: String(settings.runEveryMinutes),
    RUN_ON_WEEKENDS: String(settings.runOnWeekends),
    API_REQUESTS_PER_SECOND: String(settings.apiRequestsPerSecond),
    CORS_ORIGINS: settings.corsOrigins?.join(','),
    PUBLIC_URL: url,
    OIDC_ISSUER: settings.oidcIssuer,
    OIDC_CLIENT_ID: settings.oidcClientId,
    OIDC_CLIENT_SECRET_PARAMETER: secrets.oidcClientSecret?.name,
    OIDC_OPERATORS: settings.oidcOperators?.join(','),
    OIDC_VIEWERS: settings.oidcViewers?.join(','),
  })
}

/** Nothing of what the functions alone need, and no value with a space in it. */
const FOR_COMMANDS = [
  'DYNAMODB',
  'TABLE_PREFIX',
  'RETENTION_SECONDS',
  'MARKET',
  'MARKET_URL',
  'BROKER',
  'BROKER_URL',
  'BROKER_DEDUPES',
  'BROKER_SETTLE_SECONDS',
  'BROKER_TOKEN_PARAMETER',
  'SPOOL_QUEUE_URL',
  'ACCESS_PARAMETER',
  'ENGINE_FUNCTION',
  'RUN_EVERY_MINUTES',
  'RUN_ON_WEEKENDS',
]

/** What commands need to know of this deployment, as `KEY=value KEY=value` for a shell's `export`. */
export const commandEnvironment = (
  region: Input<string>,
  ...functions: readonly Environment[]
): Output<string> => {
  const known = Object.assign({ AWS_REGION: region }, ...functions) as Environment
  return all(known).apply((values) =>
    ['AWS_REGION', ...FOR_COMMANDS]
      .filter((key) => key in values)
      .map((key) => `${key}=${values[key]}`)
      .join(' '),
  )
}
