import type { TestProject } from 'vitest/node'
import { hasJava, startDynamoDbLocal } from './dynamodb.ts'

const WARNING = `
********************************************************************************
*  SKIPPED: the data tests on AWS's DynamoDB Local.                            *
*  There is no Java on this machine (java -version fails); install Java 17.    *
*  Only the embedded engine is tested in this run.                             *
********************************************************************************
`

export default async (project: TestProject) => {
  project.provide('engine', 'dynamodb-local')
  if (!hasJava()) {
    if (process.env['CI']) throw new Error('the data tests need Java, and CI must not skip them')
    process.stderr.write(WARNING)
    project.provide('endpoint', '')
    return undefined
  }
  const { endpoint, close } = await startDynamoDbLocal()
  project.provide('endpoint', endpoint)
  return close
}
