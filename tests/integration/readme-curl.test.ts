import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { eventually, startServer } from '../support/command.ts'
import { aFolder } from '../support/installation.ts'

const run = promisify(execFile)

test('the curl lines of the README work as written, against a first start', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const lines = readme.split('\n').filter((line) => line.startsWith('curl '))
  expect(lines).toHaveLength(5)
  await using folder = await aFolder()
  await using server = await startServer({ DATA_DIR: folder.path })
  await eventually(
    async () =>
      (await (await fetch(`${server.url}/api/workflow/orders?direction=BUY`)).text()).includes(
        'BUY',
      ),
    { within_ms: 40_000, what: 'the first orders' },
  )
  for (const line of lines) {
    // The README's server has the default port.
    const here = line.replace('http://127.0.0.1:3000', server.url)
    const { stdout } = await run('sh', ['-c', `${here} --silent --write-out '\\n%{http_code}'`])
    const [, body = '', status] = /^([\s\S]*)\n(\d{3})$/.exec(stdout) ?? []
    const answer = JSON.parse(body) as object
    expect({ line, isFine: Number(status) < 300 && Object.keys(answer).length > 1 }).toEqual({
      line,
      isFine: true,
    })
  }
})
