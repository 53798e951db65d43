import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import { eventually, startServer } from '../support/command.ts'
import { createContract, type Document } from '../support/contract.ts'
import { aFolder } from '../support/installation.ts'

const run = promisify(execFile)

/** Status, headers and body of an answer, and what it answers. */
const ANSWER = /^HTTP\/1\.1 (\d{3})[^\r]*\r\n([\s\S]*?)\r\n\r\n([\s\S]*)\n(\w+) (\S+)$/

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
  const document = await fetch(server.url + paths.api.document)
  const contract = createContract((await document.json()) as Document)
  for (const line of lines) {
    // The README's server has the default port.
    const here = line.replace('http://127.0.0.1:3000', server.url)
    const told = `--silent --include --write-out '\\n%{method} %{url_effective}'`
    const { stdout } = await run('sh', ['-c', `${here} ${told}`])
    const [, status, head = '', body = '', method = '', url = ''] = ANSWER.exec(stdout) ?? []
    const headers = head.split('\r\n').map((field) => field.split(/: (.*)/).slice(0, 2))
    const response = new Response(body, {
      status: Number(status),
      headers: headers as [string, string][],
    })
    await contract.check(method, url, response)
    const hasFields = Object.keys(JSON.parse(body) as object).length > 1
    expect({ line, isFine: response.ok && hasFields }).toEqual({ line, isFine: true })
  }
})
