import type { Child } from 'hono/jsx'
import type { Method } from './document.ts'

const TONES: Record<Method, string> = {
  get: 'quiet',
  head: 'quiet',
  options: 'quiet',
  post: 'good',
  put: 'warn',
  patch: 'warn',
  delete: 'bad',
}

/** The method of an operation; the colour tells what it does to what is there. */
export const MethodPill = ({ method }: { method: Method }): Child => (
  <span class={`pill pill-${TONES[method]}`}>{method.toUpperCase()}</span>
)
