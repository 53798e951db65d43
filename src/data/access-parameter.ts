import {
  GetParameterCommand,
  paginateDescribeParameters,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { DomainError, messageOf } from '../domain/errors.ts'
import type { Access } from '../domain/ports.ts'
import { createAccess } from './access.ts'
import { withDeadline } from './deadline.ts'

/** A token that was deleted lets nobody in for longer than this. */
const MAX_AGE_MS = 60_000
const DEADLINE_MS = 3000

interface ParameterOptions {
  /** Of a SecureString. */
  name: string
  region: string
  /** Milliseconds of a clock that never jumps, such as `performance.now`. */
  now: () => number
}

/** The access document in a parameter of AWS Systems Manager, encrypted there. */
export const createAccessParameter = ({ name, region, now }: ParameterOptions): Access => {
  const client = new SSMClient({ region, maxAttempts: 2 })
  const failed = (error: unknown): never => {
    if (error instanceof DomainError) throw error
    const problem = `the access document in the parameter ${name}: ${messageOf(error)}`
    throw new DomainError('access_unavailable', problem, { cause: error })
  }

  /** The version that was loaded last; 0 when there was none. */
  let loaded = 0

  const load = async (abortSignal: AbortSignal): Promise<string | null> => {
    const command = new GetParameterCommand({ Name: name, WithDecryption: true })
    try {
      const { Parameter } = await client.send(command, { abortSignal })
      loaded = Parameter?.Version ?? 0
      return Parameter?.Value ?? ''
    } catch (error) {
      if (!(error instanceof ParameterNotFound)) throw error
      loaded = 0
      return null
    }
  }

  /** The key that it is encrypted by; undefined for a new one. */
  const keyOf = async (abortSignal: AbortSignal): Promise<string | undefined> => {
    const ParameterFilters = [{ Key: 'Name', Values: [name] }]
    const pages = paginateDescribeParameters({ client }, { ParameterFilters }, { abortSignal })
    for await (const { Parameters = [] } of pages) {
      const [found] = Parameters
      if (found) return found.KeyId
    }
    return undefined
  }

  const put = async (Value: string, abortSignal: AbortSignal): Promise<void> => {
    // Without its name the key of the account would take the place of the one that it has.
    const KeyId = await keyOf(abortSignal)
    const command = new PutParameterCommand({
      Name: name,
      Value,
      Type: 'SecureString',
      KeyId,
      Overwrite: true,
      // A standard parameter holds 4 KB, which is some 15 tokens; this one grows to 8 KB.
      Tier: 'Intelligent-Tiering',
    })
    const { Version } = await client.send(command, { abortSignal })
    // SSM has no condition, but tells of both writers the later one.
    if (Version !== loaded + 1) {
      const message =
        'the tokens were changed by another command at the same time, and one change is lost: see `ordertrail token list`'
      throw new DomainError('conflict', message)
    }
  }

  return createAccess({
    place: `the parameter ${name}`,
    load: () => withDeadline('SSM', DEADLINE_MS, load).catch(failed),
    save: (text) =>
      withDeadline('SSM', DEADLINE_MS, (abortSignal) => put(text, abortSignal)).catch(failed),
    maxAgeMs: MAX_AGE_MS,
    now,
  })
}
