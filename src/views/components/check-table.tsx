import type { Child } from 'hono/jsx'
import type { Check } from '../../domain/decision.ts'
import { formatPrice } from '../format.ts'
import { capitalised } from '../names.ts'
import { distanceInWords } from '../words.ts'
import { Result } from './pills.tsx'

interface Cells {
  what: string
  value: string
  bounds: string
}

const cellsOf = (check: Check): Cells => {
  switch (check.rule) {
    case 'within':
      return {
        what: capitalised(check.price),
        value: formatPrice(check.value),
        bounds: `${formatPrice(check.lower)} to ${formatPrice(check.upper)}`,
      }
    case 'straddles': {
      const [reach, far] = check.reached === 'high' ? ['≥', '≤'] : ['≤', '≥']
      const level = formatPrice(check.level)
      return {
        what: `${capitalised(check.reached)}, close`,
        value: `${formatPrice(check.reached_value)}, ${formatPrice(check.close)}`,
        bounds: `${reach} ${level}, ${far} ${level}`,
      }
    }
    case 'signal':
      return { what: 'Signal', value: check.actual ?? 'none', bounds: check.expected }
  }
}

/** What a condition compared: any one of these rows is enough for it to hold. */
export const CheckTable = ({
  checks,
  holds,
  label,
}: {
  checks: readonly Check[]
  /** The condition does, whichever of its rows says so. */
  holds: boolean
  label: string
}): Child => (
  <table class='checks' aria-label={label}>
    <thead>
      <tr>
        <th scope='col'>Checked</th>
        <th scope='col' class='number'>
          Value
        </th>
        <th scope='col' class='number'>
          Bounds
        </th>
        <th scope='col'>Result</th>
      </tr>
    </thead>
    <tbody>
      {checks.map((check) => {
        const { what, value, bounds } = cellsOf(check)
        const distance = check.rule === 'within' ? distanceInWords(check) : null
        return (
          <tr>
            <th scope='row'>{what}</th>
            <td class='number'>{value}</td>
            <td class='number'>{bounds}</td>
            <td>
              {holds && !check.holds ? (
                <span class='result muted'>Not needed</span>
              ) : (
                <Result holds={check.holds} />
              )}
              {distance && <span class='muted distance'>{distance}</span>}
            </td>
          </tr>
        )
      })}
    </tbody>
  </table>
)
