import type { Child } from 'hono/jsx'

/** Text in which what stands between backticks is code. */
export const CodeSpans = ({ text }: { text: string }): Child =>
  text.split(/`([^`]+)`/).map((part, index) => (index % 2 === 1 ? <code>{part}</code> : part))

/** A description of the document: paragraphs and code, everything else as it is written. */
export const Prose = ({ text }: { text: string | undefined }): Child =>
  (text ?? '')
    .split(/\n\s*\n/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => (
      <p class='prose'>
        <CodeSpans text={paragraph} />
      </p>
    ))
