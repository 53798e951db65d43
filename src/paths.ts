/** Every URL of the product. No string that starts with a path stands anywhere else. */
const id = encodeURIComponent

/** The parameters of a list. Those that are undefined, or hold nothing, are left out. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>

const withQuery = (path: string, query: Query): string => {
  const parameters = new URLSearchParams()
  for (const [name, value = []] of Object.entries(query)) {
    for (const each of [value].flat()) parameters.append(name, each)
  }
  return parameters.size > 0 ? `${path}?${parameters.toString()}` : path
}

export const paths = {
  home: '/',
  workflows: '/workflows',
  workflowList: (query: Query) => withQuery('/workflows', query),
  /** Switches several workflows; `query` is the list that they were chosen from. */
  workflowsEnable: (query: Query = {}) => withQuery('/workflows/enable', query),
  workflow: (workflow_id: string) => `/workflows/${id(workflow_id)}`,
  workflowChart: (workflow_id: string) => `/workflows/${id(workflow_id)}/chart`,
  /** A page of the history; a further page with what was placed `until` the list was begun. */
  workflowOrders: (workflow_id: string, page = 1, until?: string) =>
    withQuery(
      `/workflows/${id(workflow_id)}/orders`,
      page > 1 ? { page: String(page), until } : {},
    ),
  /** A new workflow, as a copy of another one where `from` is given. */
  workflowNew: (query: { from?: string } = {}) => withQuery('/workflows/new', query),
  workflowEdit: (workflow_id: string) => `/workflows/${id(workflow_id)}/edit`,
  workflowEnable: (workflow_id: string) => `/workflows/${id(workflow_id)}/enable`,
  workflowDelete: (workflow_id: string) => `/workflows/${id(workflow_id)}/delete`,
  orders: (query: Query = {}) => withQuery('/orders', query),
  /** A part of a page: how many orders came `after`. */
  orderNews: (query: Query & { after: string }) => withQuery('/orders/news', query),
  order: (order_id: string) => `/orders/${id(order_id)}`,
  theme: '/theme',
  /** Leads on to the page `next`. */
  signIn: (query: { next?: string } = {}) => withQuery('/sign-in', query),
  /** The same at the OpenID provider, which leads back to the one below. */
  signInAtProvider: (query: { next?: string } = {}) => withQuery('/sign-in/provider', query),
  signInCallback: '/sign-in/callback',
  signOut: '/sign-out',
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
    ordersMatching: (query: Query) => withQuery('/api/workflow/orders', query),
    ordersFile: (extension: string, query: Query) =>
      withQuery(`/api/workflow/orders.${extension}`, query),
    order: (order_id: string) => `/api/workflow/orders/${id(order_id)}`,
    attention: '/api/workflow/attention',
    runs: '/api/workflow/runs',
    reconciliations: '/api/workflow/reconciliations',
  },
} as const
