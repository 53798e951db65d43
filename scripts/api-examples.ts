import { writeFile } from 'node:fs/promises'
import { answerExamples, answersToShow, provokeProblems } from '../tests/support/examples.ts'

// Writes the answers that the API document shows anew, from what the product answers today.

const FILE = new URL('../src/routes/api/examples.json', import.meta.url)

const operations = answersToShow(await answerExamples())
const problems = await provokeProblems()
await writeFile(FILE, `${JSON.stringify({ operations, problems }, null, 2)}\n`)
