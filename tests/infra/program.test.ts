import { readFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import {
  CreateTableCommand,
  UpdateTimeToLiveCommand,
  type CreateTableCommandInput,
} from '@aws-sdk/client-dynamodb'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Output } from '@pulumi/pulumi'
import { PLAIN, SECRET } from '../../pulumi/config.ts'
import { AccessDocument } from '../../src/domain/access.ts'
import { DomainError } from '../../src/domain/errors.ts'
import type { DynamoClient } from '../../src/data/client.ts'
import { createTables } from '../../src/data/tables.ts'
import { readConfig } from '../../src/config.ts'
import { createMetrics } from '../../src/metrics.ts'
import { readEngineFunctionConfig, readHttpFunctionConfig } from '../../src/lambda-config.ts'
import {
  ACCOUNT,
  declare,
  FULL,
  inputsOf,
  MINIMAL,
  ofType,
  REGION,
  SECRETS,
  type Program,
} from './declared.ts'

let minimal: Program
let full: Program
beforeAll(async () => {
  minimal = await declare(MINIMAL)
  full = await declare(FULL, { secrets: SECRETS })
})

const environmentOf = (program: Program, name: string): Record<string, string> =>
  inputsOf(program, 'Function', name)['environment'].variables

describe('tables', () => {
  /** What `ordertrail tables create` asks DynamoDB for. */
  const asked = async (prefix: string) => {
    const created: CreateTableCommandInput[] = []
    const ttl: Record<string, string | undefined> = {}
    const client = {
      send: async (command: { input: CreateTableCommandInput }) => {
        const { TableName } = command.input
        const table = created.find((each) => each.TableName === TableName)
        if (command instanceof CreateTableCommand) created.push(command.input)
        else if (command instanceof UpdateTimeToLiveCommand) {
          const { TableName: name = '', TimeToLiveSpecification } = command.input
          ttl[name] = TimeToLiveSpecification?.AttributeName
        } else if (!table) throw new DomainError('tables_missing', 'no such table')
        return { Table: { TableStatus: 'ACTIVE' }, TimeToLiveDescription: {} }
      },
    }
    await createTables(client as unknown as DynamoClient, prefix)
    return { created, ttl }
  }

  test('they have the keys, the indexes and the TTL attribute that the app itself would give them', async () => {
    const { created, ttl } = await asked('ordertrail-prod-')
    const keysOf = (hash: string, range?: string) => [
      { AttributeName: hash, KeyType: 'HASH' },
      ...(range ? [{ AttributeName: range, KeyType: 'RANGE' }] : []),
    ]
    const declared = ofType(minimal, 'Table').map(({ inputs }) => ({
      TableName: inputs['name'],
      BillingMode: inputs['billingMode'],
      KeySchema: keysOf(inputs['hashKey'], inputs['rangeKey']),
      AttributeDefinitions: inputs['attributes'].map(({ name, type }: Record<string, string>) => ({
        AttributeName: name,
        AttributeType: type,
      })),
      ...(inputs['globalSecondaryIndexes'].length > 0
        ? {
            GlobalSecondaryIndexes: inputs['globalSecondaryIndexes'].map(
              (index: Record<string, any>) => ({
                IndexName: index['name'],
                KeySchema: index['keySchemas'].map((key: Record<string, string>) => ({
                  AttributeName: key['attributeName'],
                  KeyType: key['keyType'],
                })),
                Projection: { ProjectionType: index['projectionType'] },
              }),
            ),
          }
        : {}),
    }))
    expect(created).toHaveLength(4)
    const byName = (tables: Record<string, unknown>[]) =>
      Object.fromEntries(tables.map((table) => [table['TableName'], table]))
    expect(byName(declared)).toEqual(byName(created.map((input) => ({ ...input }))))
    expect(
      Object.fromEntries(
        ofType(minimal, 'Table').flatMap(({ inputs }) =>
          inputs['ttl']?.enabled ? [[inputs['name'], inputs['ttl'].attributeName]] : [],
        ),
      ),
    ).toEqual(ttl)
  })

  test('they are protected from pulumi destroy, from DynamoDB and from a wrong write', () => {
    for (const { inputs, isProtected } of ofType(minimal, 'Table')) {
      expect(isProtected).toBe(true)
      expect(inputs).toMatchObject({
        deletionProtectionEnabled: true,
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: { enabled: true },
      })
    }
  })

  test('whoever wants to remove them says so first', async () => {
    const { resources } = await declare({ ...MINIMAL, protectTables: 'false' })
    const tables = resources.filter(({ type }) => type.endsWith(':Table'))
    expect(tables).toHaveLength(4)
    for (const { inputs, isProtected } of tables) {
      expect(isProtected).toBe(false)
      expect(inputs['deletionProtectionEnabled']).toBe(false)
    }
  })
})

