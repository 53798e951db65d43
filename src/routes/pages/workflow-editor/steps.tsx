import type { Child } from 'hono/jsx'
import { ConditionFields, Conditions } from '../../../views/components/workflow-form/conditions.tsx'
import {
  addCondition,
  conditionFieldName,
  NO_ERRORS,
  type DefinitionForm,
} from '../../../views/components/workflow-form/form.ts'
import { InWords } from '../../../views/components/workflow-form/in-words.tsx'
import {
  BesideConditions,
  NoFailure,
} from '../../../views/components/workflow-form/workflow-form.tsx'

/** What a button of the form other than the one that saves makes of the form. */
interface Step {
  form: DefinitionForm
  /** The name of what has the focus then. */
  focus?: string
  /** All of the page that changes. */
  part: Child
}

const conditionsStep = (
  form: DefinitionForm,
  action: string,
  { focus, told }: { focus: string; told: string },
): Step => ({
  form,
  focus,
  part: (
    <>
      <Conditions {...{ form, errors: NO_ERRORS, action, focus }} />
      <BesideConditions form={form} told={told} />
    </>
  ),
})

/** The step that was asked for; null when the form is to be saved. */
export const stepOf = (
  form: DefinitionForm,
  body: URLSearchParams,
  action: string,
): Step | null => {
  const { conditions } = form
  if (body.has('add')) {
    const added = addCondition(form)
    const count = added.conditions.length
    return conditionsStep(added, action, {
      focus: conditionFieldName(count - 1, 'indicator.name'),
      told: `Condition ${count} added`,
    })
  }
  const removed = body.get('remove')
  if (removed !== null) {
    const left = { ...form, conditions: conditions.filter((_, index) => `${index}` !== removed) }
    return conditionsStep(left, action, {
      focus: 'conditions-title',
      told: `Condition ${Number(removed) + 1} removed`,
    })
  }
  const changed = body.get('change')
  if (changed !== null) {
    const index = Number(changed)
    return {
      form,
      focus: conditionFieldName(index, 'indicator.name'),
      part: <ConditionFields {...{ form, errors: NO_ERRORS, action, index }} />,
    }
  }
  if (!body.has('words')) return null
  return {
    form,
    part: (
      <>
        <InWords form={form} />
        <NoFailure />
      </>
    ),
  }
}
