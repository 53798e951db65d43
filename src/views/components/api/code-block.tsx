import type { Child } from 'hono/jsx'

/** Lines of code. They scroll sideways inside themselves, which the keyboard can do as well. */
export const CodeBlock = ({ label, code }: { label: string; code: string }): Child => (
  <pre class='code-block' role='group' aria-label={label} tabindex={0}>
    <code>{code}</code>
  </pre>
)

/** A value as JSON, or text as it is, folded until it is wanted. */
export const Example = ({ label, value }: { label: string; value: unknown }): Child => (
  <details class='fold'>
    <summary>{label}</summary>
    <CodeBlock
      label={label}
      code={typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
    />
  </details>
)
