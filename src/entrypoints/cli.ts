import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import type { z } from 'zod'
import packageJson from '../../package.json' with { type: 'json' }
import { ApiError, parseResponse, type Client } from '../client/client.ts'
import { systemClock } from '../system.ts'
import { readConfig } from '../config.ts'
import {
  describeFieldErrors,
  DomainError,
  fieldErrors,
  messageOf,
  type ErrorCode,
} from '../domain/errors.ts'
import { ROLES, TokenName, type Role } from '../domain/access.ts'
import { formatWorkflowFile, importWorkflows, parseWorkflowFile } from '../data/workflow-file.ts'
import { CSV, NDJSON } from '../routes/api/order-rows.ts'
import { OrderIdParameter, OrderListParameters, RunsParameters } from '../routes/parameters.ts'
import { followOrders } from './follow.ts'
import { importTarget } from './import-target.ts'
import { createCliLogger } from './cli-logger.ts'
import { remoteClient } from './remote-client.ts'
import { stopSignal } from './stop-signal.ts'
import {
  doctorText,
  FOLLOW_FORMATS,
  orderText,
  ordersTable,
  reconcileText,
  runText,
  tokensTable,
  workflowsTable,
} from './terminal.ts'

/** What the exit codes mean; README.md has them as a table. */
const EXIT = {
  ok: 0,
  failed: 1,
  invalid: 2,
  notFound: 3,
  unavailable: 4,
  someFailed: 5,
  /** EX_CONFIG of sysexits.h: it would be open to others as it is set up. */
  unsafe: 78,
}

const EXIT_OF: Record<ErrorCode, number> = {
  bad_request: EXIT.invalid,
  invalid: EXIT.invalid,
  not_found: EXIT.notFound,
  conflict: EXIT.failed,
  precondition_failed: EXIT.failed,
  insufficient_candles: EXIT.failed,
  market_unavailable: EXIT.unavailable,
  store_unavailable: EXIT.unavailable,
  tables_missing: EXIT.unavailable,
  unauthenticated: EXIT.failed,
  forbidden: EXIT.failed,
  no_tokens: EXIT.unsafe,
  access_unavailable: EXIT.unavailable,
}

/** By the status of a request that was not done. */
const exitCodeOfStatus = (status: number): number => {
  if (status === 404) return EXIT.notFound
  if ([429, 502, 503, 504].includes(status)) return EXIT.unavailable
  return [400, 413, 422].includes(status) ? EXIT.invalid : EXIT.failed
}

const exitCodeOf = (error: unknown): number => {
  if (error instanceof DomainError) return EXIT_OF[error.code]
  return error instanceof ApiError ? exitCodeOfStatus(error.status) : EXIT.failed
}

const print = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

const warnOf = (warnings: readonly string[]): void => {
  for (const warning of warnings) process.stderr.write(`ordertrail: warning: ${warning}\n`)
}

const json = (value: unknown): string => JSON.stringify(value, null, 2)

/** Checks arguments by the schema that the API reads its parameters with. */
const checked = <Schema extends z.ZodType>(schema: Schema, input: unknown): z.input<Schema> => {
  const parsed = schema.safeParse(input)
  if (parsed.success) return input as z.input<Schema>
  const errors = fieldErrors(parsed.error.issues, input)
  throw new DomainError('bad_request', describeFieldErrors(errors), { errors })
}

const instant = (text: string): Date => {
  const at = new Date(text)
  const day = text.slice(0, 10)
  // JavaScript reads 30 February as 2 March, and the run would be dated by that.
  const isRealDay = new Date(`${day}T00:00Z`).toJSON()?.startsWith(day) ?? false
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) || Number.isNaN(at.getTime()) || !isRealDay) {
    throw new InvalidArgumentError('expected an ISO 8601 time, such as 2026-11-23T09:30:00Z')
  }
  return at
}

