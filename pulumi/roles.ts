import type { Table } from '@pulumi/aws/dynamodb/index.js'
import { Role, RolePolicy } from '@pulumi/aws/iam/index.js'
import type { LogGroup } from '@pulumi/aws/cloudwatch/index.js'
import type { Key } from '@pulumi/aws/kms/index.js'
import type { Function } from '@pulumi/aws/lambda/index.js'
import type { Parameter } from '@pulumi/aws/ssm/index.js'
import { interpolate, jsonStringify, type Input } from '@pulumi/pulumi'
import { TABLES, type Tables } from '../src/data/table-definitions.ts'
import type { Deployment } from './config.ts'
import type { Queues } from './queues.ts'
import type { Secrets } from './secrets.ts'

interface Statement {
  Effect: 'Allow' | 'Deny'
  Action: string[]
  Resource: Input<string>[]
  Condition?: Record<string, Record<string, Input<string>>>
}

type TableResources = Record<keyof Tables, Table>
type Grants = Partial<Record<keyof Tables, { table?: string[]; indexes?: string[] }>>

const TABLE_KEYS = Object.keys(TABLES) as (keyof Tables)[]

/** What the engine does with each table: decide, claim and record. */
const ENGINE_GRANTS: Grants = {
  workflows: { table: ['GetItem', 'Scan', 'UpdateItem'] },
  workflow_orders: { table: ['PutItem'] },
  order_intents: {
    table: ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'],
    indexes: ['Query'],
  },
}

/** What the http function does with each table: show orders, and change workflows. */
const HTTP_GRANTS: Grants = {
  workflows: { table: ['GetItem', 'Scan', 'PutItem', 'UpdateItem', 'DeleteItem'] },
  workflow_orders: { table: ['Query'], indexes: ['Query'] },
  order_intents: { indexes: ['Query'] },
  signed_out_sessions: { table: ['GetItem', 'PutItem'] },
}

const dynamodb = (actions: readonly string[]): string[] =>
  actions.map((action) => `dynamodb:${action}`)

const tableStatements = (tables: TableResources, grants: Grants): Statement[] =>
  TABLE_KEYS.flatMap((key): Statement[] => {
    const { table = [], indexes = [] } = grants[key] ?? {}
    const { arn } = tables[key]
    const indexArns = TABLES[key].indexes.map(({ name }) => interpolate`${arn}/index/${name}`)
    const allowed: Statement[] = [
      { Effect: 'Allow', Action: dynamodb(table), Resource: [arn] },
      { Effect: 'Allow', Action: dynamodb(indexes), Resource: indexArns },
    ]
    return allowed.filter(({ Action }) => Action.length > 0)
  })

/** Holds whatever else the role is given one day: the trail only grows, and tables stay. */
const trailStatements = (tables: TableResources): Statement[] => [
  {
    Effect: 'Deny',
    Action: dynamodb(['DeleteTable', 'UpdateTable', 'UpdateTimeToLive']),
    Resource: TABLE_KEYS.map((key) => tables[key].arn),
  },
  {
    Effect: 'Deny',
    Action: dynamodb(['DeleteItem', 'UpdateItem']),
    Resource: [tables.workflow_orders.arn],
  },
]

const logStatement = (logGroup: LogGroup): Statement => ({
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  // Lambda names the streams of the group.
  Resource: [interpolate`${logGroup.arn}:log-stream:*`],
})

/** Reads parameters, and decrypts no other text by the key than theirs. */
const secretStatements = (parameters: (Parameter | undefined)[], key: Key | undefined) => {
  const arns = parameters.flatMap((parameter) => parameter?.arn ?? [])
  if (arns.length === 0 || !key) return []
  return [
    { Effect: 'Allow' as const, Action: ['ssm:GetParameter'], Resource: arns },
    ...arns.map((arn): Statement => ({
      Effect: 'Allow',
      Action: ['kms:Decrypt'],
      Resource: [key.arn],
      Condition: { StringEquals: { 'kms:EncryptionContext:PARAMETER_ARN': arn } },
    })),
  ]
}

const ANY_READ = ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParameterHistory']

/** A role that one service assumes, and the one policy that says all it may do. */
const createRole = (
  { name, tags }: Deployment,
  suffix: string,
  service: string,
  statements: Statement[],
  condition?: Statement['Condition'],
) => {
  const role = new Role(suffix, {
    name: `${name}-${suffix}`,
    assumeRolePolicy: jsonStringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service: service },
          ...(condition ? { Condition: condition } : {}),
        },
      ],
    }),
    tags,
  })
  const policy = new RolePolicy(suffix, {
    name: suffix,
    role: role.name,
    policy: jsonStringify({ Version: '2012-10-17', Statement: statements }),
  })
  return { role, policy }
}
export type CreatedRole = ReturnType<typeof createRole>

interface FunctionRoleInputs {
  logGroup: LogGroup
  tables: TableResources
  secrets: Secrets
}

/** The engine: it decides, claims, records and keeps what could not be recorded, and cannot sign anybody in. */
export const createEngineRole = (
  deployment: Deployment,
  { logGroup, tables, secrets, queues }: FunctionRoleInputs & { queues: Queues },
): CreatedRole =>
  createRole(deployment, 'engine', 'lambda.amazonaws.com', [
    logStatement(logGroup),
    ...tableStatements(tables, ENGINE_GRANTS),
    ...secretStatements([secrets.brokerToken], secrets.engineKey),
    {
      Effect: 'Allow',
      Action: ['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage'],
      Resource: [queues.outbox.arn],
    },
    // Lambda puts calls there, in the name of the function, that failed to the end.
    { Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: [queues.deadLetters.arn] },
    ...trailStatements(tables),
    {
      Effect: 'Deny',
      Action: ANY_READ,
      Resource: [secrets.access, secrets.oidcClientSecret].flatMap((each) => each?.arn ?? []),
    },
  ])

/** The http function: it shows orders, changes workflows and asks the engine for runs, and cannot trade. */
export const createHttpRole = (
  deployment: Deployment,
  {
    logGroup,
    tables,
    secrets,
    queues,
    engine,
  }: FunctionRoleInputs & { queues: Queues; engine: Function },
): CreatedRole =>
  createRole(deployment, 'http', 'lambda.amazonaws.com', [
    logStatement(logGroup),
    ...tableStatements(tables, HTTP_GRANTS),
    ...secretStatements([secrets.access, secrets.oidcClientSecret], secrets.httpKey),
    { Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: [engine.arn] },
    ...trailStatements(tables),
    ...(secrets.brokerToken
      ? [{ Effect: 'Deny' as const, Action: ANY_READ, Resource: [secrets.brokerToken.arn] }]
      : []),
    {
      Effect: 'Deny',
      Action: ['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:PurgeQueue'],
      Resource: [queues.outbox.arn, queues.outboxDeadLetters.arn, queues.deadLetters.arn],
    },
  ])

/** What the schedules call the engine as; nobody else's schedules may. */
export const createSchedulerRole = (
  deployment: Deployment,
  {
    engine,
    queues,
    account,
    scheduleGroupArn,
  }: {
    engine: Function
    queues: Queues
    account: Input<string>
    scheduleGroupArn: Input<string>
  },
): CreatedRole =>
  createRole(
    deployment,
    'scheduler',
    'scheduler.amazonaws.com',
    [
      { Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: [engine.arn] },
      { Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: [queues.deadLetters.arn] },
    ],
    { StringEquals: { 'aws:SourceAccount': account, 'aws:SourceArn': scheduleGroupArn } },
  )
