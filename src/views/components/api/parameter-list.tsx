import type { Child } from 'hono/jsx'
import type { Parameter } from './document.ts'
import { Prose } from './prose.tsx'
import { ownExample } from './sample.ts'
import { SchemaDetails } from './schema-details.tsx'
import { SchemaType } from './schema-type.tsx'

/** The schema says the same as the parameter where nobody wrote more. */
const descriptionOf = ({ description, schema }: Parameter): string | undefined =>
  description ?? schema?.description

/** What may be asked for, and where in the request it stands. */
export const ParameterList = ({ parameters }: { parameters: readonly Parameter[] }): Child => (
  <dl class='fields'>
    {parameters.map((parameter) => {
      const { name, required, deprecated, schema = {}, example = ownExample(schema) } = parameter
      return (
        <div class='field'>
          <dt>
            <code class='field-name'>{name}</code> <span class='where'>in {parameter.in}</span>{' '}
            {required && <span class='required'>required</span>}{' '}
            {deprecated && <span class='where'>deprecated</span>}
          </dt>
          <dd>
            <SchemaType schema={schema} example={example} />
            <Prose text={descriptionOf(parameter)} />
            <SchemaDetails schema={schema} />
          </dd>
        </div>
      )
    })}
  </dl>
)
