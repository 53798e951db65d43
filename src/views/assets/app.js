// What htmx and the browser leave to the page.

// A request that gets no answer at all has no response to show, so the page brings its own words.
document.addEventListener('htmx:error', (event) => {
  const { ctx } = event.detail
  const template = document.getElementById('unreachable')
  if (!ctx?.target?.isConnected || !template) return
  if (ctx.target.id === 'order-news') return
  const notice = template.content.cloneNode(true)
  // A form keeps what was typed: the notice stands beside it and leads nowhere.
  const place = document.getElementById('form-failure') ?? ctx.target
  if (place === ctx.target) notice.querySelector('a').href = ctx.request.action
  else notice.querySelector('.notice-actions').remove()
  place.replaceChildren(notice)
  globalThis.htmx.process(place)
  if (!ctx.sourceElement.isConnected) focusIfLost(place)
})

// Where the link that was clicked is gone after the swap, the keyboard must not start over; and what
// has come is told to those who do not see it.
document.addEventListener('htmx:after:settle', ({ target, detail }) => {
  if (!detail.task.sourceElement?.isConnected) focusIfLost(target)
  const words = target.querySelector('[data-announce]')
  const announcement = document.getElementById('announcement')
  if (words && announcement) announcement.textContent = words.textContent
})

const focusIfLost = (element) => {
  if (document.activeElement === document.body) element.focus({ preventScroll: true })
}

// Live updates: a page that somebody looks at asks for news, less often while the server fails.
const POLL_MS = 10_000
let failures = 0
let timer

const isPaused = () => sessionStorage.getItem('live-updates') === 'paused'

const poll = () => {
  clearTimeout(timer)
  timer = setTimeout(poll, POLL_MS * 2 ** Math.min(failures, 4))
  if (document.hidden || isPaused()) return
  document.getElementById('order-news')?.dispatchEvent(new Event('poll'))
}

const showLive = () => {
  for (const words of document.querySelectorAll('.live-failure')) words.hidden = failures === 0
  for (const button of document.querySelectorAll('.live > [role=switch]')) {
    button.ariaChecked = String(!isPaused())
  }
}

document.addEventListener('htmx:finally:request', ({ target, detail }) => {
  if (target.id !== 'order-news') return
  failures = detail.ctx.response?.status < 400 ? 0 : failures + 1
  showLive()
})
document.addEventListener('htmx:after:process', showLive)
document.addEventListener('visibilitychange', poll)
document.addEventListener('click', ({ target }) => {
  if (!target.closest('.live > [role=switch]')) return
  sessionStorage.setItem('live-updates', isPaused() ? 'on' : 'paused')
  showLive()
  poll()
})
timer = setTimeout(poll, POLL_MS)

// Times come in the zone that the browser told before. A page that came in another one is put right.
const { timeZone } = Intl.DateTimeFormat().resolvedOptions()

if (document.documentElement.dataset.timeZone !== timeZone) {
  document.cookie = `time_zone=${encodeURIComponent(timeZone)}; path=/; max-age=31536000; samesite=lax`
  const digits = '2-digit'
  const clock = new Intl.DateTimeFormat('en-CA', {
    year: 'numeric',
    month: digits,
    day: digits,
    hour: digits,
    minute: digits,
    second: digits,
    hourCycle: 'h23',
    timeZoneName: 'shortOffset',
  })
  for (const time of document.querySelectorAll('time.exact')) {
    const text = clock.format(new Date(time.dateTime)).replace(', ', ' ')
    time.textContent = text.replace(/GMT(\+0$)?/, 'UTC')
  }
  for (const name of document.querySelectorAll('.time-zone')) name.textContent = timeZone
}

// A page that stays open goes on saying how long ago it was, as `relativeTime` of the server says it.
const UNITS = Object.entries({ day: 86_400, hour: 3600, minute: 60 })
const unitOf = (seconds) => UNITS.find(([, unit]) => seconds >= unit)

const spanOf = (seconds) => {
  const [name, unit] = unitOf(seconds)
  const count = Math.floor(seconds / unit)
  return `${count.toLocaleString('en-US')} ${name}${count === 1 ? '' : 's'}`
}

const relativeTime = (at) => {
  const seconds = (Date.now() - at) / 1000
  if (Math.abs(seconds) < 60) return 'just now'
  if (seconds > 0) return `${spanOf(seconds)} ago`
  const [, unit] = unitOf(-seconds)
  return `in ${spanOf(Math.round(-seconds / unit) * unit)}`
}

setInterval(() => {
  for (const time of document.querySelectorAll('time.relative')) {
    time.textContent = relativeTime(Date.parse(time.dateTime))
  }
}, 30_000)

// The stylesheet follows the choice of a theme; the server is told to keep it.
document.addEventListener('change', ({ target }) => {
  if (target.name !== 'theme') return
  const { action, method } = target.form
  void fetch(action, {
    method,
    body: new URLSearchParams(new FormData(target.form)),
    redirect: 'manual',
  })
})

// A page that comes back as it was left may have missed a change of the theme.
addEventListener('pageshow', () => {
  const theme = /(?:^|; )theme=(\w+)/.exec(document.cookie)?.[1] ?? 'system'
  const choice = document.querySelector(`[name=theme][value=${theme}]`)
  if (choice) choice.checked = true
})

// A slash leads to the search, from anywhere but a field that takes it.
document.addEventListener('keydown', (event) => {
  const { key, target, ctrlKey, metaKey, altKey } = event
  if (key !== '/' || ctrlKey || metaKey || altKey) return
  if (target.matches('input:not([type=radio], [type=checkbox]), textarea, select')) return
  const search = document.querySelector('main input[type=search]')
  if (!search) return
  event.preventDefault()
  search.focus()
  search.select()
})