describe('functions', () => {
  test('both run on Node 24 on arm64 and write to a log that does not grow for ever', () => {
    for (const { name, inputs } of ofType(minimal, 'Function')) {
      expect(inputs).toMatchObject({
        runtime: 'nodejs24.x',
        architectures: ['arm64'],
        handler: 'index.handler',
        loggingConfig: { logGroup: `/aws/lambda/ordertrail-prod-${name}` },
      })
    }
    expect(
      ofType(minimal, 'Function')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['engine', 'http'])
    for (const { inputs } of ofType(minimal, 'LogGroup')) {
      expect(inputs['retentionInDays']).toBe(30)
    }
  })

  test('the engine never runs twice at once, and a call that fails for good is set aside', () => {
    expect(inputsOf(minimal, 'Function', 'engine')).toMatchObject({
      reservedConcurrentExecutions: 1,
      timeout: 300,
    })
    expect(inputsOf(minimal, 'FunctionEventInvokeConfig', 'engine')).toMatchObject({
      functionName: 'ordertrail-prod-engine',
      destinationConfig: {
        onFailure: { destination: `arn:aws:sqs:eu-west-1:${ACCOUNT}:ordertrail-prod-dead-letters` },
      },
    })
  })

  test('the http function answers before API Gateway gives up', () => {
    const { timeoutMilliseconds } = inputsOf(minimal, 'Integration', 'http')
    const { timeout } = inputsOf(minimal, 'Function', 'http')
    expect(timeout * 1000).toBeLessThan(timeoutMilliseconds)
  })

  /** What Lambda adds by itself. */
  const LAMBDA = { AWS_REGION: 'eu-west-1', AWS_LAMBDA_FUNCTION_NAME: 'ordertrail-prod' }

  test('each starts with the environment that it is given, for a minimal and for a full stack', () => {
    for (const program of [minimal, full]) {
      const engine = readEngineFunctionConfig({ ...environmentOf(program, 'engine'), ...LAMBDA })
      expect(engine).toMatchObject({
        store: { kind: 'aws' },
        table_prefix: 'ordertrail-prod-',
        deployment: 'prod',
        broker: { url: MINIMAL.brokerUrl },
        spool_queue_url: `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/ordertrail-prod-outbox`,
      })
      const http = readHttpFunctionConfig({ ...environmentOf(program, 'http'), ...LAMBDA })
      expect(http).toMatchObject({
        store: { kind: 'aws' },
        market: { url: MINIMAL.marketUrl },
        access: { parameter: '/ordertrail-prod/access', is_private: false },
        engine_function: `arn:aws:lambda:eu-west-1:${ACCOUNT}:ordertrail-prod-engine`,
      })
    }
  })

  test('the http function knows the address that people know it by', () => {
    const addressOf = (program: Program) =>
      readHttpFunctionConfig({ ...environmentOf(program, 'http'), ...LAMBDA }).access.public_url
    expect(addressOf(minimal)).toBe('https://abc.execute-api.eu-west-1.amazonaws.com')
    expect(addressOf(full)).toBe('https://orders.example.com')
  })

  test('every variable that a function gets makes a difference to it', () => {
    const unread = (
      name: string,
      read: (environment: Record<string, string | undefined>) => object,
    ): string[] => {
      const environment = { ...environmentOf(full, name), ...LAMBDA }
      const whole = read(environment)
      return Object.keys(environmentOf(full, name)).filter((variable) => {
        try {
          return isDeepStrictEqual(read({ ...environment, [variable]: undefined }), whole)
        } catch {
          return false
        }
      })
    }
    // That one is read by Node itself.
    expect(unread('engine', readEngineFunctionConfig)).toEqual(['NODE_OPTIONS'])
    expect(unread('http', readHttpFunctionConfig)).toEqual(['NODE_OPTIONS'])
  })

  test('one line for a shell tells commands where everything of the deployment is', async () => {
    const line = await new Promise<string>((resolve) => {
      ;(full.outputs['environment'] as Output<string>).apply(resolve)
    })
    const variables = Object.fromEntries(line.split(' ').map((pair) => pair.split(/=(.*)/s)))
    expect(readConfig(variables)).toMatchObject({
      region: REGION,
      store: { kind: 'aws' },
      broker: { kind: 'http', token: { parameter: '/ordertrail-prod/broker-token' } },
      access: { parameter: '/ordertrail-prod/access' },
      run_every_minutes: 15,
    })
    expect(variables['ENGINE_FUNCTION']).toMatch(/^arn:aws:lambda:/)
  })

  test('the http function learns nothing of the broker, and the engine nothing of sign-in', () => {
    const variables = (name: string) => Object.keys(environmentOf(full, name))
    expect(variables('http').filter((key) => /BROKER|SPOOL/.test(key))).toEqual([])
    expect(variables('engine').filter((key) => /ACCESS|OIDC|CORS|API|PUBLIC/.test(key))).toEqual([])
  })
})

