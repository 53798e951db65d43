import { isDeepStrictEqual } from 'node:util'
import { Hono, type Context } from 'hono'
import { DomainError, hasCode } from '../../../domain/errors.ts'
import {
  definitionOf,
  unknownWorkflow,
  type Workflow,
  type WorkflowDefinition,
} from '../../../domain/workflow.ts'
import { paths } from '../../../paths.ts'
import {
  formOf,
  parseForm,
  readForm,
  type DefinitionForm,
} from '../../../views/components/workflow-form/form.ts'
import {
  BrokenNotice,
  ConflictNotice,
  GoneNotice,
  TriggerNotice,
} from '../../../views/components/workflow-form/notices.tsx'
import type { AppDeps } from '../../deps.ts'
import { validated, WorkflowIdParameter } from '../../parameters.ts'
import { formBody } from '../form-body.ts'
import { keepTyped, showForm, showSaved, takeStep, toChange, toCreate } from './answer.tsx'
import { revisionOf, versionOf, type Version } from './version.ts'

type Deps = Pick<AppDeps, 'workflows' | 'clock' | 'newId'>

const PATH = `${paths.workflows}/:workflow_id/edit`

const noticeOf = ({ id, read }: Version) =>
  read instanceof DomainError ? (
    <BrokenNotice id={id} problem={read.message} />
  ) : (
    <TriggerNotice definition={read} />
  )

/** What a broken item needs, beside its fields. */
const errorsOf = ({ read, form }: Version) =>
  read instanceof DomainError ? parseForm(form).errors : undefined

/**
 * Puts the definition in the place of the stored version.
 * @throws DomainError `precondition_failed` when the form began with another revision
 */
const replace = async (
  { workflows, clock }: Deps,
  { id, read, revision: stored }: Version,
  definition: WorkflowDefinition,
  revision: string,
): Promise<Workflow | null> => {
  const isBroken = read instanceof DomainError
  // This very form may have been sent before.
  if (!isBroken && isDeepStrictEqual(definitionOf(read), definition)) return read
  // A broken item may have no revision that a change could be based on.
  const isBased = !isBroken || revisionOf(stored) !== undefined
  const base = isBased ? (revisionOf(revision) ?? 0) : undefined
  return workflows.replace(id, definition, clock.now(), base)
}

/** `/workflows/{workflow_id}/edit`. */
export const changePages = (deps: Deps) => {
  const { workflows, clock } = deps

  /** Nobody has this workflow any more: what was typed can become a new one. */
  const showGone = (c: Context, form: DefinitionForm) =>
    showForm(c, deps, toCreate(deps.newId()), { form, notice: <GoneNotice /> }, 404)

  /** Somebody else saved first: both versions, and a form that is based on the stored one. */
  const showConflict = async (
    c: Context,
    id: string,
    { form, definition }: { form: DefinitionForm; definition: WorkflowDefinition },
  ) => {
    const stored = await versionOf(workflows, id, clock.now())
    if (!stored) return showGone(c, form)
    const notice = (
      <ConflictNotice
        id={id}
        revision={stored.revision}
        yours={formOf(definition)}
        stored={stored.form}
      />
    )
    return showForm(c, deps, toChange(stored, stored.revision), { form, notice }, 409)
  }

  return new Hono()
    .get(PATH, validated('param', WorkflowIdParameter), async (c) => {
      const { workflow_id } = c.req.valid('param')
      const stored = await versionOf(workflows, workflow_id, clock.now())
      if (!stored) throw unknownWorkflow(workflow_id)
      const { form, revision } = stored
      return showForm(c, deps, toChange(stored, revision), {
        form,
        errors: errorsOf(stored),
        notice: noticeOf(stored),
      })
    })
    .post(PATH, validated('param', WorkflowIdParameter), async (c) => {
      const { workflow_id } = c.req.valid('param')
      const body = await formBody(c)
      const form = readForm(body)
      const revision = body.get('revision') ?? ''
      const typed = toChange(
        { id: workflow_id, name: form.texts.get('name') || workflow_id },
        revision,
      )
      keepTyped(c, typed, form)
      const step = takeStep(c, deps, typed, form, body)
      if (step) return step
      const { definition, errors } = parseForm(form)
      if (!definition) return showForm(c, deps, typed, { form, errors }, 422)

      const stored = await versionOf(workflows, workflow_id, clock.now())
      if (!stored) return showGone(c, form)
      try {
        const saved = await replace(deps, stored, definition, revision)
        return saved ? showSaved(c, 'saved', saved) : showGone(c, form)
      } catch (error) {
        if (!hasCode(error, 'precondition_failed')) throw error
        return showConflict(c, workflow_id, { form, definition })
      }
    })
}
