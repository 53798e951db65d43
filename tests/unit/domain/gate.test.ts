import { expect, test } from 'vitest'
import { gate } from '../../../src/domain/gate.ts'

test('a workflow that is switched off is disabled, whatever its end date', () => {
  const now = new Date('2026-11-23T10:00:00Z')
  expect(gate({ enable: false, end_date: null }, now)).toBe('disabled')
  expect(gate({ enable: false, end_date: '2020-01-01' }, now)).toBe('disabled')
})

test('a workflow runs on its end date until midnight UTC, and not a moment longer', () => {
  const workflow = { enable: true, end_date: '2026-11-23' }
  expect(gate(workflow, new Date('2026-11-23T23:59:59.999Z'))).toBeNull()
  expect(gate(workflow, new Date('2026-11-24T00:00:00.000Z'))).toBe('expired')
})

test('a workflow without an end date never expires', () => {
  expect(gate({ enable: true, end_date: null }, new Date('2999-12-31T00:00:00Z'))).toBeNull()
})
