import type { TestProject } from 'vitest/node'
import { startDynalite } from './dynamodb.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the DynamoDB engine of this project is; empty when it could not be started. */
    endpoint: string
    engine: 'dynalite' | 'dynamodb-local'
  }
}

export default async (project: TestProject) => {
  const { endpoint, close } = await startDynalite()
  project.provide('endpoint', endpoint)
  project.provide('engine', 'dynalite')
  return close
}
