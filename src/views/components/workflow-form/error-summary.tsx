import type { Child } from 'hono/jsx'
import { formatCount } from '../../format.ts'
import { labelOf, type DefinitionForm, type FormErrors } from './form.ts'

/** What has to be corrected, each with a link to its field. It has the focus when the page opens. */
export const ErrorSummary = ({
  form,
  errors,
}: {
  form: DefinitionForm
  errors: FormErrors
}): Child =>
  errors.size > 0 && (
    <div class='notice notice-failed' role='alert' tabindex={-1} autofocus>
      <h2 class='notice-title'>
        {formatCount(errors.size, 'thing')} to correct before it can be saved
      </h2>
      <ul class='error-list'>
        {[...errors].map(([name, message]) => (
          <li>
            <a href={`#${name}`}>{labelOf(form, name)}</a>: {message}
          </li>
        ))}
      </ul>
    </div>
  )
