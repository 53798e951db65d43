import type { Child } from 'hono/jsx'
import type { AttentionEntry } from '../../domain/attention.ts'
import { formatCount, formatPrice } from '../format.ts'
import { ATTENTION_NAMES } from '../names.ts'
import { AttentionItem } from './attention-item.tsx'

/** More would push the page itself out of sight. */
const SHOWN = 5

interface Props {
  /** Newest first. */
  entries: readonly AttentionEntry[]
  /** Says of which workflow an entry is, where entries of several stand together. */
  workflowOf?: (entry: AttentionEntry) => Child
  now: Date
}

const AttentionList = ({ entries, workflowOf, now }: Props): Child => (
  <ul class='attention-list' role='list'>
    {entries.map((entry) => (
      <AttentionItem entry={entry} now={now}>
        {workflowOf?.(entry)}
      </AttentionItem>
    ))}
  </ul>
)

/** How many there are of each kind, so that none is missed among those that are folded away. */
const countsInWords = (entries: readonly AttentionEntry[]): string =>
  (['claimed', 'placed', 'abandoned'] as const)
    .map((state) => ({ state, count: entries.filter((entry) => entry.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${formatPrice(count)} ${ATTENTION_NAMES[state].toLowerCase()}`)
    .join(', ')

/** The orders that a person may have to look after, newest first; nothing when there are none. */
export const AttentionSection = ({ entries, ...props }: Props): Child => {
  if (entries.length === 0) return null
  const older = entries.slice(SHOWN)
  return (
    <section class='panel attention' aria-labelledby='attention-title'>
      <h2 id='attention-title'>Needs attention: {formatCount(entries.length, 'order')}</h2>
      {entries.length > 1 && <p class='muted'>{countsInWords(entries)} · newest first</p>}
      <AttentionList entries={entries.slice(0, SHOWN)} {...props} />
      {older.length > 0 && (
        <details>
          <summary>{formatCount(older.length, 'older order')}</summary>
          <AttentionList entries={older} {...props} />
        </details>
      )}
    </section>
  )
}
