// Opens the embedded database in the folder that is named, says where, and holds it until it is
// killed or told to close on its standard input. Started by tests as a process of its own.
import { openEmbedded } from '../../src/data/embedded.ts'

const [directory = '', advertise = ''] = process.argv.slice(2)
const logger = { info: console.error, warn: console.error, error: console.error }
const embedded = await openEmbedded({ directory, logger, advertise: advertise === 'advertise' })
process.stdout.write(`${JSON.stringify(embedded)}\n`)
process.stdin.once('data', () => {
  void embedded.close().then(() => process.stdin.destroy())
})
