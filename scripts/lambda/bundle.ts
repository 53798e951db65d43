import { cp, mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** What a part of zod that is never called would add: its locales alone are two thirds of it. */
const UNUSED_OF_ZOD = [
  'export * as core from "../core/index.js";',
  'export * as locales from "../locales/index.js";',
  'export { fromJSONSchema } from "./from-json-schema.js";',
  ', toZod, compile, withParser, ZodCompileAsyncError, ZodCompileUnsupportedError',
]

/** `z` is one object, so that whatever is in it counts as used. */
const slimZod: esbuild.Plugin = {
  name: 'slim-zod',
  setup: (build) => {
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]classic[\\/]external\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      const missing = UNUSED_OF_ZOD.filter((part) => !text.includes(part))
      const contents = UNUSED_OF_ZOD.reduce((rest, part) => rest.replace(part, ''), text)
      return {
        contents,
        errors: missing.map((part) => ({ text: `zod has changed: there is no ${part} any more` })),
      }
    })
  },
}

const EXAMPLES = 'src/routes/api/examples.json'

/** What the API document shows is no code: it stays a file, which Node reads as a module. */
const examplesBeside: esbuild.Plugin = {
  name: 'examples-beside',
  setup: (build) => {
    build.onResolve({ filter: /^\.\/examples\.json$/ }, ({ path }) => ({ path, external: true }))
  },
}

/** What only the laptop needs, or only a function that is not this one. */
const FORBIDDEN =
  /node_modules\/(dynalite|levelup|leveldown|classic-level|abstract-level|tsx|esbuild|commander|yaml|@hono\/node-server)\/|src\/(market\/(data\/|replay|csv)|data\/embedded|brokers\/paper|compose-host)/
const FORBIDDEN_BUILTIN = 'node:sqlite'

interface LambdaFunction {
  name: 'http' | 'engine'
  /** How many bytes its code may have, minified. */
  budget: number
  /**
   * Left to the runtime of Lambda, which brings the AWS SDK. The engine has its own, of the version
   * whose retries and deadlines were tested: it moves money.
   */
  external: string[]
  /** Files that it reads, by where they are beside its code. */
  files: Record<string, string>
}

const FUNCTIONS: readonly LambdaFunction[] = [
  {
    name: 'http',
    budget: 600_000,
    external: ['@aws-sdk/*'],
    files: {
      assets: 'src/views/assets',
      'examples.json': EXAMPLES,
      'node_modules/htmx.org/package.json': 'node_modules/htmx.org/package.json',
      'node_modules/htmx.org/dist/htmx.min.js': 'node_modules/htmx.org/dist/htmx.min.js',
    },
  },
  { name: 'engine', budget: 900_000, external: [], files: {} },
]

export interface Bundle {
  name: string
  bytes: number
  budget: number
  /** How many bytes each package, or folder of ours, adds; largest first. */
  parts: [name: string, bytes: number][]
  /** What must not be in it. */
  forbidden: string[]
}

const partOf = (input: string): string =>
  /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? input.split('/').slice(0, 2).join('/')

const describe = ({ outputs }: esbuild.Metafile, { name, budget }: LambdaFunction): Bundle => {
  const [output] = Object.values(outputs).filter(({ entryPoint }) => entryPoint !== undefined)
  if (!output) throw new Error(`esbuild wrote nothing for ${name}`)
  const sizes = new Map<string, number>()
  for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
    sizes.set(partOf(input), (sizes.get(partOf(input)) ?? 0) + bytesInOutput)
  }
  return {
    name,
    bytes: output.bytes,
    budget,
    parts: [...sizes].toSorted(([, a], [, b]) => b - a),
    forbidden: [
      ...Object.keys(output.inputs).filter((input) => FORBIDDEN.test(input)),
      ...output.imports.map(({ path }) => path).filter((path) => path === FORBIDDEN_BUILTIN),
    ],
  }
}

/** Writes the code of both Lambda functions to `http` and `engine` in a folder, ready to be zipped. */
export const bundleFunctions = async (folder: string): Promise<Bundle[]> =>
  Promise.all(
    FUNCTIONS.map(async (one) => {
      const outdir = join(folder, one.name)
      await rm(outdir, { recursive: true, force: true })
      await mkdir(outdir, { recursive: true })
      const { metafile } = await esbuild.build({
        absWorkingDir: ROOT,
        entryPoints: { index: `src/entrypoints/lambda-${one.name}.ts` },
        outdir,
        outExtension: { '.js': '.mjs' },
        bundle: true,
        format: 'esm',
        platform: 'node',
        target: 'node24',
        // The SDK has ES modules beside CommonJS ones, of which only the first can be shaken.
        mainFields: ['module', 'main'],
        external: one.external,
        minify: true,
        sourcemap: 'linked',
        sourcesContent: false,
        legalComments: 'none',
        metafile: true,
        plugins: [slimZod, examplesBeside],
      })
      for (const [to, from] of Object.entries(one.files)) {
        await cp(join(ROOT, from), join(outdir, to), { recursive: true })
      }
      return describe(metafile, one)
    }),
  )
