import type { Child, PropsWithChildren } from 'hono/jsx'
import type { Workflow } from '../../domain/workflow.ts'
import { paths } from '../../paths.ts'
import { ChartLegend, chartTitle } from '../components/chart-legend.tsx'

/** The chart of a workflow as a page of its own; `children` is the chart. */
export const WorkflowChartPage = ({
  workflow,
  children,
}: PropsWithChildren<{ workflow: Workflow }>): Child => (
  <>
    <nav class='crumbs' aria-label='You are here'>
      <a href={paths.workflows}>Workflows</a>
      <span aria-hidden='true'> / </span>
      <a href={paths.workflow(workflow.id)}>{workflow.name}</a>
    </nav>
    <div class='page-title'>
      <h1>{chartTitle(workflow)}</h1>
    </div>
    <div class='panel'>
      <ChartLegend workflow={workflow} />
      {children}
    </div>
  </>
)
