import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const BIN = fileURLToPath(new URL('../../bin/ordertrail.js', import.meta.url))

const environmentOf = (environment: Record<string, string>): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  ...environment,
})

/** Runs `ordertrail` as a user does and returns what it printed and its exit code. */
export const ordertrail = async (
  args: readonly string[],
  environment: Record<string, string>,
): Promise<{ code: number | null; stdout: string; stderr: string }> => {
  const child = spawn(process.execPath, [BIN, ...args], { env: environmentOf(environment) })
  const stdout = collect(child.stdout)
  const stderr = collect(child.stderr)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout: stdout(), stderr: stderr() }
}

const collect = (stream: NodeJS.ReadableStream): (() => string) => {
  let text = ''
  stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  return () => text
}

/** Starts `ordertrail` as a user does; it is killed when the test ends. */
export const startOrdertrail = (
  args: readonly string[],
  environment: Record<string, string>,
  bin = BIN,
) =>
  running(
    spawn(process.execPath, [bin, ...args], {
      env: environmentOf(environment),
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  )

/** A running `ordertrail serve` on a free port. It is killed when the test ends. */
export const startServer = (environment: Record<string, string>, bin = BIN) =>
  startCommand('serve', /(http:\S+)\/workflows/, environment, bin)

/** A running `ordertrail paper-broker` on a free port. It is killed when the test ends. */
export const startPaperBroker = (environment: Record<string, string>) =>
  startCommand('paper-broker', /is at (http:\S+)\/orders/, environment)

const startCommand = async (
  command: string,
  address: RegExp,
  environment: Record<string, string>,
  bin = BIN,
) => {
  const started = startOrdertrail([command], { PORT: '0', ...environment }, bin)
  const url = await new Promise<string>((resolve, reject) => {
    started.child.stdout?.on('data', () => {
      const found = address.exec(started.stdout())?.[1]
      if (found) resolve(found)
    })
    started.closed.then(
      () => reject(new Error(`the server ended: ${started.stderr()}`)),
      () => undefined,
    )
  })
  return { ...started, url }
}

const running = (child: ChildProcess) => {
  const closed = once(child, 'close')
  const stderr = collect(child.stderr as NodeJS.ReadableStream)
  const stdout = collect(child.stdout as NodeJS.ReadableStream)
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal)
    const [code] = (await closed) as [number | null]
    return code
  }
  return {
    child,
    closed,
    stdout,
    stderr,
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) await end('SIGKILL')
    },
  }
}

/** Asks until the answer is given or the time is up, then fails with the last thing that was seen. */
export const eventually = async <T>(
  ask: () => Promise<T | undefined | null | false>,
  { within_ms, what }: { within_ms: number; what: string },
): Promise<T> => {
  const end = Date.now() + within_ms
  while (Date.now() < end) {
    const answer = await ask()
    if (answer) return answer
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`not within ${within_ms} ms: ${what}`)
}
