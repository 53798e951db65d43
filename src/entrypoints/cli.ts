import { readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import type { z } from 'zod'
import packageJson from '../../package.json' with { type: 'json' }
import { createDeps, newId, systemClock, type Deps } from '../compose.ts'
import { readConfig } from '../config.ts'
import {
  describeFieldErrors,
  DomainError,
  fieldErrors,
  messageOf,
  type ErrorCode,
} from '../domain/errors.ts'
import type { Logger } from '../domain/ports.ts'
import { formatWorkflowFile, importWorkflows, parseWorkflowFile } from '../data/workflow-file.ts'
import { createLogger } from '../logger.ts'
import { orderJson, workflowListItem } from '../routes/api/schemas.ts'
import { attentionAt } from '../routes/attention.ts'
import { historyOf, orderOf } from '../routes/history.ts'
import { HistoryParameters, OrderIdParameter, WorkflowIdParameter } from '../routes/parameters.ts'
import { servePaperBroker } from './paper-broker.ts'
import { serve } from './server.ts'
import { orderText, ordersTable, reconcileText, runText, workflowsTable } from './terminal.ts'

/** What the exit codes mean; README.md has them as a table. */
const EXIT = { ok: 0, failed: 1, invalid: 2, notFound: 3, unavailable: 4, someFailed: 5 }

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
}

const print = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

const json = (value: unknown): string => JSON.stringify(value, null, 2)

const createCliLogger = (level: Parameters<typeof createLogger>[0]): Logger =>
  createLogger(level, (line) => process.stderr.write(`${line}\n`), systemClock.now)

/** Opens what the settings ask for, hands it to the command and closes it, whatever happens. */
const withDeps = async <T>(work: (deps: Deps) => Promise<T>): Promise<T> => {
  const config = readConfig(process.env)
  // A command prints its result; the events behind it are for those who ask.
  const logger = createCliLogger(process.env['LOG_LEVEL'] ? config.log_level : 'silent')
  const deps = await createDeps({ config, logger })
  try {
    return await work(deps)
  } finally {
    await deps.close()
  }
}

/** Reads arguments by the schema that the API reads its parameters with. */
const parameters = <Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> => {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
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

const userName = (): string | null => {
  try {
    return userInfo().username
  } catch {
    return null
  }
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
    await serve(config, logger, onlyJson ? () => undefined : print)
  })

program
  .command('run')
  .description('run the engine once: evaluate every workflow, place and record what is due')
  .option('--workflow <id>', 'only this workflow')
  .option('--at <time>', "the run's clock, ISO 8601 (UTC unless it names a zone)", withZone)
  .option('--json', 'print the summary as JSON')
  .action(async (options: { workflow?: string; at?: Date; json?: true }) => {
    const workflow_id =
      options.workflow === undefined
        ? undefined
        : parameters(WorkflowIdParameter, { workflow_id: options.workflow }).workflow_id
    const summary = await withDeps(({ engine }) =>
      engine.run({
        now: options.at ?? systemClock.now(),
        workflow_id,
        context: { trigger_source: 'cli', request_id: newId(), user: userName() },
      }),
    )
    print(options.json ? json(summary) : runText(summary))
    for (const warning of summary.warnings)
      process.stderr.write(`ordertrail: warning: ${warning}\n`)
    if (summary.failed > 0) process.exitCode = EXIT.someFailed
  })

program
  .command('reconcile')
  .description(
    "deliver what waits, compare the broker's book with the trail, and tell what is left",
  )
  .option('--json', 'print the result as JSON')
  .action(async (options: { json?: true }) => {
    const now = systemClock.now()
    const { done, attention } = await withDeps(async (deps) => {
      const context = { trigger_source: 'cli' as const, request_id: newId(), user: userName() }
      const followedUp = await deps.engine.reconcile({ now, context })
      await deps.purge()
      return { done: followedUp, attention: await attentionAt(deps, now) }
    })
    print(options.json ? json({ ...done, attention }) : reconcileText(done, attention))
    for (const warning of done.warnings) process.stderr.write(`ordertrail: warning: ${warning}\n`)
    const isClean = attention.length + done.unrecognised.length + done.warnings.length === 0
    if (!isClean) process.exitCode = EXIT.someFailed
  })

