import { DomainError } from '../../../domain/errors.ts'
import type { Workflows } from '../../../domain/ports.ts'
import type { Workflow } from '../../../domain/workflow.ts'
import { formOf, type DefinitionForm } from '../../../views/components/workflow-form/form.ts'
import { findOrProblem } from '../../find-workflow.ts'

/** What is stored under an id, as far as it can be read. */
export interface Version {
  id: string
  /** Or else the id. */
  name: string
  /** As it stands in the item; empty where there is none. */
  revision: string
  form: DefinitionForm
  /** The workflow, or else what is wrong with the stored item. */
  read: Workflow | DomainError
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''

/** The revision that a form was based on; undefined when it has none. */
export const revisionOf = (text: string | null): number | undefined =>
  text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined

/** The stored version of a workflow, also of a broken one; null when there is none. */
export const versionOf = async (
  workflows: Pick<Workflows, 'find' | 'findRaw'>,
  id: string,
  now: Date,
): Promise<Version | null> => {
  const read = await findOrProblem(workflows, id, now)
  const stored = read instanceof DomainError ? await workflows.findRaw(id) : read
  if (!read || !stored) return null
  const { name, revision }: { name?: unknown; revision?: unknown } = stored
  return { id, name: textOf(name) || id, revision: textOf(revision), form: formOf(stored), read }
}
