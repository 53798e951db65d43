import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { DomainError, messageOf } from '../domain/errors.ts'
import { isMissing, writeDurably } from '../durable-file.ts'

const State = z.object({ position: z.number().int().nonnegative() })

/**
 * How many days the replay has advanced: 0 while there is no file.
 * @throws DomainError `market_unavailable` that names the file, when it holds no position
 */
export const readPosition = async (stateFile: string): Promise<number> => {
  const text = await readFile(stateFile, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return null
    const message = `cannot read the replay's position from ${stateFile}: ${messageOf(error)}`
    throw new DomainError('market_unavailable', message, { cause: error })
  })
  if (text === null) return 0
  try {
    return State.parse(JSON.parse(text)).position
  } catch (error) {
    // A silent restart would go back to days whose orders are placed already.
    throw new DomainError(
      'market_unavailable',
      `${stateFile}: expected the replay's position such as {"position":12}, got ${JSON.stringify(text.slice(0, 80))}; correct it, or delete the file to begin again at the first day`,
      { cause: error },
    )
  }
}

/** Replaces the position in one step, so that a crash leaves the old one or the new one. */
export const writePosition = (stateFile: string, position: number): Promise<void> =>
  writeDurably(stateFile, `${JSON.stringify({ position })}\n`)
