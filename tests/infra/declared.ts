import { runtime } from '@pulumi/pulumi'
import { MockMonitor } from '@pulumi/pulumi/runtime/mocks.js'
import { vi } from 'vitest'

type Inputs = Record<string, any>

/** A resource as the program declares it. */
export interface Declared {
  type: string
  name: string
  inputs: Inputs
  /** `pulumi destroy` refuses to delete it. */
  isProtected: boolean
  ignoredChanges: string[]
}

const PROJECT = 'ordertrail'
export const ACCOUNT = '123456789012'
export const REGION = 'eu-west-1'

/** An ARN of a made-up resource, so that every reference can be told from every other. */
const arnOf = (type: string, name: string): string =>
  `arn:aws:${type.split('/')[0]?.replace('aws:', '')}:${REGION}:${ACCOUNT}:${name}`

/** What AWS would add to the resource. */
const stateOf = (type: string, name: string, inputs: Inputs): Inputs => ({
  ...inputs,
  arn: arnOf(type, inputs['name'] ?? name),
  region: REGION,
  name: inputs['name'] ?? name,
  ...(type === 'aws:sqs/queue:Queue'
    ? { url: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${inputs['name']}` }
    : {}),
  ...(type === 'aws:apigatewayv2/api:Api'
    ? {
        apiEndpoint: `https://abc.execute-api.${REGION}.amazonaws.com`,
        executionArn: `arn:aws:execute-api:${REGION}:${ACCOUNT}:abc`,
      }
    : {}),
  ...(type === 'aws:apigatewayv2/domainName:DomainName'
    ? {
        domainNameConfiguration: {
          ...inputs['domainNameConfiguration'],
          targetDomainName: `d-abc.execute-api.${REGION}.amazonaws.com`,
        },
      }
    : {}),
})

/** Settings that a stack cannot do without. */
export const MINIMAL = {
  brokerUrl: 'https://broker.example/v1',
  marketUrl: 'https://prices.example/candles',
}

/** Every setting, with a value other than its default. */
export const FULL = {
  ...MINIMAL,
  brokerDedupes: 'true',
  brokerSettleSeconds: '90',
  runEveryMinutes: '15',
  runOnWeekends: 'true',
  retentionSeconds: '86400',
  engineMemoryMegabytes: '2048',
  engineTimeoutSeconds: '240',
  httpMemoryMegabytes: '1024',
  httpReservedConcurrency: '20',
  requestsPerSecond: '20',
  requestBurst: '40',
  apiRequestsPerSecond: '10',
  corsOrigins: 'https://app.example',
  domainName: 'orders.example.com',
  certificateArn: `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/0b5e`,
  oidcIssuer: 'https://login.example',
  oidcClientId: 'ordertrail',
  oidcOperators: 'olivia@example.com, omar@example.com',
  oidcViewers: 'vera@example.com',
  alarmEmail: 'duty@example.com',
  logLevel: 'warn',
  logRetentionDays: '90',
  tags: '{"team":"trading"}',
}
export const SECRETS = {
  brokerToken: 'planted-broker-token',
  oidcClientSecret: 'planted-oidc-secret',
}

/** Runs the real program as `pulumi up` would, and returns all that it declares and puts out. */
export const declare = async (
  settings: Record<string, string>,
  { secrets = {}, stack = 'prod' }: { secrets?: Record<string, string>; stack?: string } = {},
) => {
  const resources: Declared[] = []
  const options = new Map<string, Pick<Declared, 'isProtected' | 'ignoredChanges'>>()
  using _spy = vi.spyOn(MockMonitor.prototype, 'registerResource').mockImplementation(function (
    this: MockMonitor,
    request,
    callback,
  ) {
    options.set(`${request.getType()} ${request.getName()}`, {
      isProtected: request.getProtect(),
      ignoredChanges: request.getIgnorechangesList(),
    })
    return registerResource.call(this, request, callback)
  })
  await runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const noted = options.get(`${type} ${name}`)
        resources.push({ type, name, inputs, isProtected: false, ignoredChanges: [], ...noted })
        return { id: `${name}-id`, state: stateOf(type, name, inputs) }
      },
      call: ({ token }) =>
        token === 'aws:index/getCallerIdentity:getCallerIdentity' ? { accountId: ACCOUNT } : {},
    },
    PROJECT,
    stack,
  )
  const all = Object.entries({ ...settings, ...secrets })
  runtime.setAllConfig(
    Object.fromEntries(all.map(([key, value]) => [`${PROJECT}:${key}`, value])),
    Object.keys(secrets).map((key) => `${PROJECT}:${key}`),
  )
  vi.resetModules()
  const outputs: Record<string, unknown> = await import('../../pulumi/index.ts')
  await runtime.disconnect()
  return { resources, outputs }
}

export type Program = Awaited<ReturnType<typeof declare>>

/** All resources of a type, by its last part: `Table`. */
export const ofType = ({ resources }: Program, type: string): Declared[] =>
  resources.filter((resource) => resource.type.endsWith(`:${type}`))

/** The inputs of one resource. */
export const inputsOf = (program: Program, type: string, name: string): Inputs => {
  const found = ofType(program, type).find((resource) => resource.name === name)
  if (!found) throw new Error(`the program declares no ${type} ${name}`)
  return found.inputs
}

// Bound by `call`, to the monitor of the moment.
// oxlint-disable-next-line typescript/unbound-method
const registerResource = MockMonitor.prototype.registerResource
