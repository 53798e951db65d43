/** Every URL of the product. No string that starts with a path stands anywhere else. */
const id = encodeURIComponent

export const paths = {
  home: '/',
  workflows: '/workflows',
  workflow: (workflow_id: string) => `/workflows/${id(workflow_id)}`,
  workflowOrders: (workflow_id: string, page = 1) =>
    `/workflows/${id(workflow_id)}/orders${page > 1 ? `?page=${page}` : ''}`,
  order: (order_id: string) => `/orders/${id(order_id)}`,
  assets: '/assets',
  health: '/healthz',
  ready: '/readyz',
  api: {
    base: '/api/workflow',
    document: '/api/openapi.json',
    /** A page, the only one under `/api/`. */
    docs: '/api/docs',
    indicatorTypes: '/api/workflow/indicator-types',
    workflows: '/api/workflow/workflows',
    workflow: (workflow_id: string) => `/api/workflow/workflows/${id(workflow_id)}`,
    workflowOrders: (workflow_id: string) => `/api/workflow/workflows/${id(workflow_id)}/orders`,
    workflowOrdersSummary: (workflow_id: string) =>
      `/api/workflow/workflows/${id(workflow_id)}/orders/summary`,
    workflowRuns: (workflow_id: string) => `/api/workflow/workflows/${id(workflow_id)}/runs`,
    orders: '/api/workflow/orders',
    order: (order_id: string) => `/api/workflow/orders/${id(order_id)}`,
    attention: '/api/workflow/attention',
    runs: '/api/workflow/runs',
    reconciliations: '/api/workflow/reconciliations',
  },
}
