// Writes the code of the two Lambda functions to dist/lambda, and tells what is in it. `npm run build`;
// fails when a bundle is larger than its budget, or holds what only the laptop needs.
import { fileURLToPath } from 'node:url'
import { bundleFunctions, type Bundle } from './lambda/bundle.ts'

const SHOWN_PARTS = 12

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`

const table = ({ name, bytes, budget, parts }: Bundle): string => {
  const rest = parts.slice(SHOWN_PARTS).reduce((sum, [, size]) => sum + size, 0)
  const rows = [...parts.slice(0, SHOWN_PARTS), ['the rest', rest] as const]
  return [
    `${name}: ${kilobytes(bytes)} of at most ${kilobytes(budget)}`,
    ...rows.map(([part, size]) => `  ${kilobytes(size).padStart(9)}  ${part}`),
  ].join('\n')
}

for (const bundle of await bundleFunctions(
  fileURLToPath(new URL('../dist/lambda', import.meta.url)),
)) {
  console.log(table(bundle))
  for (const input of bundle.forbidden) {
    console.error(`${bundle.name}: must not be in it: ${input}`)
    process.exitCode = 1
  }
  if (bundle.bytes > bundle.budget) {
    console.error(`${bundle.name}: too large by ${kilobytes(bundle.bytes - bundle.budget)}`)
    process.exitCode = 1
  }
}
