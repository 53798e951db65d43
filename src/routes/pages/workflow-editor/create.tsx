import { isDeepStrictEqual } from 'node:util'
import { Hono } from 'hono'
import { z } from 'zod'
import { hasCode } from '../../../domain/errors.ts'
import {
  definitionOf,
  NewWorkflowId,
  unknownWorkflow,
  WorkflowId,
  type Workflow,
  type WorkflowDefinition,
} from '../../../domain/workflow.ts'
import { paths } from '../../../paths.ts'
import {
  copyOf,
  emptyForm,
  parseForm,
  readForm,
} from '../../../views/components/workflow-form/form.ts'
import { NewNotice, SentBeforeNotice } from '../../../views/components/workflow-form/notices.tsx'
import type { AppDeps } from '../../deps.ts'
import { validated } from '../../parameters.ts'
import { formBody } from '../form-body.ts'
import { keepTyped, showForm, showSaved, takeStep, toCreate } from './answer.tsx'
import { versionOf } from './version.ts'

type Deps = Pick<AppDeps, 'workflows' | 'clock' | 'newId'>

/** The new workflow, or the one that a form with this id made before. */
const createOnce = async (
  { workflows, clock }: Deps,
  id: string,
  definition: WorkflowDefinition,
): Promise<Workflow> => {
  const now = clock.now()
  try {
    return await workflows.create(id, definition, now)
  } catch (error) {
    const made = hasCode(error, 'conflict') ? await workflows.find(id, now) : null
    if (!made) throw error
    return made
  }
}

/** `/workflows/new`, with `from` for a copy. */
export const createPages = (deps: Deps) =>
  new Hono()
    .get(
      paths.workflowNew(),
      validated('query', z.object({ from: WorkflowId.optional() })),
      async (c) => {
        const { from } = c.req.valid('query')
        const purpose = toCreate(deps.newId())
        if (from === undefined) {
          return showForm(c, deps, purpose, { form: emptyForm(), notice: <NewNotice /> })
        }
        const source = await versionOf(deps.workflows, from, deps.clock.now())
        if (!source) throw unknownWorkflow(from)
        return showForm(c, deps, purpose, {
          form: copyOf(source.form),
          notice: <NewNotice copied={source} />,
        })
      },
    )
    .post(paths.workflowNew(), async (c) => {
      const body = await formBody(c)
      const form = readForm(body)
      const id = NewWorkflowId.safeParse(body.get('id')).data ?? deps.newId()
      const purpose = toCreate(id)
      keepTyped(c, purpose, form)
      const step = takeStep(c, deps, purpose, form, body)
      if (step) return step
      const { definition, errors } = parseForm(form)
      if (!definition) return showForm(c, deps, purpose, { form, errors }, 422)
      const made = await createOnce(deps, id, definition)
      if (isDeepStrictEqual(definitionOf(made), definition)) return showSaved(c, 'created', made)
      const notice = <SentBeforeNotice id={made.id} name={made.name} />
      return showForm(c, deps, toCreate(deps.newId()), { form, notice }, 409)
    })
