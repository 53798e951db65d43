import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { anIntendedOrder } from '../support/builders.ts'
import { ordertrail } from '../support/command.ts'
import { aFolder, openInstallation } from '../support/installation.ts'

test('`ordertrail reconcile` says that nothing needs attention, or what does and what to do', async () => {
  await using folder = await aFolder()
  const environment = { DATA_DIR: folder.path, MARKET: 'csv', MARKET_DIR: folder.path }
  const clean = await ordertrail(['reconcile'], environment)
  expect(clean).toMatchObject({
    code: 0,
    stdout: '0 recorded, 0 spooled, 0 recovered, 0 abandoned\nnothing needs attention\n',
  })

  {
    await using installation = await openInstallation(folder.path)
    const longAgo = new Date(Date.now() - 3_600_000)
    // It died between its claim file and everything else.
    await installation.hostClaims?.take(anIntendedOrder(), 'died early', longAgo)
  }
  const { code, stdout } = await ordertrail(['reconcile'], environment)
  expect(code).toBe(5)
  expect(stdout).toContain('1 abandoned')
  expect(stdout).toContain('needs attention: 1')
  expect(stdout).toContain('The order was not placed: the broker never had it.')
  expect(stdout).toContain('place it at the broker yourself')

  const told = JSON.parse((await ordertrail(['reconcile', '--json'], environment)).stdout) as {
    attention: unknown[]
  }
  expect(told.attention).toMatchObject([{ state: 'abandoned', workflow_name: 'Sell under 100' }])
  // The claim goes on to keep others away.
  const { order_id } = anIntendedOrder()
  expect(
    await readFile(join(folder.path, 'claims', '2026-11-23', `${order_id}.json`), 'utf8'),
  ).toContain('died early')
})
