import { Session } from 'node:inspector/promises'

/**
 * Watches which functions of this process are called from now on, in files whose URL has the text. The
 * result tells them so far, as `src/views/layout.tsx Layout` for a text of `src/views`.
 */
export const watchCalls = async (text: string) => {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  return async (): Promise<Set<string>> => {
    const { result } = await session.post('Profiler.takePreciseCoverage')
    return new Set(
      result
        .filter(({ url }) => url.includes(text))
        .flatMap(({ url, functions }) =>
          functions.map(({ functionName }) => `${url.slice(url.indexOf(text))} ${functionName}`),
        ),
    )
  }
}
