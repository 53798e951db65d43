#!/usr/bin/env node
// Starts the command line interface from source, on Node 24 whatever `node` the shell has.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const pathOf = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url))

if (Number(process.versions.node.split('.')[0]) >= 24) {
  // Most of a short command is the compiling of the same packages. Node 20 has no such cache.
  const { enableCompileCache } = await import('node:module')
  enableCompileCache()
  const { register } = await import('tsx/esm/api')
  // JSX is compiled by this project's own settings, from whatever folder the command is called.
  register({ tsconfig: pathOf('tsconfig.json') })
  await import('../src/entrypoints/cli.ts')
} else {
  const node = pathOf(`node_modules/.bin/${process.platform === 'win32' ? 'node.cmd' : 'node'}`)
  if (!existsSync(node)) {
    console.error(`ordertrail needs Node 24 or newer, this is ${process.version}; run npm ci first`)
    process.exit(1)
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    // The channel closes when this process is killed, which is how a server learns of it.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  // From a terminal the child gets Ctrl-C twice, which it counts once.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code) => process.exit(code ?? 1))
}
