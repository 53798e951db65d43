import { ApiError, parseResponse, type Client } from '../client/client.ts'
import type { ImportTarget } from '../data/workflow-file.ts'
import type { WorkflowDefinition } from '../domain/workflow.ts'

const orNull = (error: unknown): null => {
  if (error instanceof ApiError && error.status === 404) return null
  throw error
}

/** The workflows behind an API, for an import to put its own there. */
export const importTarget = ({ workflows }: Client) => {
  const one = workflows[':workflow_id']
  return {
    list: () => parseResponse(workflows.$get({ query: {} })),
    create: (workflow_id: string, json: WorkflowDefinition) =>
      one.$put({ param: { workflow_id }, header: { 'If-None-Match': '*' }, json }),
    replace: (workflow_id: string, json: WorkflowDefinition, _now: Date, revision?: number) => {
      const header = revision === undefined ? {} : { 'If-Match': `"${revision}"` }
      return one.$put({ param: { workflow_id }, header, json }).catch(orNull)
    },
  } satisfies ImportTarget
}
