import { Api, Integration, Route, Stage } from '@pulumi/aws/apigatewayv2/index.js'
import { LogGroup } from '@pulumi/aws/cloudwatch/index.js'
import { Permission, type Function } from '@pulumi/aws/lambda/index.js'
import { interpolate } from '@pulumi/pulumi'
import type { Deployment } from './config.ts'

/** Who asked for what and how it ended. Neither queries nor headers, which may hold secrets. */
const ACCESS_LOG = {
  time: '$context.requestTime',
  request_id: '$context.requestId',
  address: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  bytes: '$context.responseLength',
  milliseconds: '$context.responseLatency',
  problem: '$context.integrationErrorMessage',
}

/** The HTTP API, not yet connected to anything: the http function needs to know its address. */
export const createApi = ({ name, tags, settings }: Deployment): Api =>
  new Api('http', {
    name,
    protocolType: 'HTTP',
    // With a domain there is one way in, so that an origin is one origin.
    disableExecuteApiEndpoint: settings.domainName !== undefined,
    tags,
  })

/** Sends every request to the http function, so many a second at most. */
export const createStage = (
  { name, tags, settings }: Deployment,
  { api, http }: { api: Api; http: Function },
): Stage => {
  const integration = new Integration('http', {
    apiId: api.id,
    integrationType: 'AWS_PROXY',
    integrationUri: http.arn,
    payloadFormatVersion: '2.0',
    timeoutMilliseconds: 30_000,
  })
  const route = new Route('default', {
    apiId: api.id,
    routeKey: '$default',
    target: interpolate`integrations/${integration.id}`,
  })
  const logGroup = new LogGroup('api', {
    // Groups of this name need no room in the account's one policy for log deliveries.
    name: `/aws/vendedlogs/${name}-api`,
    retentionInDays: settings.logRetentionDays,
    tags,
  })
  const stage = new Stage(
    'default',
    {
      apiId: api.id,
      name: '$default',
      autoDeploy: true,
      defaultRouteSettings: {
        throttlingRateLimit: settings.requestsPerSecond,
        throttlingBurstLimit: settings.requestBurst,
        detailedMetricsEnabled: false,
      },
      accessLogSettings: { destinationArn: logGroup.arn, format: JSON.stringify(ACCESS_LOG) },
      tags,
    },
    { dependsOn: [route] },
  )
  new Permission('api', {
    action: 'lambda:InvokeFunction',
    function: http.name,
    principal: 'apigateway.amazonaws.com',
    sourceArn: interpolate`${api.executionArn}/*/$default`,
  })
  return stage
}
