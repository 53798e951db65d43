import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { newId } from '../../src/system.ts'
import { readConfig } from '../../src/config.ts'
import { examine } from '../../src/entrypoints/doctor.ts'
import { aDefinition, anIntendedOrder } from '../support/builders.ts'
import { ordertrail } from '../support/command.ts'
import { aFolder, openInstallation } from '../support/installation.ts'

const MINUTE = 60_000

/** A broker that lets nobody in, and has the right time. */
const aRefusingBroker = async () => {
  const server = createServer((_request, response) => {
    response.writeHead(401).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const openPatient = async (folder: string, more: Record<string, string> = {}) => {
  const environment = { DATA_DIR: folder, MARKET: 'csv', MARKET_DIR: folder, ...more }
  const product = await openInstallation(folder, more)
  const findings = async (now = () => new Date()) => {
    const all = await examine(product, readConfig(environment), now)
    return Object.fromEntries(all.map(({ check, ...finding }) => [check, finding]))
  }
  return { ...product, findings }
}

describe('the doctor', () => {
  test('finds everything in order where it is, and says so with exit code 0', async () => {
    await using folder = await aFolder()
    const { code, stdout } = await ordertrail(['doctor'], { DATA_DIR: folder.path })

    expect(code).toBe(0)
    expect(stdout.trimEnd().split('\n')).toHaveLength(6)
    expect(stdout).toMatch(/^ok {2}tables {4}workflows, workflow_orders, /)
    expect(stdout).not.toMatch(/FAILED|WARNING|to do/)
  })

  test('says what fails and how to mend it, with exit code 5, while the store is away', async () => {
    await using folder = await aFolder()
    const { code, stdout } = await ordertrail(['doctor'], {
      DATA_DIR: folder.path,
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
    })

    expect(code).toBe(5)
    expect(stdout).toMatch(/FAILED {2}tables +DynamoDB cannot be reached/)
    expect(stdout).toContain('to do: start DynamoDB, or correct AWS_ENDPOINT_URL_DYNAMODB')
    // One failure hides nothing else.
    expect(stdout).toMatch(/ok +broker/)
  })

  test('tells a broker that refuses us from a clock that is wrong', async () => {
    await using folder = await aFolder()
    await using broker = await aRefusingBroker()
    await using patient = await openPatient(folder.path, { BROKER: 'http', BROKER_URL: broker.url })

    const right = await patient.findings()
    expect(right['broker']).toMatchObject({ state: 'failed' })
    expect(right['broker']?.found).toContain('401')
    expect(right['broker']?.fix).toContain('BROKER_TOKEN')
    expect(right['clock']).toMatchObject({ state: 'ok', fix: null })

    const off = async (ms: number) =>
      (await patient.findings(() => new Date(Date.now() + ms)))['clock']
    expect(await off(20_000)).toMatchObject({ state: 'warning' })
    expect(await off(-10 * MINUTE)).toMatchObject({ state: 'failed' })
    expect((await off(-10 * MINUTE))?.found).toMatch(/^this clock is (599|600|601) seconds behind /)
  })

  test('notices that no run comes any more', async () => {
    await using folder = await aFolder()
    await using patient = await openPatient(folder.path)
    const now = new Date()
    const workflow = await patient.workflows.create(newId(), aDefinition(), now)
    expect((await patient.findings())['schedule']).toMatchObject({ state: 'ok' })

    const later = () => new Date(now.getTime() + 60 * MINUTE)
    const { schedule } = await patient.findings(later)
    expect(schedule?.state).toBe('failed')
    expect(schedule?.found).toBe('no run yet; 1 workflow should have been run 59 minutes ago')
    expect(schedule?.fix).toContain('ordertrail serve')

    await patient.workflows.remove(workflow.id)
    expect((await patient.findings(later))['schedule']).toMatchObject({ state: 'ok' })
  })

  test('counts orders that are not in the trail, and changes nothing', async () => {
    await using folder = await aFolder()
    await using patient = await openPatient(folder.path)
    const claimed_at = new Date(Date.now() - 60 * MINUTE)
    await patient.intents.claim(anIntendedOrder(), 'died early', claimed_at)

    for (const _ of [1, 2]) {
      const { records } = await patient.findings()
      expect(records).toMatchObject({
        state: 'warning',
        found: '1 order not recorded yet',
        fix: 'run ordertrail reconcile, and read what it reports',
      })
    }
  })
})
