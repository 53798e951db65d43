import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
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

/** The engine process as one file that starts quickly, of the real sources or with one step broken. */
export const bundleEngine = async (mutation?: MutationName): Promise<string> => {
  const outfile = join(OUT, `engine-process${mutation ? `-${mutation}` : ''}.mjs`)
  await esbuild.build({
    entryPoints: [join(HERE, 'engine-process.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    packages: 'external',
    logLevel: 'error',
    plugins: mutation ? [mutating(mutation)] : [],
  })
  return outfile
}