describe('secrets', () => {
  test('they are in encrypted parameters and nowhere else', () => {
    const parameters = ofType(full, 'Parameter')
    expect(parameters.map(({ name }) => name).sort()).toEqual([
      'access',
      'broker-token',
      'oidc-client-secret',
    ])
    for (const { inputs } of parameters) expect(inputs['type']).toBe('SecureString')
    const others = full.resources.filter((resource) => !parameters.includes(resource))
    expect(JSON.stringify(others)).not.toMatch(/planted-/)
    expect(inputsOf(full, 'Parameter', 'broker-token')['keyId']).not.toBe(
      inputsOf(full, 'Parameter', 'access')['keyId'],
    )
  })

  test('the access document begins as one that lets nobody in, and is never written again', () => {
    const access = ofType(minimal, 'Parameter').find(({ name }) => name === 'access')
    expect(AccessDocument.parse(JSON.parse(access?.inputs['value'].value))).toEqual({
      session_keys: [],
      tokens: [],
    })
    // AWS writes the value anew whenever one of these changes.
    expect(access?.ignoredChanges).toEqual(['value', 'description', 'keyId', 'tier'])
  })
})

describe('schedules', () => {
  test('runs take place every 30 minutes on weekdays, and reconciliations always', () => {
    expect(inputsOf(minimal, 'Schedule', 'run')['scheduleExpression']).toBe(
      'cron(0/30 * ? * MON-FRI *)',
    )
    expect(inputsOf(minimal, 'Schedule', 'reconcile')['scheduleExpression']).toBe('rate(5 minutes)')
    expect(inputsOf(full, 'Schedule', 'run')['scheduleExpression']).toBe('cron(0/15 * ? * * *)')
  })

  test('whole hours are hours', async () => {
    const program = await declare({ ...MINIMAL, runEveryMinutes: '120' })
    expect(inputsOf(program, 'Schedule', 'run')['scheduleExpression']).toBe(
      'cron(0 0/2 ? * MON-FRI *)',
    )
  })

  test('runs that are not enabled are started by no schedule, and reconciliations go on', async () => {
    const stateOf = (program: Program, task: string) => inputsOf(program, 'Schedule', task)['state']
    const stopped = await declare({ ...MINIMAL, runsEnabled: 'false' })
    expect(stateOf(minimal, 'run')).toBe('ENABLED')
    expect(stateOf(stopped, 'run')).toBe('DISABLED')
    expect(stateOf(stopped, 'reconcile')).toBe('ENABLED')
  })

  test('a call says when it was due, is repeated, and is set aside when nothing helps', () => {
    for (const task of ['run', 'reconcile']) {
      const { target } = inputsOf(minimal, 'Schedule', task)
      expect(target.arn).toBe(`arn:aws:lambda:eu-west-1:${ACCOUNT}:ordertrail-prod-engine`)
      expect(JSON.parse(target.input)).toEqual({
        task,
        scheduled_at: '<aws.scheduler.scheduled-time>',
      })
      expect(target.retryPolicy.maximumRetryAttempts).toBeGreaterThan(0)
      expect(target.deadLetterConfig.arn).toMatch(/:ordertrail-prod-dead-letters$/)
    }
  })

  test('an order that could not be recorded is tried a thousand times and kept for 14 days', () => {
    const outbox = inputsOf(minimal, 'Queue', 'outbox')
    expect(outbox['messageRetentionSeconds']).toBe(1_209_600)
    expect(JSON.parse(outbox['redrivePolicy'])).toEqual({
      deadLetterTargetArn: `arn:aws:sqs:eu-west-1:${ACCOUNT}:ordertrail-prod-outbox-dead-letters`,
      maxReceiveCount: 1000,
    })
  })
})

