import { isDeepStrictEqual } from 'node:util'
import { v5 as uuidV5 } from 'uuid'
import { isNode, isSeq, LineCounter, parseDocument, stringify, type Document } from 'yaml'
import { DomainError, describeFieldErrors, fieldErrors, messageOf } from '../domain/errors.ts'
import {
  definitionOf,
  NewWorkflowId,
  WorkflowDefinition,
  type Workflow,
} from '../domain/workflow.ts'

/** Gives an entry without an id the same id at every import. */
const NAME_NAMESPACE = '6f2d0f0a-7d0b-4a8e-9c55-3b1f6b0d9a41'

interface Entry {
  /** Where the entry begins in the file, from 1. */
  line: number
  id: string | null
  definition: WorkflowDefinition
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The reference spells `unit_time` as `ut`; files that were written for it are read too. */
export const withUnitTime = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withUnitTime)
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key === 'ut' && !('unit_time' in value) ? 'unit_time' : key,
      withUnitTime(inner),
    ]),
  )
}

const readEntry = (raw: unknown, line: number): Entry | string => {
  const value = withUnitTime(raw)
  if (!isRecord(value)) return 'expected a workflow with name, index, cfd and conditions'
  const { id = null, ...definition } = value
  const parsed = WorkflowDefinition.safeParse(definition)
  const parsedId = NewWorkflowId.nullable().safeParse(id)
  const errors = [
    ...(parsedId.success
      ? []
      : [{ field: 'id', message: `expected a UUID, got ${JSON.stringify(id)}` }]),
    ...(parsed.success ? [] : fieldErrors(parsed.error.issues, definition)),
  ]
  if (parsed.success && parsedId.success) {
    return { line, id: parsedId.data, definition: parsed.data }
  }
  return describeFieldErrors(errors)
}

/** An item of the list, whatever stands there; one that cannot be resolved is told like any other. */
const readNode = (item: unknown, document: Document, line: number): Entry | string => {
  try {
    return readEntry(isNode(item) ? item.toJS(document) : item, line)
  } catch (error) {
    return messageOf(error)
  }
}

/** Entries that a later import could not tell apart. */
const clashes = (entries: readonly Entry[]): string[] =>
  entries.flatMap((entry, index) => {
    const same = entries
      .slice(0, index)
      .find(({ id, definition }) =>
        entry.id || id ? entry.id === id : definition.name === entry.definition.name,
      )
    if (!same) return []
    const what = entry.id ? `id ${entry.id}` : `name "${entry.definition.name}"`
    return [`line ${entry.line}: the ${what} stands at line ${same.line} already`]
  })

/**
 * Reads a YAML list of workflows.
 * @throws DomainError `invalid` that names every invalid entry by its line, field, value and what
 *   was expected
 */
export const parseWorkflowFile = (text: string): Entry[] => {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: true })
  const problems = document.errors.map(({ code, message }) =>
    code === 'MULTIPLE_DOCS'
      ? 'expected one YAML document, got several'
      : (message.split('\n')[0] ?? message).replace(/:$/, ''),
  )
  const list = document.contents
  if (problems.length === 0 && !isSeq(list)) problems.push('expected a list of workflows')
  const entries: Entry[] = []
  for (const [index, item] of isSeq(list) ? list.items.entries() : []) {
    const offset = isNode(item) ? (item.range?.[0] ?? 0) : 0
    const { line } = lineCounter.linePos(offset)
    const entry = readNode(item, document, line)
    if (typeof entry === 'string') problems.push(`entry ${index + 1} (line ${line}): ${entry}`)
    else entries.push(entry)
  }
  problems.push(...clashes(entries))
  if (problems.length > 0) {
    throw new DomainError('invalid', problems.join('; '), {
      errors: problems.map((message) => ({ field: '', message })),
    })
  }
  return entries
}

/** What an import goes by of a workflow that is there. */
type Known = WorkflowDefinition & Pick<Workflow, 'id' | 'revision'>

/** Where an import puts workflows: the store itself, or the API in front of it. */
export interface ImportTarget {
  list: (now: Date) => Promise<{ workflows: Known[] }>
  create: (id: string, definition: WorkflowDefinition, now: Date) => Promise<unknown>
  /** Null when there is no such workflow. */
  replace: (
    id: string,
    definition: WorkflowDefinition,
    now: Date,
    revision?: number,
  ) => Promise<unknown>
}

const idFor = (entry: Entry, existing: readonly Known[]): string => {
  if (entry.id) return entry.id
  const { name } = entry.definition
  const named = existing.filter((workflow) => workflow.name === name)
  if (named.length > 1) {
    throw new DomainError(
      'invalid',
      `line ${entry.line}: ${named.length} workflows are named "${name}"; give the entry the id of the one that is meant`,
    )
  }
  return named[0]?.id ?? uuidV5(name, NAME_NAMESPACE)
}

/** Two entries that mean one workflow would overwrite each other at every import. */
const refuseOneForTwo = (wanted: readonly { id: string; line: number }[]): void => {
  const lines = new Map<string, number>()
  for (const { id, line } of wanted) {
    const other = lines.get(id)
    if (other !== undefined) {
      throw new DomainError(
        'invalid',
        `line ${line}: this entry and the one at line ${other} mean the same workflow, ${id}`,
      )
    }
    lines.set(id, line)
  }
}

/** How many workflows an import made, changed and found as they are. */
export interface ImportResult {
  created: number
  updated: number
  unchanged: number
}

/**
 * Creates or replaces the workflows of a file; what stands in the store already is not touched, so a
 * second import changes nothing. An entry without an id means the workflow of that name.
 * @throws DomainError `invalid` when a name is ambiguous or two entries mean one workflow, before
 *   anything is written
 */
export const importWorkflows = async (
  workflows: ImportTarget,
  entries: readonly Entry[],
  now: Date,
): Promise<ImportResult> => {
  const { workflows: existing } = await workflows.list(now)
  const byId = new Map(existing.map((workflow) => [workflow.id, workflow]))
  const wanted = entries.map((entry) => ({ ...entry, id: idFor(entry, existing) }))
  refuseOneForTwo(wanted)
  const result = { created: 0, updated: 0, unchanged: 0 }
  for (const { id, definition } of wanted) {
    const stored = byId.get(id)
    if (stored && isDeepStrictEqual(definitionOf(stored), definition)) {
      result.unchanged += 1
    } else if (await workflows.replace(id, definition, now, stored?.revision)) {
      result.updated += 1
    } else {
      await workflows.create(id, definition, now)
      result.created += 1
    }
  }
  return result
}

/** The workflows as a YAML list that an import reads back without a change. */
export const formatWorkflowFile = (workflows: readonly Known[]): string =>
  stringify(workflows.map((workflow) => ({ id: workflow.id, ...definitionOf(workflow) })))
