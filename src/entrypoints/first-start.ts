import { readFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { importWorkflows, parseWorkflowFile } from '../data/workflow-file.ts'
import type { Deps } from '../compose-host.ts'
import type { Logger } from '../domain/ports.ts'
import { definitionOf, type Workflow } from '../domain/workflow.ts'

/** Enough trading days for most example workflows to have traded more than once. */
const REHEARSED_DAYS = 120
const REHEARSED_SPAN_MS = 6 * 24 * 3600 * 1000

const EXAMPLES = new URL('../../workflows.example.yaml', import.meta.url)

/**
 * Fills a store that nobody has used with the example workflows, or goes on where an interrupted
 * start stopped. Returns how many there are now, or null when there was nothing to do.
 */
export const importExamples = async (deps: Deps, now: Date): Promise<number | null> => {
  if (!deps.replay || (await deps.replay.position()) > 0) return null
  const entries = parseWorkflowFile(await readFile(EXAMPLES, 'utf8'))
  const { workflows, broken } = await deps.workflows.list(now)
  const isExample = (workflow: Workflow) =>
    entries.some(({ definition }) => isDeepStrictEqual(definition, definitionOf(workflow)))
  if (broken.length > 0 || !workflows.every(isExample)) return null
  // They are as old as their first run will be.
  const created_at = new Date(now.getTime() - REHEARSED_SPAN_MS)
  const { created } = await importWorkflows(deps.workflows, entries, created_at)
  return created > 0 ? entries.length : null
}

/**
 * Runs the first trading days of the replay at times spread over the last six days, so that a
 * newcomer finds a trail of real decisions. Goes on where an interrupted start stopped; does nothing
 * once all of these days have been run.
 */
export const rehearse = async (
  { replay, engine }: Deps,
  options: { now: Date; newId: () => string; logger: Logger; signal: AbortSignal },
): Promise<void> => {
  if (!replay) return
  const { now, newId, logger, signal } = options
  let position = await replay.position()
  const from = position
  for (; position < REHEARSED_DAYS && !signal.aborted; position += 1) {
    const back = (REHEARSED_SPAN_MS * (REHEARSED_DAYS - position)) / REHEARSED_DAYS
    const context = { trigger_source: 'server' as const, request_id: newId(), user: null }
    await engine.run({ now: new Date(now.getTime() - back), context })
    await replay.advance()
  }
  if (position > from) logger.info('replay.rehearsed', { from, to: position })
}
