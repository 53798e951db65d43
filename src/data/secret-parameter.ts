import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { messageOf } from '../domain/errors.ts'
import { withDeadline } from './deadline.ts'

/** Within this time a secret that was replaced is used, and the one before it no more. */
const MAX_AGE_MS = 5 * 60_000
const DEADLINE_MS = 3000

interface SecretOptions {
  /** Of a SecureString. */
  name: string
  region: string
  /** Milliseconds of a clock that never jumps, such as `performance.now`. */
  now: () => number
}

/**
 * A secret in a parameter of AWS Systems Manager, encrypted there. It is read when it is first asked
 * for and kept for five minutes; a failure is not kept.
 * @throws Error that names the parameter
 */
export const createSecretParameter = ({
  name,
  region,
  now,
}: SecretOptions): (() => Promise<string>) => {
  const client = new SSMClient({ region, maxAttempts: 2 })
  let kept: { read_at: number; secret: Promise<string> } | null = null

  const read = async (): Promise<string> => {
    try {
      const command = new GetParameterCommand({ Name: name, WithDecryption: true })
      const { Parameter } = await withDeadline('SSM', DEADLINE_MS, (abortSignal) =>
        client.send(command, { abortSignal }),
      )
      if (!Parameter?.Value) throw new Error('it is empty')
      return Parameter.Value
    } catch (error) {
      kept = null
      const problem = messageOf(error)
      throw new Error(`the secret in the parameter ${name} cannot be read: ${problem}`, {
        cause: error,
      })
    }
  }

  return () => {
    if (!kept || now() - kept.read_at >= MAX_AGE_MS) kept = { read_at: now(), secret: read() }
    return kept.secret
  }
}
