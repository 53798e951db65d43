import { beforeAll, describe, expect, test } from 'vitest'
import type { DynamoClient } from '../../src/data/client.ts'
import { createIntents } from '../../src/data/intents.ts'
import { createTrail } from '../../src/data/orders.ts'
import { createSignedOutSessions } from '../../src/data/signed-out-sessions.ts'
import { tableNames } from '../../src/data/tables.ts'
import { createWorkflows } from '../../src/data/workflows.ts'
import {
  aDefinition,
  aLastRun,
  anIntendedOrder,
  anOrder,
  aPlacedOrder,
  RETENTION,
  WORKFLOW_ID,
} from '../support/builders.ts'
import {
  ACCOUNT,
  declare,
  FULL,
  inputsOf,
  MINIMAL,
  ofType,
  SECRETS,
  type Program,
} from './declared.ts'

interface Statement {
  Effect: string
  Action: string[]
  Resource: string[]
}

let minimal: Program
let full: Program
beforeAll(async () => {
  minimal = await declare(MINIMAL)
  full = await declare(FULL, { secrets: SECRETS })
})

const statementsOf = (program: Program, role: string): Statement[] =>
  JSON.parse(inputsOf(program, 'RolePolicy', role)['policy']).Statement

const may = (role: string, action: string, resource: string): boolean => {
  const about = statementsOf(full, role).filter(
    ({ Action, Resource }) => Action.includes(action) && Resource.includes(resource),
  )
  return about.length > 0 && about.every(({ Effect }) => Effect === 'Allow')
}

const tableArn = (name: string) => `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:${name}`
const table = (name: string) => tableArn(`ordertrail-prod-${name}`)
const parameter = (name: string) => `arn:aws:ssm:eu-west-1:${ACCOUNT}:/ordertrail-prod/${name}`
const queue = (name: string) => `arn:aws:sqs:eu-west-1:${ACCOUNT}:ordertrail-prod-${name}`
const ENGINE = `arn:aws:lambda:eu-west-1:${ACCOUNT}:ordertrail-prod-engine`

describe('of all roles', () => {
  test('none may do anything to everything, but name the streams of its own log', () => {
    for (const program of [minimal, full]) {
      for (const role of ['engine', 'http', 'scheduler']) {
        for (const { Action, Resource } of statementsOf(program, role)) {
          expect(Action.filter((action) => action.includes('*'))).toEqual([])
          const log = `:/aws/lambda/ordertrail-prod-${role}:log-stream:*`
          expect(Resource.filter((arn) => arn.includes('*') && !arn.endsWith(log))).toEqual([])
        }
      }
    }
  })

  test('none can delete a table or an order, or let them expire, whatever else it is given', () => {
    for (const role of ['engine', 'http']) {
      const denied = statementsOf(minimal, role).filter(({ Effect }) => Effect === 'Deny')
      const isDenied = (action: string, arn: string) =>
        denied.some(({ Action, Resource }) => Action.includes(action) && Resource.includes(arn))
      for (const { inputs } of ofType(minimal, 'Table')) {
        expect(isDenied('dynamodb:DeleteTable', tableArn(inputs['name']))).toBe(true)
        expect(isDenied('dynamodb:UpdateTimeToLive', tableArn(inputs['name']))).toBe(true)
      }
      expect(isDenied('dynamodb:DeleteItem', table('workflow_orders'))).toBe(true)
    }
  })
})

