/** Long enough that one Ctrl-C, which may come from the terminal and from npm, counts once. */
const SECOND_THOUGHT_MS = 1000

/** Aborted by SIGINT or SIGTERM; whoever insists ends the process at once. */
export const stopSignal = (): AbortSignal => {
  const stop = new AbortController()
  let askedAt = 0
  const ask = (): void => {
    if (stop.signal.aborted && performance.now() - askedAt > SECOND_THOUGHT_MS) process.exit(130)
    askedAt = performance.now()
    stop.abort()
  }
  process.on('SIGINT', ask)
  process.on('SIGTERM', ask)
  // Under another Node a launcher stands before this process, which must not outlive it.
  process.on('disconnect', ask)
  process.channel?.unref()
  return stop.signal
}
