import type { Child } from 'hono/jsx'
import { capitalised } from '../names.ts'

const DATES = /(\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2} UTC)?)/

/** Text in which no date is torn apart at the end of a line. */
const withWholeDates = (text: string): Child =>
  text.split(DATES).map((part) => (DATES.test(part) ? <span class='whole'>{part}</span> : part))

/** A sentence of one of the `words` functions, with its capital letter and full stop. */
export const Sentence = ({ text }: { text: string }): Child => (
  <p class='sentence'>{withWholeDates(`${capitalised(text)}.`)}</p>
)
