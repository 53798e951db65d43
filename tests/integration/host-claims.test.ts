import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createHostClaims } from '../../src/data/host-claims.ts'
import { anIntendedOrder } from '../support/builders.ts'
import { aFolder } from '../support/installation.ts'
import { recordingLogger } from '../support/logger.ts'

const NOW = new Date('2026-11-23T09:30:00.000Z')
const TAKE_CLAIM = fileURLToPath(new URL('../support/take-claim.ts', import.meta.url))

const anOrderOf = (day: number) =>
  anIntendedOrder({ slot: `2026-11-${String(day).padStart(2, '0')}T00:00:00.000Z` })

const claimsIn = (path: string) => {
  const logger = recordingLogger()
  return Object.assign(createHostClaims(path, logger), { events: logger.events })
}

test('a claim is given once; whoever comes later is told who has it and what was claimed', async () => {
  await using folder = await aFolder()
  const claims = claimsIn(folder.path)
  const order = anIntendedOrder()

  expect(await claims.take(order, 'first', NOW)).toBeNull()
  expect(await claims.take({ ...order, price: 1 }, 'second', new Date())).toEqual({
    order,
    owner: 'first',
    claimed_at: NOW.toISOString(),
    settled: false,
  })
  expect(await claims.take(order, 'first', NOW)).toBeNull()
})

test('of eight processes that want the same claims at once, each claim goes to one, for good', async () => {
  await using folder = await aFolder()
  const count = 25
  const children = Array.from({ length: 8 }, (_, index) =>
    spawn(
      process.execPath,
      ['--import', 'tsx', TAKE_CLAIM, folder.path, `owner-${index}`, String(count)],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    ),
  )
  const outputs = children.map((child) => {
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    return { text: () => text, ready: once(child.stdout, 'data'), closed: once(child, 'close') }
  })
  await Promise.all(outputs.map(({ ready }) => ready))
  for (const child of children) child.stdin.write('go\n')
  await Promise.all(outputs.map(({ closed }) => closed))

  const taken = outputs.flatMap(({ text }) => JSON.parse(text().split('\n')[1] ?? '') as number[])
  expect(taken.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, day) => day))
  // Every one of these processes was killed, and what it claimed is still claimed.
  expect(await claimsIn(folder.path).open()).toHaveLength(count)
})

test('the open claims are those that are not settled, oldest first; a settled one still keeps others away', async () => {
  await using folder = await aFolder()
  const claims = claimsIn(folder.path)
  const later = new Date(NOW.getTime() + 1000)
  await claims.take(anOrderOf(20), 'a', later)
  await claims.take(anOrderOf(21), 'b', NOW)
  await claims.take(anOrderOf(22), 'c', NOW)

  await claims.settle(anOrderOf(22).order_id)
  await claims.settle(anOrderOf(22).order_id)

  expect((await claims.open()).map(({ owner }) => owner)).toEqual(['b', 'a'])
  expect(await claims.take(anOrderOf(22), 'd', later)).toMatchObject({ owner: 'c', settled: true })
})

test('a process that died before its claim was made leaves nothing that is in the way', async () => {
  await using folder = await aFolder()
  const claims = claimsIn(folder.path)
  await claims.take(anOrderOf(20), 'other', NOW)
  const order = anOrderOf(23)
  const torn = JSON.stringify({ order, owner: 'dead', claimed_at: NOW.toISOString() })
  await writeFile(join(folder.path, 'open', `${order.order_id}.dead.json`), torn)

  expect((await claims.open()).map(({ owner }) => owner)).toEqual(['other'])
  expect(await claims.take(order, 'next', NOW)).toBeNull()
})

test('a claim that cannot be read is reported, hides no other, and is given to nobody', async () => {
  await using folder = await aFolder()
  const claims = claimsIn(folder.path)
  await claims.take(anOrderOf(20), 'fine', NOW)
  const order = anOrderOf(21)
  await claims.take(order, 'torn', NOW)
  // The entry and the claim are two names of one file.
  await writeFile(join(folder.path, '2026-11-21', `${order.order_id}.json`), '{"order":')

  expect((await claims.open()).map(({ owner }) => owner)).toEqual(['fine'])
  expect(claims.events).toContainEqual(expect.objectContaining({ event: 'claim.unreadable' }))
  await expect(claims.take(order, 'next', NOW)).rejects.toThrow(/JSON/)
})

test('a disk that takes no claim says so', async () => {
  await using folder = await aFolder()
  const file = join(folder.path, 'claims')
  await writeFile(file, 'in the way')
  await expect(claimsIn(file).take(anIntendedOrder(), 'ours', NOW)).rejects.toThrow(
    /ENOTDIR|EEXIST/,
  )
})

test('claims that no candle can ask for any more are removed, open and settled, and so are their folders', async () => {
  await using folder = await aFolder()
  const claims = claimsIn(folder.path)
  const [old, young] = [anOrderOf(20), anOrderOf(21)]
  await claims.take(old, 'ours', NOW)
  await claims.take(young, 'ours', NOW)
  await claims.settle(old.order_id)
  const then = new Date(NOW.getTime() - 46 * 86_400_000)
  await utimes(join(folder.path, '2026-11-20', `${old.order_id}.json`), then, then)
  await utimes(join(folder.path, '2026-11-21', `${young.order_id}.json`), NOW, NOW)

  expect(await claims.purge(NOW)).toBe(1)

  expect(await readdir(folder.path)).toEqual(['2026-11-21', 'open'])
  expect(await claims.take(young, 'next', NOW)).toMatchObject({ owner: 'ours' })
})
