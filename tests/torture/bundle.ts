import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import type { openEngine } from './engine.ts'
import { MUTATIONS, type MutationName } from './mutations.ts'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const SOURCE = fileURLToPath(new URL('../../src/', import.meta.url))
const OUT = fileURLToPath(new URL('../../node_modules/.cache/ordertrail-torture/', import.meta.url))

/** @throws Error when the text to change is not there exactly once: then the mutation is out of date */
const mutating = (name: MutationName): esbuild.Plugin => ({
  name: 'mutation',
  setup: (build) => {
    for (const { file, find, replace } of MUTATIONS[name].changes) {
      const path = join(SOURCE, file)
      build.onLoad({ filter: new RegExp(`${file.replaceAll('.', '\\.')}$`) }, async () => {
        const text = await readFile(path, 'utf8')
        if (text.split(find).length !== 2) {
          throw new Error(`${name}: expected this once in ${file}: ${find}`)
        }
        return { contents: text.replace(find, () => replace), loader: 'ts' }
      })
    }
  },
})

const bundle = async (entry: 'engine-process' | 'engine', mutation?: MutationName) => {
  const outfile = join(OUT, `${entry}${mutation ? `-${mutation}` : ''}.mjs`)
  await esbuild.build({
    entryPoints: [join(HERE, `${entry}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    target: 'node24',
    // No engine of an experiment opens the embedded database.
    external: ['dynalite'],
    // Packages written for CommonJS ask for Node's own modules with `require`.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
    plugins: mutation ? [mutating(mutation)] : [],
  })
  return outfile
}

/**
 * The engine process as one file, of the real sources or with one step broken. Hundreds of processes
 * are started, so the packages are in it, which makes it start quickly.
 */
export const bundleProcess = (mutation?: MutationName): Promise<string> =>
  bundle('engine-process', mutation)

/** An engine of which one step is broken, to be opened in this process. */
export const loadBrokenEngine = async (mutation: MutationName): Promise<typeof openEngine> => {
  const file = await bundle('engine', mutation)
  const loaded = (await import(/* @vite-ignore */ file)) as { openEngine: typeof openEngine }
  return loaded.openEngine
}
