import type { Child } from 'hono/jsx'
import type { Workflow } from '../../domain/workflow.ts'
import { paths } from '../../paths.ts'
import { ChartLegend, chartTitle } from './chart-legend.tsx'

/**
 * The place in the workflow page where the chart comes by itself, as the price source may take its
 * time and the page does not. Without script a link opens the chart as a page. The space is kept, and
 * what may be longer or shorter, the legend, stands outside of it.
 */
export const ChartSection = ({ workflow }: { workflow: Workflow }): Child => (
  <section class='panel' aria-labelledby='chart-heading'>
    <h2 id='chart-heading'>{chartTitle(workflow)}</h2>
    <ChartLegend workflow={workflow} />
    <div
      id='chart-place'
      tabindex={-1}
      hx-get={paths.workflowChart(workflow.id)}
      hx-trigger='load'
      hx-boost:inherited='target:#chart-place swap:"innerHTML show:none" push:false'
      hx-indicator:inherited='#chart-place'
      hx-sync:inherited='#chart-place:replace'
    >
      <p class='loading' role='status'>
        Loading the chart…
      </p>
      <a class='button' href={paths.workflowChart(workflow.id)}>
        Show the chart
      </a>
    </div>
  </section>
)
