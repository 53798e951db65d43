import { randomUUID } from 'node:crypto'
import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { expect, test } from 'vitest'
import { createIntents } from '../../../src/data/intents.ts'
import { createMeter } from '../../../src/data/meter.ts'
import { createTrail } from '../../../src/data/orders.ts'
import { createWorkflows } from '../../../src/data/workflows.ts'
import { definitionOf } from '../../../src/domain/workflow.ts'
import { paths } from '../../../src/paths.ts'
import { createApp } from '../../support/app.ts'
import { aDefinition, RETENTION, WORKFLOW_ID } from '../../support/builders.ts'
import { idleEngine } from '../../support/idle-engine.ts'
import { recordingLogger } from '../../support/logger.ts'
import { emptyTables } from '../../support/tables.ts'

const NOW = new Date('2026-11-23T12:00:00.000Z')

/** The product over a table that holds this one item. */
const openApp = async (item: Record<string, unknown>) => {
  const { client, tables, requests } = await emptyTables()
  const logger = recordingLogger()
  const workflows = createWorkflows({ client, tables })
  const app = createApp({
    meter: createMeter(() => performance.now()),
    ...idleEngine,
    workflows,
    trail: createTrail({ client, tables, retention_seconds: RETENTION, logger }),
    intents: createIntents({ client, tables, logger, claimDeadlineMs: 30_000 }),
    retention_seconds: RETENTION,
    clock: { now: () => NOW },
    newId: randomUUID,
    ready: () => Promise.resolve(),
    logger,
  })
  const put = (stored: Record<string, unknown>) =>
    client.send(new PutCommand({ TableName: tables.workflows, Item: stored }))
  await put(item)
  const open = async (path: string) => {
    requests.length = 0
    const response = await app.request(path)
    const html = await response.text()
    return { status: response.status, html, requests: requests.toSorted() }
  }
  const save = async (fields: Record<string, string>) => {
    const body = new URLSearchParams(fields)
    const response = await app.request(paths.workflowEdit(WORKFLOW_ID), { method: 'POST', body })
    return { status: response.status, html: await response.text() }
  }
  return { workflows, open, save, put }
}

const revisionIn = (html: string): string | undefined =>
  /name="revision" value="([^"]*)"/.exec(html)?.[1]

/** A workflow of which the conditions were lost. */
const anItem = (changes: Record<string, unknown> = {}) => {
  const { conditions: _lost, ...rest } = aDefinition()
  const at = '2026-11-20T12:00:00.000Z'
  return { ...rest, id: WORKFLOW_ID, revision: 3, created_at: at, updated_at: at, ...changes }
}

const MENDED = {
  name: 'Sell under 100',
  cfd: 'GER40.I',
  index: 'DAX.I',
  dry_run: 'false',
  enable: 'true',
  'conditions.0.indicator.name': 'polarite',
  'conditions.0.indicator.unit_time': 'h1',
  'conditions.0.indicator.value': '100',
  'conditions.0.close.direction': 'below',
  'conditions.0.close.unit_time': 'h1',
  'conditions.0.close.spread': '5',
  'trigger.order_direction': 'sell',
  'trigger.quantity': '2',
  'trigger.unit_time': 'h1',
}

test('a broken workflow opens in the editor with what it has, and saving mends it', async () => {
  const { workflows, open, save } = await openApp(anItem())
  const { status, html } = await open(paths.workflowEdit(WORKFLOW_ID))
  expect(status).toBe(200)
  expect(html).toContain('No run evaluates it until it is mended')
  expect(html).toContain('1 thing to correct')
  expect(html).toContain('value="Sell under 100"')
  expect(html).toContain('value="GER40.I"')
  expect(revisionIn(html)).toBe('3')

  expect((await save({ ...MENDED, revision: '3' })).status).toBe(303)
  const mended = await workflows.find(WORKFLOW_ID, NOW)
  expect(mended).toMatchObject({ revision: 4, created_at: '2026-11-20T12:00:00.000Z' })
  expect(mended && definitionOf(mended)).toEqual(aDefinition())
})

test('one that came from elsewhere, without a revision, is mended as well', async () => {
  const { revision: _none, created_at: _never, ...foreign } = anItem({ conditions: 'none' })
  const { workflows, open, save } = await openApp(foreign)
  const { html } = await open(paths.workflowEdit(WORKFLOW_ID))
  expect(revisionIn(html)).toBe('')
  expect((await save({ ...MENDED, revision: '' })).status).toBe(303)
  expect(await workflows.find(WORKFLOW_ID, NOW)).toMatchObject({ revision: 1 })
  // Who began when it was broken does not undo what it was mended to.
  const late = await save({ ...MENDED, revision: '', name: 'Late' })
  expect(late.status).toBe(409)
  expect(revisionIn(late.html)).toBe('1')
})

test('one that somebody else changed in the meantime is a conflict, broken as it is', async () => {
  const { open, save, put } = await openApp(anItem())
  await put(anItem({ revision: 4, name: 'Theirs' }))
  const { status, html } = await save({ ...MENDED, revision: '3' })
  expect(status).toBe(409)
  expect(html).toContain('<td role="cell">Theirs</td>')
  expect(revisionIn(html)).toBe('4')
  expect((await open(paths.workflowEdit(WORKFLOW_ID))).html).toContain('value="Theirs"')
})

test('what no field can mend is told, and what was typed is kept', async () => {
  const { save } = await openApp(anItem({ leverage: 20 }))
  const { status, html } = await save({ ...MENDED, revision: '3', name: 'Typed' })
  expect(status).toBe(422)
  expect(html).toContain('leverage: is not a known field')
  expect(html).toContain('value="Typed"')
})

test('a broken workflow can be copied and deleted', async () => {
  const { workflows, open } = await openApp(anItem())
  const copy = await open(paths.workflowNew({ from: WORKFLOW_ID }))
  expect(copy.status).toBe(200)
  expect(copy.html).toContain('value="Copy of Sell under 100"')
  const deletion = await open(paths.workflowDelete(WORKFLOW_ID))
  expect(deletion.status).toBe(200)
  expect(revisionIn(deletion.html)).toBe('3')
  expect(await workflows.remove(WORKFLOW_ID, 3)).toBe(true)
})

test('the form costs one look at all workflows, for their instruments, and one at its own', async () => {
  const { open } = await openApp({ ...anItem(), ...aDefinition() })
  expect((await open(paths.workflowNew())).requests).toEqual(['Scan'])
  const { html, requests } = await open(paths.workflowEdit(WORKFLOW_ID))
  expect(requests).toEqual(['GetItem', 'Scan'])
  expect(html).toContain(
    '<datalist id="instruments"><option value="DAX.I"></option><option value="GER40.I"></option>',
  )
})
