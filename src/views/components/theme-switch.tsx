import type { Child } from 'hono/jsx'
import { paths } from '../../paths.ts'
import { capitalised } from '../names.ts'
import { THEMES, type Theme } from '../viewer.ts'

interface Props {
  theme: Theme
  /** The page to come back to. */
  path: string
}

/**
 * Light, dark, or as the system has it. The stylesheet follows the choice at once; by script it is
 * sent at once as well, without script by the button.
 */
export const ThemeSwitch = ({ theme, path }: Props): Child => (
  <form class='theme' method='post' action={paths.theme} autocomplete='off'>
    <fieldset>
      <legend>Theme</legend>
      {THEMES.map((each) => (
        <label>
          <input type='radio' name='theme' value={each} checked={each === theme} />
          {capitalised(each)}
        </label>
      ))}
    </fieldset>
    <input type='hidden' name='next' value={path} />
    <noscript>
      <button class='button'>Set theme</button>
    </noscript>
  </form>
)
