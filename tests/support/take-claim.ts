import { createHostClaims } from '../../src/data/host-claims.ts'
import { anIntendedOrder } from './builders.ts'
import { recordingLogger } from './logger.ts'

// A process of its own: waits for a line, then takes as many claims as it can and tells which.
const [directory = '', owner = '', count = '0'] = process.argv.slice(2)
const claims = createHostClaims(directory, recordingLogger())
process.stdin.once('data', () => {
  void (async () => {
    const taken: number[] = []
    for (let day = 0; day < Number(count); day += 1) {
      const slot = new Date(Date.UTC(2026, 0, 1 + day)).toISOString()
      const held = await claims.take(anIntendedOrder({ slot }), owner, new Date())
      if (!held) taken.push(day)
    }
    process.stdout.write(`${JSON.stringify(taken)}\n`)
    // As hard as a crash: nothing is closed.
    process.kill(process.pid, 'SIGKILL')
  })()
})
process.stdout.write('ready\n')
