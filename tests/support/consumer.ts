import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const TSC = join(ROOT, 'node_modules/@typescript/native/bin/tsc')

/** What a careful user asks of TypeScript, our declarations included. */
const TSCONFIG = {
  compilerOptions: {
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    module: 'nodenext',
    target: 'es2024',
    types: ['node'],
    outDir: 'out',
  },
}

/**
 * A project in a folder that has the packed package among its dependencies, as an installation leaves
 * it: with what the package depends on, and none of what it is developed with.
 */
export const createConsumer = async (folder: string) => {
  await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: ROOT })
  const installed = join(folder, 'node_modules/ordertrail')
  await mkdir(installed, { recursive: true })
  const { name, version, dependencies } = JSON.parse(
    await readFile(join(ROOT, 'package.json'), 'utf8'),
  ) as { name: string; version: string; dependencies: Record<string, string> }
  const tarball = join(folder, `${name}-${version}.tgz`)
  await run('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed])
  for (const dependency of [...Object.keys(dependencies), '@types/node', 'openapi-fetch']) {
    const link = join(folder, 'node_modules', dependency)
    await mkdir(dirname(link), { recursive: true })
    await symlink(join(ROOT, 'node_modules', dependency), link)
  }
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG))
  await cp(join(ROOT, 'examples'), folder, { recursive: true })

  return {
    installed,
    bin: join(installed, 'bin/ordertrail.js'),
    read: (file: string) => readFile(join(folder, file), 'utf8'),
    write: (file: string, text: string) => writeFile(join(folder, file), text),
    /** Compiles all that is there, and returns the files that have errors, each with its first one. */
    compile: async (): Promise<Record<string, string>> => {
      const { stdout } = await run(process.execPath, [TSC], { cwd: folder }).catch(
        (error: { stdout: string }) => error,
      )
      const errors = stdout.matchAll(/^(\S+)\(\d+,\d+\): error (.*)$/gm)
      return Object.fromEntries(
        [...errors].toReversed().map(([, file = '', problem = '']) => [file, problem]),
      )
    },
    /** Runs what was compiled by Node alone, and returns the lines that it printed. */
    run: async (script: string, ...args: string[]): Promise<string[]> => {
      const { stdout } = await run(process.execPath, [join(folder, 'out', script), ...args])
      return stdout.trimEnd().split('\n')
    },
  }
}
