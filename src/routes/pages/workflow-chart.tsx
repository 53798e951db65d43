import { Hono } from 'hono'
import { unknownWorkflow } from '../../domain/workflow.ts'
import { paths } from '../../paths.ts'
import { chartTitle } from '../../views/components/chart-legend.tsx'
import { WorkflowChart } from '../../views/components/workflow-chart.tsx'
import { WorkflowChartPage } from '../../views/pages/workflow-chart-page.tsx'
import type { AppDeps } from '../deps.ts'
import { validated, WorkflowIdParameter } from '../parameters.ts'
import { pageOrFragment } from '../respond.tsx'

/** There is one order per candle, and a chart has no more candles. */
const MOST_ORDERS = 60

/** `/workflows/{workflow_id}/chart`. */
export const workflowChartPages = ({
  workflows,
  trail,
  chart,
  clock,
}: Pick<AppDeps, 'workflows' | 'trail' | 'chart' | 'clock'>) =>
  new Hono().get(
    `${paths.workflows}/:workflow_id/chart`,
    validated('param', WorkflowIdParameter),
    async (c) => {
      const { workflow_id } = c.req.valid('param')
      const now = clock.now()
      const workflow = await workflows.find(workflow_id, now)
      if (!workflow) throw unknownWorkflow(workflow_id)
      const [drawn, { orders }] = await Promise.all([
        chart(workflow, now),
        trail.listOrders({
          workflow_ids: [workflow_id],
          sort: '-placed_at',
          limit: MOST_ORDERS,
          position: null,
          now,
        }),
      ])
      const part = <WorkflowChart {...{ workflow, orders }} chart={drawn} />
      return pageOrFragment(c, part, () => ({
        title: `${workflow.name}: ${chartTitle(workflow)}`,
        content: <WorkflowChartPage workflow={workflow}>{part}</WorkflowChartPage>,
      }))
    },
  )