const workflowsCommand = program
  .command('workflows')
  .description('import, export or list workflows')

workflowsCommand
  .command('import <file>')
  .description('create or replace the workflows of a YAML list; importing twice changes nothing')
  .option('--json', 'print the result as JSON')
  .action(async (file: string, options: { json?: true }) => {
    const entries = parseWorkflowFile(
      await readFile(file, 'utf8').catch((error: unknown) => {
        throw new DomainError('bad_request', `file: cannot read ${file}: ${messageOf(error)}`)
      }),
    )
    const result = await withDeps(async ({ workflows }) => {
      const imported = await importWorkflows(workflows, entries, systemClock.now())
      // Reading them back renews what a run without the store goes by.
      const { workflows: all } = await workflows.list(systemClock.now())
      return { ...imported, total: all.length }
    })
    print(
      options.json
        ? json(result)
        : `${result.created} created, ${result.updated} updated, ${result.unchanged} unchanged; ${result.total} workflows in all`,
    )
  })

workflowsCommand
  .command('export')
  .description('print all workflows as the YAML list that import reads')
  .option('--json', 'print them as JSON')
  .action(async (options: { json?: true }) => {
    const { workflows, broken } = await withDeps((deps) => deps.workflows.list(systemClock.now()))
    print(options.json ? json(workflows) : formatWorkflowFile(workflows).trimEnd())
    for (const { id, problem } of broken) {
      process.stderr.write(`ordertrail: warning: left out workflow ${id}: ${problem}\n`)
    }
  })

workflowsCommand
  .command('list')
  .description('list all workflows with their last order')
  .option('--json', 'print them as JSON')
  .action(async (options: { json?: true }) => {
    const now = systemClock.now()
    const listed = await withDeps(({ workflows }) => workflows.list(now))
    print(
      options.json
        ? json({ ...listed, workflows: listed.workflows.map(workflowListItem) })
        : workflowsTable(listed, now),
    )
  })

const ordersCommand = program.command('orders').description('read the trail')

ordersCommand
  .command('list')
  .description("list a workflow's orders, newest first")
  .requiredOption('--workflow <id>', 'the workflow')
  .option('--page <number>', 'from 1', '1')
  .option('--per-page <number>', '1 to 100', '20')
  .option('--sort <order>', '-placed_at or placed_at', '-placed_at')
  .option('--json', 'print them as JSON')
  .action(
    async (options: {
      workflow: string
      page: string
      perPage: string
      sort: string
      json?: true
    }) => {
      const { workflow_id } = parameters(WorkflowIdParameter, { workflow_id: options.workflow })
      const {
        page = 1,
        per_page,
        sort,
      } = parameters(HistoryParameters, {
        page: options.page,
        per_page: options.perPage,
        sort: options.sort,
      })
      const now = systemClock.now()
      const history = await withDeps((deps) =>
        historyOf(deps, { workflow_id, page, per_page, sort, now }),
      )
      print(
        options.json
          ? json({ orders: history.orders, total: history.total, page, per_page })
          : ordersTable(history, { page, per_page }),
      )
    },
  )

ordersCommand
  .command('show <id>')
  .description('show one order and why it was placed')
  .option('--json', 'print it as JSON')
  .action(async (id: string, options: { json?: true }) => {
    const { order_id } = parameters(OrderIdParameter, { order_id: id })
    const order = await withDeps((deps) => orderOf(deps, order_id, systemClock.now()))
    print(options.json ? json(orderJson(order)) : orderText(order))
  })

program
  .command('tables')
  .description('look after the DynamoDB tables')
  .command('create')
  .description('create the tables that are missing and switch on TTL where the engine has it')
  .option('--json', 'print the result as JSON')
  .action(async (options: { json?: true }) => {
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

program
  .command('paper-broker')
  .description("serve the paper broker's book over HTTP, for engines in other processes")
  .action(() => servePaperBroker(readConfig(process.env), print))

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has printed its own line; help and version are no failures.
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.invalid
  } else {
    process.stderr.write(`ordertrail: ${messageOf(error).replaceAll(/\s*\n\s*/g, ' ')}\n`)
    process.exitCode = error instanceof DomainError ? EXIT_OF[error.code] : EXIT.failed
  }
}
