import { expect, test } from 'vitest'
import { formatWorkflowFile, parseWorkflowFile } from '../../../src/data/workflow-file.ts'
import { hasCode } from '../../../src/domain/errors.ts'

const REFERENCE_FILE = `# written for the reference
- name: sell ma50 h4 cac
  index: CAC40.I
  cfd: FRA40.I
  enable: true
  end_date: 2026/12/31
  conditions:
    - indicator: {name: ma50, ut: h4}
      close: {direction: below, ut: h1, spread: 40}
      element: high
  trigger: {ut: h1, signal: breakout, location: lower, order_direction: sell, quantity: 0.1}
- name: line
  index: DAX.I
  cfd: GER40.I
  enable: true
  dry_run: false
  conditions:
    - indicator: {name: inclined, ut: daily, x1: {x: 2026-01-05, y: 4}, x2: {x: "2026-02-02", y: 5}}
      close: {direction: above, ut: daily}
`

test("a file that was written for the reference is read, its 'ut' as unit_time", () => {
  const [first, second] = parseWorkflowFile(REFERENCE_FILE)
  expect(first).toMatchObject({
    line: 2,
    id: null,
    definition: {
      name: 'sell ma50 h4 cac',
      dry_run: true,
      end_date: '2026-12-31',
      conditions: [
        {
          indicator: { name: 'ma50', unit_time: 'h4' },
          close: { direction: 'below', unit_time: 'h1', spread: 40 },
          element: 'high',
        },
      ],
      trigger: { unit_time: 'h1', quantity: 0.1, offset: 1 },
    },
  })
  expect(second?.definition).toMatchObject({
    dry_run: false,
    trigger: { location: 'higher', order_direction: 'buy' },
  })
})

test('every invalid entry is named by its place, field and value', () => {
  const text = `- name: one
  index: A
  cfd: A
  conditions:
    - indicator: {name: rsi, unit_time: h1}
      close: {direction: below, unit_time: h1}
- just a text
- name: three
  index: A
  cfd: A
  conditions: []
`
  expect(() => parseWorkflowFile(text)).toThrow(
    /^entry 1 \(line 1\): conditions\.0\.indicator\.name: expected one of .*, got "rsi"; entry 2 \(line 7\): expected a workflow.*; entry 3 \(line 8\): conditions: expected at least one condition/,
  )
})

test('two entries of one name without ids are refused, as a second import could not tell them apart', () => {
  const entry = `- name: same
  index: A
  cfd: A
  conditions:
    - indicator: {name: ma7, unit_time: h1}
      close: {direction: below, unit_time: h1}
`
  expect(() => parseWorkflowFile(entry + entry)).toThrow(
    'line 7: the name "same" stands at line 1 already',
  )
})

test('an id that no order id can be computed from is refused', () => {
  const text = REFERENCE_FILE.replace(
    '- name: line',
    `- id: 12345678-1234-1234-1234-123456789012
  name: line`,
  )
  expect(() => parseWorkflowFile(text)).toThrow(/entry 2 .*: id: expected a UUID/)
})

test('a key that stands twice does not hide the invalid entries beside it', () => {
  const text = REFERENCE_FILE.replace('  enable: true', '  enable: true\n  enable: true').replace(
    'name: inclined',
    'name: rsi',
  )
  expect(() => parseWorkflowFile(text)).toThrow(
    /Map keys must be unique at line 6, column 3; entry 2 \(line 13\): .*got "rsi"/,
  )
})

test.each([
  ['a mapping', 'workflows: []'],
  ['broken YAML', '- name: [unclosed'],
  ['an empty file', ''],
])('%s is an error and not an empty list', (_case, text) => {
  let thrown: unknown
  try {
    parseWorkflowFile(text)
  } catch (error) {
    thrown = error
  }
  expect(hasCode(thrown, 'invalid')).toBe(true)
})

test('what is exported is read back as it was', () => {
  const [entry] = parseWorkflowFile(REFERENCE_FILE)
  if (!entry) throw new Error('no entry')
  const workflow = {
    ...entry.definition,
    id: '6f1f63a9-4b47-4e9a-9c3f-3a7f2f7b1c11',
    revision: 3,
    created_at: '2026-11-23T09:30:00.000Z',
    updated_at: '2026-11-23T09:30:00.000Z',
    last_order: null,
    last_run: null,
  }
  expect(parseWorkflowFile(formatWorkflowFile([workflow]))).toEqual([
    { line: 1, id: workflow.id, definition: entry.definition },
  ])
})