const withZone = (text: string): Date =>
  // Without a zone the machine's own would be taken, and the same command would mean two times.
  instant(/(Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`)

/** A value for each time that the option is given. */
const each = (value: string, before: string[] = []): string[] => [...before, value]

/**
 * Hands the API to the work: that of the instance at `url`, or the same one in this process, which is
 * loaded only then. `now` is the clock of the latter; `waits` says that the work waits for what others
 * do.
 * @throws DomainError what `remoteClient` and `withLocalClient` throw
 */
const withClient = async <T>(
  {
    url,
    now = systemClock.now,
    waits = false,
  }: { url?: string | undefined; now?: () => Date; waits?: boolean },
  work: (client: Client) => Promise<T>,
): Promise<T> => {
  if (url !== undefined)
    return work(remoteClient(url, process.env['ORDERTRAIL_TOKEN'] || undefined))
  const { withLocalClient } = await import('./product.ts')
  return withLocalClient({ now, waits }, work)
}

/** The command reaches the product over its API, here or elsewhere. */
const reaching = (command: Command): Command =>
  command.option(
    '--url <address>',
    'ask the instance at this address, as the one who has ORDERTRAIL_TOKEN, instead of one of your own',
  )

interface Reach {
  url?: string
}

const program = new Command('ordertrail')
  .description('runs trading workflows and keeps the trail of the orders that they placed')
  .version(packageJson.version)
  .showSuggestionAfterError()
  .exitOverride()
  .configureOutput({
    outputError: (text, write) =>
      write(
        `${text
          .trim()
          .replace(/^error: /, 'ordertrail: ')
          .replaceAll('\n', ' ')}\n`,
      ),
  })

program
  .command('serve')
  .description('serve pages and API, and run the workflows on schedule (settings: see README.md)')
  .option('--json', 'print one JSON line per event only')
  .action(async ({ json: onlyJson }: { json?: true }) => {
    const config = readConfig(process.env)
    const logger = createCliLogger(config.log_level)
    const { serve } = await import('./server.ts')
    await serve(config, logger, onlyJson ? () => undefined : print)
  })

reaching(program.command('run'))
  .description('run the engine once: evaluate every workflow, place and record what is due')
  .option('--workflow <id>', 'only this workflow')
  .option('--at <time>', "the run's clock, ISO 8601 (UTC unless it names a zone)", withZone)
  .option('--json', 'print the summary as JSON')
  .action(async (options: Reach & { workflow?: string; at?: Date; json?: true }) => {
    const { url, at = systemClock.now() } = options
    if (url !== undefined && options.at) {
      throw new DomainError('bad_request', '--at: expected no --url, as that one has its own clock')
    }
    const query = checked(RunsParameters, { workflow_id: options.workflow })
    const summary = await withClient({ url, now: () => at }, ({ runs }) =>
      parseResponse(runs.$post({ query })),
    )
    print(options.json ? json(summary) : runText(summary))
    warnOf(summary.warnings)
    if (summary.failed > 0) process.exitCode = EXIT.someFailed
  })

reaching(program.command('reconcile'))
  .description(
    "deliver what waits, compare the broker's book with the trail, and tell what is left",
  )
  .option('--json', 'print the result as JSON')
  .action(async ({ url, ...options }: Reach & { json?: true }) => {
    const { done, attention } = await withClient({ url }, async (client) => ({
      done: await parseResponse(client.reconciliations.$post()),
      ...(await parseResponse(client.attention.$get({ query: {} }))),
    }))
    print(options.json ? json({ ...done, attention }) : reconcileText(done, attention))
    warnOf(done.warnings)
    const isClean = attention.length + done.unrecognised.length + done.warnings.length === 0
    if (!isClean) process.exitCode = EXIT.someFailed
  })

const workflowsCommand = program
  .command('workflows')
  .description('import, export or list workflows')

const listWorkflows = ({ url }: Reach) =>
  withClient({ url }, ({ workflows }) => parseResponse(workflows.$get({ query: {} })))

reaching(workflowsCommand.command('import <file>'))
  .description('create or replace the workflows of a YAML list; importing twice changes nothing')
  .option('--json', 'print the result as JSON')
  .action(async (file: string, { url, ...options }: Reach & { json?: true }) => {
    const entries = parseWorkflowFile(
      await readFile(file, 'utf8').catch((error: unknown) => {
        throw new DomainError('bad_request', `file: cannot read ${file}: ${messageOf(error)}`)
      }),
    )
    const result = await withClient({ url }, async (client) => {
      const target = importTarget(client)
      const imported = await importWorkflows(target, entries, systemClock.now())
      // Reading them back renews what a run without the store goes by.
      return { ...imported, total: (await target.list()).workflows.length }
    })
    print(
      options.json
        ? json(result)
        : `${result.created} created, ${result.updated} updated, ${result.unchanged} unchanged; ${result.total} workflows in all`,
    )
  })

reaching(workflowsCommand.command('export'))
  .description('print all workflows as the YAML list that import reads')
  .option('--json', 'print them as JSON')
  .action(async (options: Reach & { json?: true }) => {
    const { workflows, broken } = await listWorkflows(options)
    print(options.json ? json(workflows) : formatWorkflowFile(workflows).trimEnd())
    warnOf(broken.map(({ id, problem }) => `left out workflow ${id}: ${problem}`))
  })

reaching(workflowsCommand.command('list'))
  .description('list all workflows with their last order')
  .option('--json', 'print them as JSON')
  .action(async (options: Reach & { json?: true }) => {
    const listed = await listWorkflows(options)
    print(options.json ? json(listed) : workflowsTable(listed, systemClock.now()))
  })

const ordersCommand = program.command('orders').description('read the trail')

const FORMATS = ['table', 'json', 'csv', 'ndjson'] as const

interface OrdersOptions extends Reach {
  workflow?: string[]
  direction?: string
  orderType?: string
  instrument?: string
  from?: Date
  to?: Date
  id?: string[]
  latest?: true
  sort?: string
  perPage?: string
  cursor?: string
  format: (typeof FORMATS)[number]
  follow?: true
}

const ordersQuery = (options: OrdersOptions): z.input<typeof OrderListParameters> => {
  const { workflow, direction, instrument, from, to, id, latest, sort, cursor } = options
  return checked(OrderListParameters, {
    workflow_id: workflow,
    direction,
    order_type: options.orderType,
    instrument,
    from: from?.toISOString(),
    to: to?.toISOString(),
    ids: id,
    latest: latest && 'true',
    sort,
    per_page: options.perPage,
    cursor,
  })
}

reaching(ordersCommand.command('list'))
  .description('list orders, newest first: a page of them, or with csv and ndjson all')
  .option('--workflow <id>', 'only of this workflow; may be given several times', each)
  .option('--direction <side>', 'BUY or SELL')
  .option('--order-type <type>', 'LIMIT or OPEN_STOP')
  .option('--instrument <code>', 'the instrument that was traded')
  .option(
    '--from <time>',
    'placed at this time or later, ISO 8601 (UTC unless it names a zone)',
    withZone,
  )
  .option('--to <time>', 'placed before this time', withZone)
  .option('--id <id>', 'only this order; may be given several times', each)
  .option('--latest', 'only the newest order of each workflow')
  .option('--sort <order>', '-placed_at or placed_at')
  .option('--per-page <number>', '1 to 100, 20 if not given')
  .option('--cursor <cursor>', 'the page that another one names as the next')
  .addOption(
    new Option('--format <format>', 'how they are printed').choices(FORMATS).default('table'),
  )
  .option('--follow', 'go on with every further order, until Ctrl-C')
  .action(async (options: OrdersOptions) => {
    const query = ordersQuery(options)
    const { url, follow: waits = false } = options
    await withClient({ url, waits }, (client) =>
      waits ? follow(client, query, options) : listOrders(client, query, options.format),
    )
  })

const listOrders = async (
  client: Client,
  query: z.input<typeof OrderListParameters>,
  format: OrdersOptions['format'],
): Promise<void> => {
  if (format === 'csv' || format === 'ndjson') {
    const headers = { Accept: format === 'csv' ? CSV.type : NDJSON.type }
    const file = await client.orders.$get({ query }, { headers })
    try {
      for await (const chunk of file.body ?? []) {
        if (!process.stdout.write(chunk)) await once(process.stdout, 'drain')
      }
    } catch (error) {
      const problem = `the list broke off: ${messageOf(error)}`
      throw new DomainError('store_unavailable', problem, { cause: error })
    }
    return
  }
  const page = await parseResponse(client.orders.$get({ query }))
  const [workflow_id, another] = query.workflow_id ?? []
  if (page.orders.length === 0 && workflow_id !== undefined && another === undefined) {
    // Nothing at all may mean that there is no such workflow.
    await client.workflows[':workflow_id'].orders.summary.$get({ param: { workflow_id } })
  }
  print(format === 'json' ? json(page) : ordersTable(page))
}

const follow = (
  client: Client,
  query: z.input<typeof OrderListParameters>,
  { format }: OrdersOptions,
): Promise<void> => {
  for (const field of ['to', 'latest', 'sort', 'cursor'] as const) {
    if (query[field] !== undefined) {
      throw new DomainError('bad_request', `--follow: expected no --${field} with it`)
    }
  }
  if (format === 'json') {
    throw new DomainError(
      'bad_request',
      '--follow: expected --format table, csv or ndjson, got "json"',
    )
  }
  const { head, rows } = FOLLOW_FORMATS[format]
  process.stdout.write(head)
  return followOrders(client, {
    query,
    show: (orders) => process.stdout.write(rows(orders)),
    warn: (problem) => warnOf([problem]),
    signal: stopSignal(),
    elapsed: () => performance.now(),
  })
}

reaching(ordersCommand.command('show <id>'))
  .description('show one order and why it was placed')
  .option('--json', 'print it as JSON')
  .action(async (id: string, { url, ...options }: Reach & { json?: true }) => {
    const param = checked(OrderIdParameter, { order_id: id })
    const order = await withClient({ url }, ({ orders }) =>
      parseResponse(orders[':order_id'].$get({ param })),
    )
    print(options.json ? json(order) : orderText(order))
  })

program
  .command('tables')
  .description('look after the DynamoDB tables')
  .command('create')
  .description('create the tables that are missing and switch on TTL where the engine has it')
  .option('--json', 'print the result as JSON')
  .action(async (options: { json?: true }) => {
    const { withDeps } = await import('./product.ts')
    const tables = await withDeps(({ makeTables }) => makeTables())
    print(
      options.json
        ? json(tables)
        : tables
            .map(
              ({ name, created, ttl }) =>
                `${name}: ${created ? 'created' : 'was there'}, TTL ${ttl}`,
            )
            .join('\n'),
    )
  })

const tokenCommand = program
  .command('token')
  .description('say who may use this installation; without any token only this machine may')

const MAX_DAYS = 3650

const days = (text: string): number => {
  const count = Number(text)
  if (!/^\d{1,4}$/.test(text) || count < 1 || count > MAX_DAYS) {
    throw new InvalidArgumentError(`expected a whole number from 1 to ${MAX_DAYS}`)
  }
  return count
}

const tokenName = (text: string): string => {
  const { success } = TokenName.safeParse(text)
  if (success) return text
  throw new InvalidArgumentError('expected 1 to 64 characters, without space around them')
}

tokenCommand
  .command('create')
  .description('make a token, and print it this once')
  .requiredOption('--name <name>', 'whom or what it is for', tokenName)
  .addOption(
    new Option('--role <role>', 'viewer: reads; operator: also changes workflows and starts runs')
      .choices(ROLES)
      .makeOptionMandatory(),
  )
  .option('--expires-in-days <number>', 'how long it is good for; for ever if not given', days)
  .option('--json', 'print it as JSON')
  .action(
    async ({
      name,
      role,
      expiresInDays,
      ...options
    }: {
      name: string
      role: Role
      expiresInDays?: number
      json?: true
    }) => {
      const expires_at =
        expiresInDays === undefined
          ? null
          : new Date(systemClock.now().getTime() + expiresInDays * 86_400_000).toISOString()
      const { createToken } = await import('./tokens.ts')
      const { text, ...facts } = await createToken({ name, role, expires_at })
      const until = expires_at === null ? '' : ` until ${expires_at}`
      print(
        options.json
          ? json({ ...facts, token: text })
          : [
              text,
              `It lets ${name} in as ${role}${until}, and is shown this once: keep it where secrets are kept.`,
              `To end it: ordertrail token delete ${facts.id}`,
            ].join('\n'),
      )
    },
  )

tokenCommand
  .command('list')
  .description('list the tokens; what lets somebody in is not kept')
  .option('--json', 'print them as JSON')
  .action(async (options: { json?: true }) => {
    const { listTokens } = await import('./tokens.ts')
    const tokens = await listTokens()
    print(options.json ? json({ tokens }) : tokensTable(tokens))
  })

tokenCommand
  .command('delete <id>')
  .description('end a token, and the sessions of whoever signed in with it')
  .action(async (id: string) => {
    const { deleteToken } = await import('./tokens.ts')
    const left = await deleteToken(id)
    print(`deleted ${id}; running instances forget it within a minute`)
    if (left === 0) print('it was the last one: now nobody but the user of this machine gets in')
  })

tokenCommand
  .command('rotate-session-key')
  .description('sign sessions with a new key; done twice, it ends all sessions')
  .action(async () => {
    const { replaceSessionKey } = await import('./tokens.ts')
    await replaceSessionKey()
    print('sessions are signed with a new key; those of the key before last are ended')
  })

program
  .command('doctor')
  .description('look at tables, clock, broker, schedule and records, and tell what to mend and how')
  .option('--json', 'print what was found as JSON')
  .action(async (options: { json?: true }) => {
    const [{ withDeps }, { examine }] = await Promise.all([
      import('./product.ts'),
      import('./doctor.ts'),
    ])
    const findings = await withDeps((deps) => examine(deps, deps.config, systemClock.now))
    print(options.json ? json(findings) : doctorText(findings))
    if (findings.some(({ state }) => state === 'failed')) process.exitCode = EXIT.someFailed
  })

program
  .command('paper-broker')
  .description("serve the paper broker's book over HTTP, for engines in other processes")
  .action(async () => {
    const { servePaperBroker } = await import('./paper-broker.ts')
    await servePaperBroker(readConfig(process.env), print)
  })

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has printed its own line; help and version are no failures.
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.invalid
  } else {
    process.stderr.write(`ordertrail: ${messageOf(error).replaceAll(/\s*\n\s*/g, ' ')}\n`)
    process.exitCode = exitCodeOf(error)
  }
}
