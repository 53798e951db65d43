import type { Child } from 'hono/jsx'

/** What was just done. It has the focus, so that it is read out first and the keyboard starts here. */
export const FlashNotice = ({ text }: { text: string }): Child => (
  <p class='notice notice-done' role='status' tabindex={-1} autofocus>
    {text}
  </p>
)