describe('on tables', () => {
  /** Stores that note what they ask for, as IAM sees it, and are told nothing. */
  const notingStores = () => {
    const asked = new Set<string>()
    const client: DynamoClient = {
      send: async (command) => {
        const { TableName, IndexName, RequestItems } = (
          command as unknown as { input: Record<string, any> }
        ).input
        const action = command.constructor.name.replace(/^BatchGet$|Command$/g, '')
        const name = TableName ?? Object.keys(RequestItems)[0]
        const resource = IndexName ? `${tableArn(name)}/index/${IndexName}` : tableArn(name)
        asked.add(`dynamodb:${ACTIONS[action]} ${resource}`)
        return { $metadata: {} } as never
      },
      close: () => undefined,
    }
    const tables = tableNames('ordertrail-prod-')
    const logger = { info: () => undefined, warn: () => undefined, error: () => undefined }
    return {
      asked,
      workflows: createWorkflows({ client, tables }),
      trail: createTrail({ client, tables, retention_seconds: RETENTION, logger }),
      intents: createIntents({ client, tables, logger }),
      signedOut: createSignedOutSessions({ client, tables, now: () => 0 }),
    }
  }
  const ACTIONS: Record<string, string> = {
    Get: 'GetItem',
    BatchGet: 'BatchGetItem',
    Put: 'PutItem',
    Update: 'UpdateItem',
    Delete: 'DeleteItem',
    Query: 'Query',
    Scan: 'Scan',
  }
  const allowedOnTables = (role: string): string[] =>
    statementsOf(full, role).flatMap(({ Effect, Action, Resource }) =>
      Effect === 'Allow'
        ? Action.filter((action) => action.startsWith('dynamodb:')).flatMap((action) =>
            Resource.map((resource) => `${action} ${resource}`),
          )
        : [],
    )
  const now = new Date('2026-11-23T10:00:00Z')

  test('the engine may do what its stores ask for to decide, claim and record, and nothing else', async () => {
    const { asked, workflows, trail, intents } = notingStores()
    const order = anOrder()
    await workflows.list(now)
    await workflows.find(WORKFLOW_ID, now)
    await workflows.saveLastRun(WORKFLOW_ID, aLastRun())
    await workflows.saveLastOrder(order)
    await intents.claim(anIntendedOrder(), 'me', now)
    await intents.takeOver(order.order_id, now)
    await intents.markPlaced(aPlacedOrder())
    await trail.recordWorkflowOrder(aPlacedOrder())
    await intents.markRecorded(order, now)
    await intents.close(order.order_id, 'rejected', 'too late', now)
    await intents.find([order.order_id])
    await intents.unresolved()
    await intents.sweptUntil()
    await intents.saveSweptUntil(now.toISOString())
    expect(allowedOnTables('engine').sort()).toEqual([...asked].sort())
  })

  test('the http function may do what its stores ask for to show orders and to change workflows, and nothing else', async () => {
    const { asked, workflows, trail, intents, signedOut } = notingStores()
    await workflows.list(now)
    await workflows.find(WORKFLOW_ID, now)
    await workflows.create(WORKFLOW_ID, aDefinition(), now)
    await workflows.replace(WORKFLOW_ID, aDefinition(), now, 1)
    await workflows.remove(WORKFLOW_ID, 1)
    await trail.getOrder(WORKFLOW_ID, now)
    const page = { sort: '-placed_at' as const, limit: 10, position: null, now }
    await trail.listOrders(page)
    await trail.listOrders({ ...page, workflow_ids: [WORKFLOW_ID] })
    await trail.summarizeWorkflowOrders(WORKFLOW_ID, now)
    await intents.needingAttention(now)
    await signedOut.has('a session')
    await signedOut.add('a session', now)
    expect(allowedOnTables('http').sort()).toEqual([...asked].sort())
  })
})

describe('on everything else', () => {
  test('the engine keeps orders in the outbox and reads its own secret, and nothing of who may sign in', () => {
    expect(may('engine', 'sqs:SendMessage', queue('outbox'))).toBe(true)
    expect(may('engine', 'sqs:ReceiveMessage', queue('outbox'))).toBe(true)
    expect(may('engine', 'sqs:DeleteMessage', queue('outbox'))).toBe(true)
    expect(may('engine', 'sqs:SendMessage', queue('dead-letters'))).toBe(true)
    expect(may('engine', 'ssm:GetParameter', parameter('broker-token'))).toBe(true)

    expect(may('engine', 'ssm:GetParameter', parameter('access'))).toBe(false)
    expect(may('engine', 'ssm:GetParameter', parameter('oidc-client-secret'))).toBe(false)
  })

  test('the http function reads who may sign in and calls the engine, and reaches neither broker nor queue', () => {
    expect(may('http', 'ssm:GetParameter', parameter('access'))).toBe(true)
    expect(may('http', 'ssm:GetParameter', parameter('oidc-client-secret'))).toBe(true)
    expect(may('http', 'lambda:InvokeFunction', ENGINE)).toBe(true)

    expect(may('http', 'ssm:GetParameter', parameter('broker-token'))).toBe(false)
    for (const name of ['outbox', 'outbox-dead-letters', 'dead-letters']) {
      expect(may('http', 'sqs:SendMessage', queue(name))).toBe(false)
    }
  })

  test('a key decrypts for its function, and only the parameters of that function', () => {
    const decrypting = (role: string) =>
      statementsOf(full, role).filter(({ Action }) => Action.includes('kms:Decrypt'))
    const key = (name: string) => [`arn:aws:kms:eu-west-1:${ACCOUNT}:${name}`]
    const of = (name: string) => ({
      StringEquals: { 'kms:EncryptionContext:PARAMETER_ARN': parameter(name) },
    })
    expect(decrypting('engine')).toMatchObject([
      { Resource: key('engine'), Condition: of('broker-token') },
    ])
    expect(decrypting('http')).toMatchObject([
      { Resource: key('http'), Condition: of('access') },
      { Resource: key('http'), Condition: of('oidc-client-secret') },
    ])
  })

  test('only schedules of this account and this deployment may call the engine', () => {
    expect(may('scheduler', 'lambda:InvokeFunction', ENGINE)).toBe(true)
    expect(may('scheduler', 'sqs:SendMessage', queue('dead-letters'))).toBe(true)
    const { Statement } = JSON.parse(inputsOf(full, 'Role', 'scheduler')['assumeRolePolicy'])
    expect(Statement[0].Condition).toEqual({
      StringEquals: {
        'aws:SourceAccount': ACCOUNT,
        'aws:SourceArn': `arn:aws:scheduler:eu-west-1:${ACCOUNT}:ordertrail-prod`,
      },
    })
  })
})
