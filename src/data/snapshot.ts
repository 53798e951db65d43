import { readFile, stat } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { Instant } from '../domain/candle.ts'
import { messageOf } from '../domain/errors.ts'
import type { Logger, Workflows } from '../domain/ports.ts'
import type { Workflow } from '../domain/workflow.ts'
import { writeDurably } from '../durable-file.ts'
import { parseWorkflow } from './stored-workflow.ts'

/** The workflows as they were last seen to differ from what was seen before. */
export interface Snapshot {
  saved_at: string
  workflows: Workflow[]
}

const SnapshotFile = z.object({
  saved_at: Instant,
  workflows: z.array(z.record(z.string(), z.unknown())),
})

/**
 * The saved workflows, or null when there are none that can be relied on: a file that is missing,
 * torn or holds anything that is no valid workflow. Last runs and last orders are not saved.
 */
export const readSnapshot = async (file: string): Promise<Snapshot | null> => {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'))
    const { saved_at, workflows: items } = SnapshotFile.parse(value)
    const workflows = items.flatMap(
      (item) => parseWorkflow(item, new Date(saved_at)).workflow ?? [],
    )
    return workflows.length === items.length ? { saved_at, workflows } : null
  } catch {
    return null
  }
}

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1)

/** What the engine decides by. The rest changes with every run and would be written each time. */
const essence = (workflows: readonly Workflow[]): Omit<Workflow, 'orders_by_day'>[] =>
  workflows
    .map(({ orders_by_day: _counts, ...workflow }) => ({
      ...workflow,
      last_order: null,
      last_run: null,
    }))
    .sort(byId)

/** Changes with every change of a definition, and costs far less to compare than the definitions. */
const signatureOf = (
  workflows: readonly Pick<Workflow, 'id' | 'revision' | 'updated_at'>[],
): string =>
  workflows
    .map(({ id, revision, updated_at }) => `${id} ${revision} ${updated_at}`)
    .sort()
    .join()

/** Tells whether a file was written since; null when there is none. */
const stampOf = async (file: string): Promise<string | null> => {
  const found = await stat(file).catch(() => null)
  return found && `${found.mtimeMs} ${found.size} ${found.ino}`
}

/**
 * The same workflows, which also keep a copy in a file for runs while the store is down: after every
 * `list`, and after every change so that a workflow that was switched off is off there too. Nothing
 * is read from the copy here, and a disk that fails never fails the store.
 */
export const withSnapshot = (workflows: Workflows, file: string, logger: Logger): Workflows => {
  /** What the file is known to hold, as long as nobody else writes it. */
  let saved: { signature: string; stamp: string | null; snapshot: Snapshot } | null = null
  const readSaved = async (): Promise<Snapshot | null> =>
    saved !== null && saved.stamp === (await stampOf(file)) ? saved.snapshot : readSnapshot(file)
  const isSaved = async (listed: readonly Workflow[]): Promise<boolean> =>
    saved?.signature === signatureOf(listed) && saved.stamp === (await stampOf(file))

  interface Change {
    /** Without a time the copy counts as being as old as it was. */
    now: Date | null
    change: (known: Workflow[] | null) => Workflow[] | null
  }
  let waiting: Change[] = []
  /** Writes once for all that wait: many workflows may be changed at the same time. */
  const saveWaiting = async () => {
    const due = waiting
    waiting = []
    if (due.length === 0) return
    try {
      const known = await readSaved()
      let latest = known?.workflows ?? null
      let saved_at = known?.saved_at
      for (const { now, change } of due) {
        const changed = change(latest)
        if (!changed) continue
        latest = changed
        saved_at = now?.toISOString() ?? saved_at
      }
      if (!latest || latest === known?.workflows || saved_at === undefined) return
      const next = essence(latest)
      if (!known || !isDeepStrictEqual(next, essence(known.workflows))) {
        await writeDurably(file, JSON.stringify({ saved_at, workflows: next }))
      }
      saved = {
        signature: signatureOf(next),
        stamp: await stampOf(file),
        snapshot: { saved_at, workflows: latest },
      }
    } catch (error) {
      logger.warn('snapshot.unsaved', { file, problem: messageOf(error) })
    }
  }

  let saving = Promise.resolve()
  let changes = 0
  const inTurn = (now: Change['now'], change: Change['change']): Promise<void> => {
    waiting.push({ now, change })
    return (saving = saving.then(saveWaiting))
  }

  const without = (id: string, known: readonly Workflow[]) => known.filter((one) => one.id !== id)
  const put = (now: Date, workflow: Workflow) => {
    changes += 1
    const isNewer = ({ id, revision }: Workflow) =>
      id === workflow.id && revision > workflow.revision
    // Answers may come in another order than the changes were made in.
    return inTurn(
      now,
      (known) => known && (known.some(isNewer) ? null : [...without(workflow.id, known), workflow]),
    )
  }

  return {
    ...workflows,
    list: async (now) => {
      const before = changes
      const listed = await workflows.list(now)
      // What was read before a change must not undo that change in the copy.
      if (!(await isSaved(listed.workflows))) {
        await inTurn(now, () => (changes === before ? listed.workflows : null))
      }
      return listed
    },
    create: async (id, definition, now) => {
      const workflow = await workflows.create(id, definition, now)
      await put(now, workflow)
      return workflow
    },
    replace: async (id, definition, now, revision) => {
      const workflow = await workflows.replace(id, definition, now, revision)
      if (workflow) await put(now, workflow)
      return workflow
    },
    remove: async (id, revision) => {
      const removed = await workflows.remove(id, revision)
      changes += 1
      await inTurn(null, (known) => known && without(id, known))
      return removed
    },
  }
}
