import { readdir, readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../domain/errors.ts'
import type { PlacedOrder } from '../domain/order.ts'
import type { Journal, Logger } from '../domain/ports.ts'
import { missingAs, writeDurably } from '../durable-file.ts'
import { oldestFirst, parseEntry } from './journal-entry.ts'

const ENTRY = '.json'
const CORRUPT = '.corrupt'

/**
 * A folder with one file per placed order that is not in the trail yet. Every process of the host
 * may use it at the same time: entries appear whole, and removing one twice is fine. An entry that
 * cannot be read is kept under another name and reported.
 */
export const createJournal = (directory: string, logger: Logger): Journal => {
  const fileOf = (order_id: string) => join(directory, `${encodeURIComponent(order_id)}${ENTRY}`)

  const read = async (name: string): Promise<PlacedOrder | null> => {
    const file = join(directory, name)
    // Gone: another process has delivered it.
    const text = await readFile(file, 'utf8').catch(missingAs(null))
    if (text === null) return null
    try {
      return parseEntry(text)
    } catch (error) {
      logger.error('journal.corrupt', { file, problem: messageOf(error) })
      await rename(file, `${file}${CORRUPT}`).catch(missingAs(undefined))
      return null
    }
  }

  return {
    keepsEveryOrder: true,

    append: (order) => writeDurably(fileOf(order.order_id), JSON.stringify(order)),

    pending: async () => {
      const names = await readdir(directory).catch(missingAs<string[]>([]))
      const entries = await Promise.all(names.filter((name) => name.endsWith(ENTRY)).map(read))
      return entries.filter((entry) => entry !== null).sort(oldestFirst)
    },

    remove: (order_id) => unlink(fileOf(order_id)).catch(missingAs(undefined)),
  }
}
