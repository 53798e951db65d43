import { describeFieldErrors, DomainError, fieldErrors, hasCode } from './errors.ts'
import type { Workflows } from './ports.ts'
import { definitionOf, staleRevision, WorkflowDefinition, type Workflow } from './workflow.ts'

/** Deeper than any definition: what lies below is kept as it is given, for the schema to refuse. */
const DEEPEST = 8

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a merge patch of a value may say: parts of it, and null for what is taken away. */
export type MergePatch<Value> = Value extends readonly unknown[]
  ? Value
  : Value extends object
    ? { [Key in keyof Value]?: MergePatch<Value[Key]> | null }
    : Value

/** JSON Merge Patch (RFC 7396): objects are merged, null removes, all else replaces. */
export const mergePatch = (target: unknown, patch: unknown, depth = 0): unknown => {
  if (!isObject(patch) || depth === DEEPEST) return patch
  // In a map every name is just a name, `__proto__` too.
  const merged = new Map<string, unknown>(isObject(target) ? Object.entries(target) : [])
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name)
    else merged.set(name, mergePatch(merged.get(name), value, depth + 1))
  }
  return Object.fromEntries(merged)
}

const isSwitchOff = (patch: unknown): boolean =>
  isObject(patch) && patch['enable'] === false && Object.keys(patch).length === 1

/**
 * The definition after a merge patch. A field that is removed gets its default. A patch that only
 * switches a workflow off is never refused, even if its trigger could never fire.
 * @throws DomainError `invalid` with an entry per field that is wrong then
 */
export const patchDefinition = (
  definition: WorkflowDefinition,
  patch: unknown,
): WorkflowDefinition => {
  if (isSwitchOff(patch)) return { ...definition, enable: false }
  const merged = mergePatch(definition, patch)
  const parsed = WorkflowDefinition.safeParse(merged)
  if (parsed.success) return parsed.data
  const errors = fieldErrors(parsed.error.issues, merged)
  throw new DomainError('invalid', describeFieldErrors(errors), { errors })
}

/** Each time, one of the others who write gets through. */
const TRIES = 10

/**
 * Changes parts of a stored workflow, and nothing that somebody else writes in the meantime. Null
 * when there is no such workflow. With a `revision`, changes that one only.
 * @throws DomainError `invalid`, `precondition_failed` for another revision than the given one,
 *   `conflict` when others kept writing
 */
export const patchWorkflow = async (
  workflows: Pick<Workflows, 'find' | 'replace'>,
  id: string,
  patch: unknown,
  now: Date,
  revision?: number,
): Promise<Workflow | null> => {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const stored = await workflows.find(id, now)
    if (!stored) return null
    if (revision !== undefined && revision !== stored.revision) {
      throw staleRevision(id, revision, stored.revision)
    }
    const definition = patchDefinition(definitionOf(stored), patch)
    try {
      return await workflows.replace(id, definition, now, stored.revision)
    } catch (error) {
      // Somebody else wrote since it was read: what they wrote is read next.
      if (!hasCode(error, 'precondition_failed')) throw error
    }
  }
  throw new DomainError('conflict', `workflow ${id} is being changed by others all the time`)
}
