import { LogGroup } from '@pulumi/aws/cloudwatch/index.js'
import { Function, FunctionEventInvokeConfig } from '@pulumi/aws/lambda/index.js'
import { asset, type Input } from '@pulumi/pulumi'
import type { Deployment } from './config.ts'
import type { Queues } from './queues.ts'
import type { CreatedRole } from './roles.ts'

/** API Gateway gives up after 30 s. */
const HTTP_TIMEOUT_SECONDS = 29

/** Where one function writes its log; made before it, or Lambda makes one that keeps all for ever. */
export const createLogGroup = ({ name, tags, settings }: Deployment, suffix: string): LogGroup =>
  new LogGroup(suffix, {
    name: `/aws/lambda/${name}-${suffix}`,
    retentionInDays: settings.logRetentionDays,
    tags,
  })

interface FunctionInputs {
  logGroup: LogGroup
  role: CreatedRole
  environment: Record<string, Input<string>>
}

const createFunction = (
  { name, tags }: Deployment,
  suffix: 'engine' | 'http',
  { logGroup, role: { role, policy }, environment }: FunctionInputs,
  limits: { memorySize: number; timeout: number; reservedConcurrentExecutions?: number },
): Function =>
  new Function(
    suffix,
    {
      name: `${name}-${suffix}`,
      runtime: 'nodejs24.x',
      architectures: ['arm64'],
      code: new asset.FileArchive(`../dist/lambda/${suffix}`),
      handler: 'index.handler',
      role: role.arn,
      environment: { variables: environment },
      // The lines are JSON already, and Lambda must not wrap those that are metrics.
      loggingConfig: { logFormat: 'Text', logGroup: logGroup.name },
      tags,
      ...limits,
    },
    { dependsOn: [policy] },
  )

/**
 * The engine. Never two of it at once: where DynamoDB is down and the broker takes the same order
 * twice, that is what keeps a second delivery from placing it again.
 */
export const createEngine = (
  deployment: Deployment,
  { queues, ...inputs }: FunctionInputs & { queues: Queues },
): Function => {
  const { engineMemoryMegabytes, engineTimeoutSeconds } = deployment.settings
  const engine = createFunction(deployment, 'engine', inputs, {
    memorySize: engineMemoryMegabytes,
    timeout: engineTimeoutSeconds,
    reservedConcurrentExecutions: 1,
  })
  new FunctionEventInvokeConfig(
    'engine',
    {
      functionName: engine.name,
      maximumRetryAttempts: 2,
      // A call waits for the one before it; a run that comes late records and places nothing.
      maximumEventAgeInSeconds: 3600,
      destinationConfig: { onFailure: { destination: queues.deadLetters.arn } },
    },
    { dependsOn: [inputs.role.policy] },
  )
  return engine
}

/** What API Gateway calls. */
export const createHttp = (deployment: Deployment, inputs: FunctionInputs): Function => {
  const { httpMemoryMegabytes, httpReservedConcurrency } = deployment.settings
  return createFunction(deployment, 'http', inputs, {
    memorySize: httpMemoryMegabytes,
    timeout: HTTP_TIMEOUT_SECONDS,
    ...(httpReservedConcurrency === undefined
      ? {}
      : { reservedConcurrentExecutions: httpReservedConcurrency }),
  })
}
