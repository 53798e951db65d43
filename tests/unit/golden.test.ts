import { fileURLToPath } from 'node:url'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { reportLines, runVectors } from '../../scripts/golden/run.ts'
import { loadVectors, type Vectors } from '../../scripts/golden/vectors.ts'

const DIRECTORY = fileURLToPath(new URL('../golden', import.meta.url))

/** The vectors with one case changed, and nothing else in the list. */
const onlyWith = async (
  file: keyof Vectors['cases'],
  id: string,
  change: Record<string, unknown>,
): Promise<Vectors> => {
  const vectors = await loadVectors(DIRECTORY)
  const found = vectors.cases[file]?.find((vector) => vector.id === id)
  if (!found) throw new Error(`no case ${id}`)
  return { ...vectors, cases: { [file]: [{ ...found, ...change }] } }
}

test('every golden vector passes, but for the deviations that a decision asks for', async () => {
  const vectors = await loadVectors(DIRECTORY)
  const report = runVectors(vectors)
  const counts = Object.fromEntries(
    Object.entries(vectors.cases).map(([file, cases]) => [file, cases.length]),
  )
  expect(counts).toEqual({ indicators: 123, conditions: 372, engine: 176, candles: 76 })
  expect(report.failures).toEqual([])
  expect(report.absent).toEqual([])
  expect(report.passed.length + report.deviations.length).toBe(123 + 372 + 176 + 76)
  const d9 = 'D9 (Bollinger bands need 20 candles)'
  const d3 = 'D3 (all conditions must hold, and the first one gives the default trigger)'
  expect(report.deviations).toEqual([
    { id: 'ind-0074', decision: d9 },
    { id: 'cond-0006', decision: d9 },
    { id: 'cond-0221', decision: d9 },
    { id: 'cond-0263', decision: d9 },
    { id: 'eng-0106', decision: d9 },
    { id: 'eng-0143', decision: d9 },
    { id: 'eng-0200', decision: `${d3}, although not tagged quirk` },
    { id: 'eng-0222', decision: d3 },
    { id: 'eng-0304', decision: `${d3}, although not tagged quirk` },
    { id: 'eng-0328', decision: d3 },
  ])
  expect(reportLines(report).at(-2)).toBe('10 deviations')
  expect(reportLines(report).at(-1)).toBe('737 passed, 0 failed')
})

test.each([
  ['indicators', 'ind-0005', { expect: { value: 1276.91 } }],
  ['indicators', 'ind-0031', { expect: { value: 1 } }],
  ['indicators', 'ind-0005', { fn: 'no_such_indicator' }],
  ['conditions', 'cond-0002', { expect: { result: false, indicator_value: 4097 } }],
  ['conditions', 'cond-0002', { expect: { result: true, indicator_value: 4097.001 } }],
  ['engine', 'eng-0005', { expect: { outcome: 'no_signal', market: 'EU' } }],
  ['engine', 'eng-0003', { expect: { outcome: 'no_signal', market: 'US' } }],
  ['engine', 'eng-0003', { feeds: {} }],
  ['candles', 'cb-0054', { expect: { total: 4, newest: [] } }],
] as const)('a corrupted case of %s is reported as failed: %s %j', async (file, id, change) => {
  const report = runVectors(await onlyWith(file, id, change))
  expect(report).toMatchObject({ passed: [], deviations: [], failures: [{ id }] })
  expect(reportLines(report)).toContainEqual(
    expect.stringMatching(`^failed ${id}: expected .*, got`),
  )
  expect(reportLines(report).at(-1)).toBe('0 passed, 1 failed')
})

test('an order whose price is off by a tick is reported as failed', async () => {
  const report = runVectors(
    await onlyWith('engine', 'eng-0005', {
      expect: {
        outcome: 'order',
        market: 'EU',
        order: {
          code: 'GER40.I',
          price: 4063.76,
          quantity: 0.1,
          direction: 'SELL',
          type: 'OPEN_STOP',
        },
        trigger_close: 4072.25,
      },
    }),
  )
  expect(report.failures).toHaveLength(1)
})

test('a quirk that no decision explains is a failure', async () => {
  const changes = { tags: ['quirk'], expect: { value: 1276.91 } }
  const report = runVectors(await onlyWith('indicators', 'ind-0005', changes))
  expect(report.failures).toHaveLength(1)
})

test('short Bollinger bands without the tag quirk are a failure', async () => {
  const report = runVectors(await onlyWith('indicators', 'ind-0074', { tags: [] }))
  expect(report.failures).toHaveLength(1)
})

test('a partly elapsed day that the reference counts as tomorrow is a deviation by D10', async () => {
  // 2024-10-10 is a Thursday, so that the reference goes on to an open Friday.
  const change = (value: number) => ({
    params: {
      start: '2024-09-18T00:00:00Z',
      end: '2024-10-10T14:31:00Z',
      calendar: { closed: [], last_open: null },
    },
    expect: { value },
  })
  expect(runVectors(await onlyWith('indicators', 'ind-0020', change(17)))).toMatchObject({
    failures: [],
    deviations: [
      { id: 'ind-0020', decision: 'D10 (business days are counted up to today, never tomorrow)' },
    ],
  })
  expect(runVectors(await onlyWith('indicators', 'ind-0020', change(16)))).toMatchObject({
    passed: ['ind-0020'],
  })
  expect(runVectors(await onlyWith('indicators', 'ind-0020', change(18)))).toMatchObject({
    failures: [{ id: 'ind-0020' }],
  })
})

test('a directory without series.json, or with another format, is unusable', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'golden-'))
  try {
    await expect(loadVectors(join(directory, 'nowhere'))).rejects.toThrow(/is no directory/)
    await expect(loadVectors(directory)).rejects.toThrow(/has no series.json/)
    await writeFile(join(directory, 'series.json'), '{"format":2,"series":{}}')
    await expect(loadVectors(directory)).rejects.toThrow(/is no file of vectors: format/)
    await writeFile(join(directory, 'series.json'), '{"format":1,')
    await expect(loadVectors(directory)).rejects.toThrow(/is no file of vectors/)
  } finally {
    await rm(directory, { recursive: true })
  }
})

test('case files that are absent are reported and skipped', async () => {
  const vectors = await loadVectors(DIRECTORY)
  const report = runVectors({ ...vectors, cases: { candles: vectors.cases.candles ?? [] } })
  expect(reportLines(report)).toEqual([
    'skipped indicators.json: not there',
    'skipped conditions.json: not there',
    'skipped engine.json: not there',
    '76 passed, 0 failed',
  ])
})
