// Makes `ordertrail/client` in dist/client: JavaScript, and types with every route written out, which
// need neither these sources nor these settings. `npm run build:client`; `npm pack` runs it by itself.
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('..', import.meta.url))
const entry = `${root}src/client/client.ts`

const settings = ts.getParsedCommandLineOfConfigFile(
  `${root}tsconfig.json`,
  {
    noEmit: false,
    allowImportingTsExtensions: false,
    rewriteRelativeImportExtensions: true,
    declaration: true,
    rootDir: `${root}src`,
    outDir: `${root}dist`,
  },
  { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
)
const program = ts.createProgram([entry], settings?.options ?? {})
const source = program.getSourceFile(entry)
const problems = [...ts.getPreEmitDiagnostics(program, source), ...program.emit(source).diagnostics]
if (!source || problems.length > 0) {
  console.error(ts.formatDiagnostics(problems, ts.createCompilerHost({})))
  process.exitCode = 1
}
