import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createJournal } from '../../src/data/journal.ts'
import { aPlacedOrder } from '../support/builders.ts'
import { recordingLogger } from '../support/logger.ts'

const MODULE = fileURLToPath(new URL('../../src/data/journal.ts', import.meta.url))

const aJournal = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ordertrail-journal-'))
  const directory = join(folder, 'journal')
  const logger = recordingLogger()
  return {
    directory,
    logger,
    journal: createJournal(directory, logger),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

const early = aPlacedOrder({
  slot: '2026-11-23T07:00:00.000Z',
  placed_at: '2026-11-23T08:00:00.000Z',
})
const late = aPlacedOrder({
  slot: '2026-11-23T08:00:00.000Z',
  placed_at: '2026-11-23T09:00:00.000Z',
})

describe('the journal', () => {
  test('is empty before the first order, without a folder', async () => {
    await using setUp = await aJournal()

    expect(await setUp.journal.pending()).toEqual([])
  })

  test('gives back the orders of a process that ended, oldest first', async () => {
    await using setUp = await aJournal()
    await setUp.journal.append(late)
    await setUp.journal.append(early)

    const reopened = createJournal(setUp.directory, setUp.logger)

    expect(await reopened.pending()).toEqual([early, late])
  })

  test('holds an order once, however often it is written', async () => {
    await using setUp = await aJournal()
    await Promise.all([late, late, late].map(setUp.journal.append))

    expect(await setUp.journal.pending()).toEqual([late])
    expect(await readdir(setUp.directory)).toEqual([`${late.order_id}.json`])
  })

  test('lets go of an order that was recorded, and does not mind being told twice', async () => {
    await using setUp = await aJournal()
    await setUp.journal.append(early)
    await setUp.journal.append(late)

    await setUp.journal.remove(early.order_id)
    await setUp.journal.remove(early.order_id)

    expect(await setUp.journal.pending()).toEqual([late])
  })

  test('never leaves its folder, whatever an order is called', async () => {
    await using setUp = await aJournal()
    const odd = aPlacedOrder({ order_id: '../../escaped' })

    await setUp.journal.append(odd)

    expect(await setUp.journal.pending()).toEqual([odd])
    expect(await readdir(setUp.directory)).toHaveLength(1)
    await setUp.journal.remove(odd.order_id)
    expect(await setUp.journal.pending()).toEqual([])
  })

  test('takes no notice of a file that a killed process did not finish', async () => {
    await using setUp = await aJournal()
    await setUp.journal.append(late)
    await writeFile(
      join(setUp.directory, `${early.order_id}.json.4711.1.tmp`),
      JSON.stringify(early).slice(0, 40),
    )

    expect(await setUp.journal.pending()).toEqual([late])
    expect(setUp.logger.events).toEqual([])
  })

  test.each([
    { what: 'a torn file', text: JSON.stringify(early).slice(0, 40), problem: 'JSON' },
    { what: 'an empty file', text: '', problem: 'JSON' },
    { what: 'an order without a price', text: '{"order_id":"x"}', problem: 'price: is required' },
    { what: 'no object', text: 'null', problem: 'expected object' },
  ])('keeps $what aside, reports it once and delivers the others', async ({ text, problem }) => {
    await using setUp = await aJournal()
    await setUp.journal.append(late)
    await writeFile(join(setUp.directory, `${early.order_id}.json`), text)

    expect(await setUp.journal.pending()).toEqual([late])
    expect(await setUp.journal.pending()).toEqual([late])

    expect(setUp.logger.events).toEqual([
      {
        level: 'error',
        event: 'journal.corrupt',
        file: join(setUp.directory, `${early.order_id}.json`),
        problem: expect.stringContaining(problem) as string,
      },
    ])
    const kept = join(setUp.directory, `${early.order_id}.json.corrupt`)
    expect(await readFile(kept, 'utf8')).toBe(text)
  })

  test('says so when it cannot write, and leaves nothing half done', async () => {
    await using setUp = await aJournal()
    // A folder in the place of the entry makes the last step fail, as a full disk would.
    await mkdir(join(setUp.directory, `${early.order_id}.json`), { recursive: true })

    await expect(setUp.journal.append(early)).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/)

    expect(await readdir(setUp.directory)).toEqual([`${early.order_id}.json`])
  })

  test('leaves no file open', async () => {
    await using setUp = await aJournal()
    const openFiles = async () => {
      const fds = await readdir('/proc/self/fd').catch(() => [])
      return fds.length
    }
    await setUp.journal.append(early)
    const before = await openFiles()

    for (let times = 0; times < 50; times += 1) await setUp.journal.append(early)
    await setUp.journal.pending()

    expect(await openFiles()).toBeLessThan(before + 10)
  })

  test('is shared by the processes of one machine', async () => {
    await using setUp = await aJournal()
    const script = `
      const { createJournal } = await import(process.argv[1])
      const journal = createJournal(process.argv[2], { error: console.error })
      for (const order of JSON.parse(process.argv[3])) await journal.append(order)
    `
    const write = (orders: unknown[]) =>
      promisify(execFile)(process.execPath, [
        '--input-type=module',
        '--eval',
        script,
        MODULE,
        setUp.directory,
        JSON.stringify(orders),
      ])

    await Promise.all([write([early, late]), write([late])])

    expect(await setUp.journal.pending()).toEqual([early, late])
  })
})
