import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import type { SignedOutSessions } from '../domain/ports.ts'
import type { DynamoClient } from './client.ts'
import type { Tables } from './table-definitions.ts'
import { epochSeconds } from './ttl.ts'

/** How much longer another instance may let a session in that has signed out here. */
const MAX_AGE_MS = 5000
const MOST_REMEMBERED = 1000

interface SignedOutSessionsOptions {
  client: DynamoClient
  tables: Pick<Tables, 'signed_out_sessions'>
  /** Milliseconds of a clock that never jumps, such as `performance.now`. */
  now: () => number
}

/** The signed-out sessions in DynamoDB, so that every instance knows of them. */
export const createSignedOutSessions = ({
  client,
  tables,
  now,
}: SignedOutSessionsOptions): SignedOutSessions => {
  const TableName = tables.signed_out_sessions
  const known = new Map<string, { at: number; isSignedOut: Promise<boolean> }>()

  const remember = (session_id: string, isSignedOut: Promise<boolean>): Promise<boolean> => {
    known.delete(session_id)
    known.set(session_id, { at: now(), isSignedOut })
    const [oldest] = known.keys()
    if (known.size > MOST_REMEMBERED && oldest !== undefined) known.delete(oldest)
    // A failure is not kept: the next request finds out whether it still is one.
    isSignedOut.catch(() => known.delete(session_id))
    return isSignedOut
  }

  const find = async (session_id: string): Promise<boolean> => {
    const { Item } = await client.send(
      new GetCommand({ TableName, Key: { session_id }, ConsistentRead: true }),
    )
    return Item !== undefined
  }

  return {
    has: (session_id) => {
      const last = known.get(session_id)
      return last && now() - last.at < MAX_AGE_MS
        ? last.isSignedOut
        : remember(session_id, find(session_id))
    },
    add: async (session_id, end) => {
      // In the second in which the session ends it must still be there.
      const ttl = epochSeconds(end.getTime()) + 1
      await client.send(new PutCommand({ TableName, Item: { session_id, ttl } }))
      await remember(session_id, Promise.resolve(true))
    },
  }
}
