/** Nothing was heard within the deadline; whether the request was carried out is not known. */
export class DeadlineError extends Error {
  override name = 'DeadlineError'
}

/**
 * Runs `work` for at most so long. The signal ends the request; the race ends what does not look at
 * the signal, such as the search for credentials.
 * @throws DeadlineError that names the service
 */
export const withDeadline = async <T>(
  service: string,
  deadlineMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new DeadlineError(`${service} did not answer within ${deadlineMs} ms`))
      controller.abort()
    }, deadlineMs)
  })
  try {
    return await Promise.race([work(controller.signal), deadline])
  } finally {
    clearTimeout(timer)
  }
}
