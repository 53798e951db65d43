import { execFile } from 'node:child_process'
import {
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'

const NOTE = 'printf "%s\\n" "${0##*/} $*" >> "$CALLS"'

/** What stands in for the tools that would reach out to AWS; each notes how it was called. */
const TOOLS: Record<string, string> = {
  npm: `${NOTE}
if [ "$1" = ci ]; then mkdir -p node_modules && touch node_modules/.package-lock.json; fi`,
  aws: NOTE,
  sleep: NOTE,
  pulumi: `${NOTE}
case "$*" in
  *'stack output url'*) echo "$URL" ;;
  *'stack output environment'*) echo 'DYNAMODB=aws ACCESS_PARAMETER=/ordertrail-prod/access' ;;
  *'stack output domainTarget'*) echo "$DOMAIN_TARGET" ;;
esac`,
}

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

/** A checkout with the real deploy.sh and made-up tools, all of them or those that are named. */
const checkout = async (tools = Object.keys(TOOLS)) => {
  const directory = await mkdtemp(join(tmpdir(), 'deploy-'))
  cleanups.push(() => rm(directory, { recursive: true }))
  const bin = join(directory, 'bin')
  const calls = join(directory, 'calls')
  await mkdir(bin)
  await mkdir(join(directory, 'pulumi'))
  await copyFile('deploy.sh', join(directory, 'deploy.sh'))
  await writeFile(join(directory, 'package-lock.json'), '{}')
  await writeFile(calls, '')
  for (const tool of tools) {
    await writeFile(join(bin, tool), `#!/bin/sh\n${TOOLS[tool]}\n`, { mode: 0o755 })
  }
  return {
    directory,
    bin,
    calls: async () => (await readFile(calls, 'utf8')).trimEnd().split('\n'),
    run: (args: string[], environment: Record<string, string> = {}) =>
      new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
        const env = {
          PATH: `${bin}${delimiter}${process.env['PATH']}`,
          HOME: directory,
          AWS_REGION: 'eu-west-1',
          CALLS: calls,
          ...environment,
        }
        const script = join(directory, 'deploy.sh')
        execFile('/bin/bash', [script, ...args], { env }, (error, stdout, stderr) => {
          resolve({ code: error ? Number(error.code) : 0, stdout, stderr })
        })
      }),
  }
}

