import { readdir, readFile, rmdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { Instant } from '../domain/candle.ts'
import { messageOf } from '../domain/errors.ts'
import { Order } from '../domain/order.ts'
import type { HostClaim, HostClaims, Logger } from '../domain/ports.ts'
import { linkDurably, missingAs, writeDurably } from '../durable-file.ts'

const ClaimFile = z.object({
  order: Order.omit({ placed_at: true, broker_order_id: true, ttl: true }),
  owner: z.string(),
  claimed_at: Instant,
})
type ClaimFile = z.infer<typeof ClaimFile>

/** Longer than a candle can be the newest one: a month, and the days until the market opens again. */
const KEPT_MS = 45 * 86_400_000
const FILE = '.json'

const byClaimTime = (a: ClaimFile, b: ClaimFile): number =>
  a.claimed_at < b.claimed_at ? -1 : a.claimed_at > b.claimed_at ? 1 : 0

/**
 * Claims as files, for all processes of one host. A claim is written to `open/`, under its owner's
 * name, and then linked into the folder of its slot's day, where its name exists once: a link is made
 * whole or not at all. Settling it takes the entry in `open/` away. A process that dies in between
 * leaves an entry that no claim stands behind; nothing was placed by it.
 */
export const createHostClaims = (directory: string, logger: Logger): HostClaims => {
  const openFolder = join(directory, 'open')
  const name = encodeURIComponent
  const openFile = (order_id: string, owner: string): string =>
    join(openFolder, `${name(order_id)}.${name(owner)}${FILE}`)
  const claimFile = ({ order_id, slot }: ClaimFile['order']): string =>
    join(directory, slot.slice(0, 10), `${name(order_id)}${FILE}`)

  const read = async (file: string): Promise<ClaimFile | null> => {
    const text = await readFile(file, 'utf8').catch(missingAs(null))
    return text === null ? null : ClaimFile.parse(JSON.parse(text))
  }

  const exists = (file: string): Promise<boolean> => stat(file).then(() => true, missingAs(false))

  const openNames = async (): Promise<string[]> =>
    (await readdir(openFolder).catch(missingAs<string[]>([]))).filter((entry) =>
      entry.endsWith(FILE),
    )

  /** The entry, if the claim that it was written for is really its owner's. */
  const readOpen = async (entry: string): Promise<HostClaim | null> => {
    const file = join(openFolder, entry)
    try {
      const claim = await read(file)
      const made = claim && (await read(claimFile(claim.order)))
      return claim && made?.owner === claim.owner ? { ...claim, settled: false } : null
    } catch (error) {
      // One claim that cannot be read must not hide the others from the sweep.
      logger.error('claim.unreadable', { file, problem: messageOf(error) })
      return null
    }
  }

  const removeIfOld = async (file: string, now: Date, keptMs: number): Promise<boolean> => {
    const found = await stat(file).catch(missingAs(null))
    if (!found || now.getTime() - found.mtimeMs <= keptMs) return false
    await unlink(file).catch(missingAs(undefined))
    return true
  }

  return {
    take: async (order, owner, now) => {
      const mine: ClaimFile = { order, owner, claimed_at: now.toISOString() }
      const entry = openFile(order.order_id, owner)
      await writeDurably(entry, JSON.stringify(mine))
      if (await linkDurably(entry, claimFile(order))) return null
      const held = await read(claimFile(order))
      if (held?.owner === owner) return null
      await unlink(entry).catch(missingAs(undefined))
      // Only a purge takes claims away, and none as young as this one could be.
      if (!held) throw new Error(`the claim of order ${order.order_id} went away while it was read`)
      return { ...held, settled: !(await exists(openFile(order.order_id, held.owner))) }
    },

    open: async () => {
      const claims = await Promise.all((await openNames()).map(readOpen))
      return claims.filter((claim) => claim !== null).sort(byClaimTime)
    },

    settle: async (order_id) => {
      const prefix = `${name(order_id)}.`
      for (const entry of await openNames()) {
        if (entry.startsWith(prefix)) {
          await unlink(join(openFolder, entry)).catch(missingAs(undefined))
        }
      }
    },

    purge: async (now) => {
      let purged = 0
      const days = (await readdir(directory).catch(missingAs<string[]>([]))).filter(
        (day) => day !== 'open',
      )
      for (const day of days) {
        const folder = join(directory, day)
        for (const entry of await readdir(folder)) {
          const file = join(folder, entry)
          if (await removeIfOld(file, now, KEPT_MS)) purged += 1
        }
        // Fails while there are claims in it.
        await rmdir(folder).catch(() => undefined)
      }
      for (const entry of await openNames())
        await removeIfOld(join(openFolder, entry), now, KEPT_MS)
      return purged
    },
  }
}
