import { getCallerIdentityOutput } from '@pulumi/aws/getCallerIdentity.js'
import { interpolate } from '@pulumi/pulumi'
import { createAlarms } from './alarms.ts'
import { createApi, createStage } from './api.ts'
import { readDeployment } from './config.ts'
import { createDashboard } from './dashboard.ts'
import { createDomain } from './domain.ts'
import { commandEnvironment, engineEnvironment, httpEnvironment } from './environment.ts'
import { createEngine, createHttp, createLogGroup } from './functions.ts'
import { createQueues } from './queues.ts'
import { createEngineRole, createHttpRole } from './roles.ts'
import { createSchedules } from './schedules.ts'
import { createSecrets } from './secrets.ts'
import { createTables } from './tables.ts'

const deployment = readDeployment()

const tables = createTables(deployment)
const queues = createQueues(deployment)
const secrets = createSecrets(deployment)

const engineLogGroup = createLogGroup(deployment, 'engine')
const engineVariables = engineEnvironment(deployment, { queues, secrets })
const engine = createEngine(deployment, {
  queues,
  logGroup: engineLogGroup,
  role: createEngineRole(deployment, { logGroup: engineLogGroup, tables, secrets, queues }),
  environment: engineVariables,
})

const { domainName } = deployment.settings
const api = createApi(deployment)
/** Where people and clients find the app. */
export const url = domainName === undefined ? api.apiEndpoint : `https://${domainName}`

const httpLogGroup = createLogGroup(deployment, 'http')
const httpVariables = httpEnvironment(deployment, { secrets, engineArn: engine.arn, url })
const http = createHttp(deployment, {
  logGroup: httpLogGroup,
  role: createHttpRole(deployment, { logGroup: httpLogGroup, tables, secrets, queues, engine }),
  environment: httpVariables,
})
const stage = createStage(deployment, { api, http })
const domain = createDomain(deployment, { api, stage })

createSchedules(deployment, { engine, queues, account: getCallerIdentityOutput().accountId })
const alarms = createAlarms(deployment, { engine, http, api, queues })
const dashboard = createDashboard(deployment, { engine, http, api, queues, alarms })

const { region } = engine

/** What the DNS record of the custom domain must point to; null without one. */
export const domainTarget = domain?.target ?? null
/** For commands such as `ordertrail token create`: what the shell should export. */
export const environment = commandEnvironment(region, engineVariables, httpVariables)
export const functionNames = { engine: engine.name, http: http.name }
export const tableNames = Object.fromEntries(
  Object.entries(tables).map(([key, table]) => [key, table.name]),
)
export const parameterNames = {
  access: secrets.access.name,
  brokerToken: secrets.brokerToken?.name,
  oidcClientSecret: secrets.oidcClientSecret?.name,
}
export const queueUrls = {
  outbox: queues.outbox.url,
  outboxDeadLetters: queues.outboxDeadLetters.url,
  deadLetters: queues.deadLetters.url,
}
export const dashboardUrl = interpolate`https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboard.dashboardName}`
