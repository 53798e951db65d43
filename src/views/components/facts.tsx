import type { Child } from 'hono/jsx'

interface Props {
  facts: readonly (readonly [name: string, value: Child])[]
  /** Side by side over the width of the page, instead of one below the other. */
  wide?: boolean
}

/** Names with their values. */
export const Facts = ({ facts, wide = false }: Props): Child => (
  <dl class={wide ? 'facts wide' : 'facts'}>
    {facts.map(([name, value]) => (
      <div>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)