describe('the API', () => {
  test('it takes so many requests a second and logs neither query nor header', () => {
    const stage = inputsOf(minimal, 'Stage', 'default')
    expect(stage['defaultRouteSettings']).toMatchObject({
      throttlingRateLimit: 50,
      throttlingBurstLimit: 100,
    })
    expect(stage['accessLogSettings'].format).not.toMatch(/query|header|cookie|authorizer/i)
  })

  test('with a domain, that is the only way in', async () => {
    expect(inputsOf(minimal, 'Api', 'http')['disableExecuteApiEndpoint']).toBe(false)
    expect(ofType(minimal, 'DomainName')).toEqual([])
    expect(inputsOf(full, 'Api', 'http')['disableExecuteApiEndpoint']).toBe(true)
    expect(inputsOf(full, 'DomainName', 'http')['domainName']).toBe('orders.example.com')
    expect(full.outputs['url']).toBe('https://orders.example.com')
  })
})

describe('alarms', () => {
  const alarms = () => ofType(minimal, 'MetricAlarm').map(({ inputs }) => inputs)

  test('every function has one for errors and one for throttles', () => {
    for (const { inputs } of ofType(minimal, 'Function')) {
      for (const metricName of ['Errors', 'Throttles']) {
        expect(alarms()).toContainEqual(
          expect.objectContaining({ metricName, dimensions: { FunctionName: inputs['name'] } }),
        )
      }
    }
  })

  test('every queue of what was given up has one', () => {
    const watched = alarms().map(({ dimensions }) => dimensions?.QueueName)
    expect(watched).toEqual(
      expect.arrayContaining([
        'ordertrail-prod-dead-letters',
        'ordertrail-prod-outbox-dead-letters',
      ]),
    )
  })

  test('an order that stays in the outbox is noticed, however often it was tried', () => {
    expect(inputsOf(minimal, 'MetricAlarm', 'outbox-waiting')).toMatchObject({
      dimensions: { QueueName: 'ordertrail-prod-outbox' },
      metricName: 'ApproximateNumberOfMessagesVisible',
      statistic: 'Maximum',
      comparisonOperator: 'GreaterThanThreshold',
      threshold: 0,
      period: 300,
      evaluationPeriods: 3,
    })
  })

  test('a single order that could not be sent is noticed', () => {
    expect(inputsOf(minimal, 'MetricAlarm', 'orders-unsent')).toMatchObject({
      metricName: 'OrdersUnsent',
      dimensions: { deployment: 'prod' },
      statistic: 'Sum',
      comparisonOperator: 'GreaterThanThreshold',
      threshold: 0,
      period: 300,
      evaluationPeriods: 1,
    })
  })

  test('every alarm is sent to the topic and names its section of the operations guide', async () => {
    const guide = await readFile('docs/operations.md', 'utf8')
    const anchors = [...guide.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    )
    expect(alarms()).toHaveLength(15)
    for (const { alarmDescription, alarmActions } of alarms()) {
      const anchor = /docs\/operations\.md#(.+)$/.exec(alarmDescription)?.[1]
      expect(anchors).toContain(anchor)
      expect(alarmActions).toEqual([`arn:aws:sns:eu-west-1:${ACCOUNT}:ordertrail-prod-alarms`])
    }
  })

  test('what they watch of our own is what the functions write, and so is what the dashboard shows', () => {
    const written = (name: string): string[] => {
      const lines: string[] = []
      const metrics = createMetrics({
        deployment: 'prod',
        write: (line) => lines.push(line),
        now: () => new Date(0),
      })
      metrics({ [name]: 1 })
      const { _aws, deployment } = JSON.parse(lines.join(''))
      const [{ Namespace, Dimensions, Metrics }] = _aws.CloudWatchMetrics
      // Only a metric that is known has a unit.
      return [Namespace, Metrics[0].Unit && Metrics[0].Name, Dimensions[0][0], deployment]
    }
    const { widgets } = JSON.parse(inputsOf(minimal, 'Dashboard', 'dashboard')['dashboardBody'])
    const shown: string[][] = widgets.flatMap(
      ({ properties }: { properties: { metrics?: string[][] } }) => properties.metrics ?? [],
    )
    const watched = alarms().flatMap(({ namespace, metricName, dimensions, metricQueries = [] }) =>
      [
        { namespace, metricName, dimensions },
        ...metricQueries.map((query: any) => query.metric ?? {}),
      ].map((metric) => [
        metric.namespace,
        metric.metricName,
        ...Object.entries(metric.dimensions ?? {}).flat(),
      ]),
    )
    const ours = [...shown.map((row) => row.slice(0, 4)), ...watched].filter(
      ([namespace]) => namespace === 'ordertrail',
    )
    expect(new Set(ours.map(([, name]) => name)).size).toBe(14)
    for (const metric of ours) expect(metric).toEqual(written(String(metric[1])))
  })

  test('somebody gets them by e-mail who has asked for it', () => {
    expect(ofType(minimal, 'TopicSubscription')).toEqual([])
    expect(inputsOf(full, 'TopicSubscription', 'email')['endpoint']).toBe('duty@example.com')
  })

  test('a schedule that went silent is noticed, and a weekend is no silence', () => {
    const expected = (program: Program) =>
      inputsOf(program, 'MetricAlarm', 'runs-missing')['metricQueries'].at(-1).expression
    expect(inputsOf(minimal, 'MetricAlarm', 'reconciliations-missing')).toMatchObject({
      treatMissingData: 'breaching',
      metricQueries: [{ metric: { period: 300 } }, { expression: 'FILL(reconciliations, 0)' }],
      evaluationPeriods: 3,
    })
    expect(expected(minimal)).toBe('IF(DAY(reconciliations) > 5, 1, FILL(runs, 0))')
    expect(expected(full)).toBe('FILL(runs, 0)')
  })
})

