import type { Child } from 'hono/jsx'
import type { Field } from './fields.ts'
import { fieldNamed, labelOf, namesIn, textIn, type DefinitionForm } from './form.ts'

/** A value as a reader knows it. */
const shown = (field: Field, text: string): string => {
  if (field.kind === 'checkbox') return text === 'true' ? 'Yes' : 'No'
  const option = field.options?.find(([value]) => value === text)
  return option?.[1] ?? (text || 'None')
}

/** The fields of a form in order: their names, and their values in words. */
const valuesOf = (form: DefinitionForm): Map<string, string> =>
  new Map(
    namesIn(form).flatMap((name) => {
      const { field } = fieldNamed(form, name)
      return field ? [[name, shown(field, textIn(form, name))]] : []
    }),
  )

interface Props {
  yours: DefinitionForm
  stored: DefinitionForm
}

/** Two versions of a definition side by side, field by field, with a word where they differ. */
export const VersionTable = ({ yours, stored }: Props): Child => {
  const [mine, theirs] = [valuesOf(yours), valuesOf(stored)]
  const names = [...new Set([...mine.keys(), ...theirs.keys()])]
  return (
    <table class='versions' role='table'>
      <caption class='visually-hidden'>Your version and the stored one, field by field</caption>
      <thead role='rowgroup'>
        <tr role='row'>
          {['Field', 'Yours', 'Stored now'].map((heading) => (
            <th scope='col' role='columnheader'>
              {heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role='rowgroup'>
        {names.map((name) => {
          const differs = mine.get(name) !== theirs.get(name)
          return (
            <tr role='row' class={differs ? 'differs' : undefined}>
              <th scope='row' role='rowheader'>
                {labelOf(mine.has(name) ? yours : stored, name)}
                {differs && (
                  <>
                    {' '}
                    <span class='pill pill-warn'>Different</span>
                  </>
                )}
              </th>
              <td role='cell'>{mine.get(name) ?? 'Not there'}</td>
              <td role='cell'>{theirs.get(name) ?? 'Not there'}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