/** Something at an address that answers each path with the status given for it. */
const deployed = async (statuses: Record<string, number>): Promise<string> => {
  const server = createServer(({ url = '' }, response) => {
    response.writeHead(statuses[url] ?? 404).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanups.push(() => new Promise((resolve) => server.close(resolve)))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('what it needs', () => {
  test('a machine without anything is told of everything at once, with the way to get it', async () => {
    const { run, bin } = await checkout([])
    const { code, stderr } = await run([], { PATH: bin, AWS_REGION: '' })
    expect(code).toBe(1)
    for (const missing of [
      /- Node 20 or newer.* https:/,
      /- npm, .* https:/,
      /- curl, .* https:/,
      /- the Pulumi CLI.* https:/,
      /- AWS credentials: set AWS_PROFILE/,
      /- the region to deploy to: set AWS_REGION/,
    ]) {
      expect(stderr).toMatch(missing)
    }
  })

  test('an old Node, credentials that have expired and a Pulumi that is not signed in are told as such', async () => {
    const { run, bin, calls } = await checkout()
    await writeFile(join(bin, 'node'), '#!/bin/sh\necho v18.20.8\n', { mode: 0o755 })
    await writeFile(join(bin, 'aws'), '#!/bin/sh\nexit 255\n', { mode: 0o755 })
    await writeFile(join(bin, 'pulumi'), '#!/bin/sh\nexit 255\n', { mode: 0o755 })
    const { code, stderr } = await run([])
    expect(code).toBe(1)
    expect(stderr).toMatch(/Node 20 or newer .*here: v18\.20\.8/)
    expect(stderr).toMatch(/AWS credentials that work: run `aws sts get-caller-identity`/)
    expect(stderr).toMatch(/run `pulumi login`/)
    expect(await calls()).toEqual([''])
  })

  test('without the AWS command line, credentials in the environment are enough', async () => {
    const { run, bin } = await checkout(['npm', 'sleep', 'pulumi'])
    // All of the machine's tools but its AWS command line.
    for (const tool of ['node', 'curl', 'sh', 'mkdir', 'touch']) {
      await symlink(await pathOf(tool), join(bin, tool))
    }
    const { stderr, code } = await run(['--preview'], { PATH: bin, AWS_PROFILE: 'trading' })
    expect(stderr).toBe('')
    expect(code).toBe(0)
  })
})

const pathOf = (tool: string) =>
  new Promise<string>((resolve, reject) => {
    execFile('/bin/sh', ['-c', `command -v ${tool}`], (error, stdout) => {
      if (error) reject(new Error(`there is no ${tool}`))
      else resolve(stdout.trim())
    })
  })

describe('how it is called', () => {
  test('--help says how, and nothing happens', async () => {
    const { run, calls } = await checkout()
    const { code, stdout } = await run(['--help'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Usage: \.\/deploy\.sh/)
    expect(await calls()).toEqual([''])
  })

  test.each([
    [['--force'], 'unknown argument --force'],
    [['prod'], 'unknown argument prod'],
    [['--stack'], '--stack: expected the name of a deployment'],
    [['--stack', '--preview'], '--stack: expected the name of a deployment'],
    [['--preview', '--destroy'], 'expected one of --preview and --destroy'],
  ])('%j is refused with the usage', async (args, message) => {
    const { run, calls } = await checkout()
    const { code, stderr } = await run(args)
    expect(code).toBe(2)
    expect(stderr).toContain(`deploy.sh: ${message}\n\nUsage: `)
    expect(await calls()).toEqual([''])
  })
})

describe('what it does', () => {
  const changes = (calls: string[]) =>
    calls.filter((call) => !/^aws |^pulumi whoami|stack output/.test(call))

  test('it installs, builds, deploys, asks the deployment, and says how to make the first token', async () => {
    const { run, calls } = await checkout()
    const URL = await deployed({ '/healthz': 200, '/workflows': 503 })
    const { code, stdout } = await run(['--yes'], { URL })
    expect(code).toBe(0)
    expect(changes(await calls())).toEqual([
      'npm ci',
      'npm run build',
      'pulumi --cwd pulumi stack select prod --create',
      'pulumi --cwd pulumi up --yes --stack prod',
    ])
    expect(stdout).toContain(
      'DYNAMODB=aws ACCESS_PARAMETER=/ordertrail-prod/access npm run ordertrail -- token create --name NAME --role operator',
    )
    expect(stdout).toContain(`${URL}/sign-in`)
  })

  test('the next time it installs nothing, unless the packages have changed', async () => {
    const { run, calls, directory } = await checkout()
    const URL = await deployed({ '/healthz': 200, '/workflows': 303 })
    await run(['--stack', 'test'], { URL })
    const { stdout } = await run(['--stack', 'test'], { URL })
    expect(stdout).toContain(`It works, and asks who you are: ${URL}`)
    expect((await calls()).filter((call) => call === 'npm ci')).toHaveLength(1)
    expect(await calls()).toContain('pulumi --cwd pulumi up --stack test')

    const later = new Date(Date.now() + 10_000)
    await utimes(join(directory, 'package-lock.json'), later, later)
    await run(['--stack', 'test'], { URL })
    expect((await calls()).filter((call) => call === 'npm ci')).toHaveLength(2)
  })

  test('--preview changes nothing', async () => {
    const { run, calls } = await checkout()
    const { code } = await run(['--preview'])
    expect(code).toBe(0)
    expect((await calls()).at(-1)).toBe('pulumi --cwd pulumi preview --stack prod')
    expect((await calls()).filter((call) => / up | destroy /.test(call))).toEqual([])
  })

  test('--destroy leaves the tables, and says so', async () => {
    const { run, calls } = await checkout()
    const { code, stdout } = await run(['--destroy'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/tables are protected.* stay/)
    expect(changes(await calls())).toEqual([
      'pulumi --cwd pulumi destroy --exclude-protected --stack prod',
    ])
  })

  test('a deployment that fails is not asked whether it works', async () => {
    const { run, bin, calls } = await checkout()
    await writeFile(
      join(bin, 'pulumi'),
      `#!/bin/sh\n${NOTE}\ncase "$*" in *' up '*) exit 255;; esac\n`,
      { mode: 0o755 },
    )
    const { code, stdout } = await run(['--yes'])
    expect(code).toBe(255)
    expect(stdout).not.toMatch(/Asking/)
    expect((await calls()).at(-1)).toBe('pulumi --cwd pulumi up --yes --stack prod')
  })

  test.each([
    [{ '/healthz': 500 }, '/healthz answered 500 instead of 200'],
    [
      { '/healthz': 200, '/workflows': 200 },
      '/workflows answered 200 to somebody unknown, instead of 303, 401 or 503',
    ],
  ])('a deployment that answers %o is a failure', async (statuses, message) => {
    const { run } = await checkout()
    const { code, stderr } = await run(['--yes'], { URL: await deployed(statuses) })
    expect(code).toBe(1)
    expect(stderr).toContain(message)
  })

  test('a domain that does not lead anywhere yet is told where to', async () => {
    const { run } = await checkout()
    const { code, stderr } = await run(['--yes'], {
      URL: 'http://127.0.0.1:1',
      DOMAIN_TARGET: 'd-abc.execute-api.eu-west-1.amazonaws.com',
    })
    expect(code).toBe(1)
    expect(stderr).toContain('it must point to d-abc.execute-api.eu-west-1.amazonaws.com')
  })
})

test('shellcheck has nothing to say about it', async (context) => {
  const found = await pathOf('shellcheck').catch(() => null)
  if (!found) return context.skip('shellcheck is not installed')
  const stdout = await new Promise<string>((resolve) => {
    execFile(found, ['deploy.sh'], (_error, output) => resolve(output))
  })
  expect(stdout).toBe('')
})
