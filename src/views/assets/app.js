// Two things that htmx leaves to the page.

// A request that gets no answer at all has no response to show, so the page brings its own words.
document.addEventListener('htmx:error', (event) => {
  const { ctx } = event.detail
  const template = document.getElementById('unreachable')
  if (!ctx?.target?.isConnected || !template) return
  const notice = template.content.cloneNode(true)
  notice.querySelector('a').href = ctx.request.action
  ctx.target.replaceChildren(notice)
  globalThis.htmx.process(ctx.target)
  focusIfLost(ctx.target)
})

// The link that was clicked is gone after the swap, and the keyboard must not start over.
document.addEventListener('htmx:after:settle', (event) => focusIfLost(event.target))

const focusIfLost = (element) => {
  if (document.activeElement === document.body) element.focus({ preventScroll: true })
}