describe('configuration', () => {
  test('the guide lists every key with the default that the program has', async () => {
    const guide = await readFile('docs/operations.md', 'utf8')
    const rows = [...guide.matchAll(/^\| `(\w+)` +\| ([^|]+?) +\|/gm)]
    const documented = Object.fromEntries(
      rows.map(([, key = '', value = '']) => [key, value.replaceAll('`', '')]),
    )
    const defaults = Object.entries(PLAIN.shape).map(([key, schema]) => {
      const { success, data } = schema.safeParse(undefined)
      return [
        key,
        success
          ? data === undefined
            ? 'none'
            : JSON.stringify(data).replaceAll('"', '')
          : 'required',
      ]
    })
    const secrets = SECRET.map((key) => [key, 'none'])
    expect(documented).toEqual(Object.fromEntries([...defaults, ...secrets]))
  })

  test('everything is tagged, with tags of the stack too', () => {
    const tagged = full.resources.filter(({ inputs }) => inputs['tags'])
    for (const { inputs } of tagged) {
      expect(inputs['tags']).toEqual({
        team: 'trading',
        application: 'ordertrail',
        deployment: 'prod',
      })
    }
    const untagged = full.resources.filter((resource) => !tagged.includes(resource))
    // AWS takes no tags on these.
    expect(new Set(untagged.map(({ type }) => type.split(':').at(-1)))).toEqual(
      new Set([
        'Alias',
        'ApiMapping',
        'Dashboard',
        'FunctionEventInvokeConfig',
        'Integration',
        'Permission',
        'RolePolicy',
        'Route',
        'Schedule',
        'TopicSubscription',
      ]),
    )
  })

  const refusalOf = (settings: Record<string, string>, stack?: string) =>
    declare({ ...MINIMAL, ...settings }, stack === undefined ? {} : { stack }).then(
      () => 'accepted',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )

  test.each([
    [{ brokerUrl: 'http://broker.example' }, 'brokerUrl: expected an https URL'],
    [{ runEveryMinutes: '7' }, 'runEveryMinutes: expected one of 1, 2, 3, 4, 5, 6, 10'],
    [{ engineTimeoutSeconds: '901' }, 'expected a whole number from 30 to 900, got "901"'],
    [{ protectTables: 'no' }, 'protectTables: expected true or false, got "no"'],
    [{ runEveryMinute: '30' }, 'runEveryMinute: is not a known field'],
    [{ tags: 'team=trading' }, 'tags: expected a JSON object'],
    [{ domainName: 'orders.example.com' }, 'certificateArn: is required, as domainName is set'],
    [
      { oidcIssuer: 'https://login.example' },
      'oidcClientId: is required, as oidcIssuer is set; oidcClientSecret: is required',
    ],
    [{ oidcViewers: 'vera@example.com' }, 'oidcIssuer: is required'],
    [
      { brokerUrl: 'https://broker.example/v1?key=1' },
      'brokerUrl: expected a URL without user, query and fragment, got "https://broker.example/v1?key=1"',
    ],
    [
      { marketUrl: 'https://prices.example/#candles' },
      'marketUrl: expected a URL without user, query and fragment',
    ],
    [
      { domainName: '999.999' },
      'domainName: expected a host name such as orders.example.com, got "999.999"',
    ],
    [{ oidcClientId: '' }, 'oidcClientId: expected the id of a client, got ""'],
    [{ alarmEmail: 'duty' }, 'alarmEmail: expected an e-mail address, got "duty"'],
  ])('%o is refused by name, value and what was expected', async (settings, message) => {
    expect(await refusalOf(settings)).toContain(message)
  })

  test.each([
    ['corsOrigins', 'CORS_ORIGINS', 'https://app.example?x'],
    ['corsOrigins', 'CORS_ORIGINS', 'https://App.example'],
    ['corsOrigins', 'CORS_ORIGINS', 'https://app.example:443'],
    ['corsOrigins', 'CORS_ORIGINS', 'https://user@app.example'],
    ['oidcOperators', 'OIDC_OPERATORS', 'olivia@example.com, a@b'],
    ['oidcViewers', 'OIDC_VIEWERS', 'ä@b.example'],
  ])(
    '%s is refused in the very words in which the function would refuse it as %s: %s',
    async (key, variable, value) => {
      const refusal = await refusalOf({ [key]: value })
      const [, reason = 'none'] =
        new RegExp(`${key}(\\.\\d: expected [^;]*, got "[^"]*")`).exec(refusal) ?? []
      expect(() => readConfig({ [variable]: value })).toThrow(`${variable}${reason}`)
    },
  )

  test('a stack whose name cannot be part of other names is refused', async () => {
    expect(await refusalOf({}, 'Prod.EU')).toContain(
      'stack: expected at most 30 lower-case letters',
    )
  })

  test('a secret that is stored as plain text is refused, and not repeated', async () => {
    const message = await refusalOf({ brokerToken: 'planted-broker-token' })
    expect(message).toContain('brokerToken: is stored as plain text')
    expect(message).not.toContain('planted')
  })

  test('several mistakes are told at once', async () => {
    const message = await refusalOf({ brokerUrl: 'nowhere', logRetentionDays: '31' })
    expect(message).toMatch(/brokerUrl: .*; logRetentionDays: /)
  })
})
