import { Dashboard, type MetricAlarm } from '@pulumi/aws/cloudwatch/index.js'
import { jsonStringify, type Input } from '@pulumi/pulumi'
import { NAMESPACE, type Watched } from './alarms.ts'
import type { Deployment } from './config.ts'

/** Two widgets side by side on a grid of 24 columns. */
const WIDTH = 12
const HEIGHT = 6

type MetricRow = (Input<string> | { stat: string; label?: string })[]

/** The dashboard: alarms first, then what the app does, then what it runs on. */
export const createDashboard = (
  { name, stack }: Deployment,
  { engine, http, api, queues, alarms }: Watched & { alarms: MetricAlarm[] },
): Dashboard => {
  const region = engine.region
  const own = (metricName: string, stat = 'Sum'): MetricRow => [
    NAMESPACE,
    metricName,
    'deployment',
    stack,
    { stat },
  ]
  const ofFunction = (metricName: string, stat = 'Sum'): MetricRow[] =>
    [engine, http].map((each) => ['AWS/Lambda', metricName, 'FunctionName', each.name, { stat }])
  const ofQueues = (): MetricRow[] =>
    [queues.outbox, queues.outboxDeadLetters, queues.deadLetters].map((queue) => [
      'AWS/SQS',
      'ApproximateNumberOfMessagesVisible',
      'QueueName',
      queue.name,
      { stat: 'Maximum' },
    ])
  const ofApi = (metricName: string, stat: string): MetricRow => [
    'AWS/ApiGateway',
    metricName,
    'ApiId',
    api.id,
    { stat },
  ]

  const graphs: { title: string; metrics: MetricRow[] }[] = [
    {
      title: 'Orders',
      metrics: ['OrdersPlaced', 'OrdersRecorded', 'OrdersSpooled', 'DuplicatesPrevented'].map(
        (metricName) => own(metricName),
      ),
    },
    {
      title: 'Trouble',
      metrics: [
        'OrdersUnsent',
        'OrdersUnrecorded',
        'OrdersAbandoned',
        'WorkflowsFailed',
        'WorkflowsLeft',
      ].map((metricName) => own(metricName)),
    },
    { title: 'Schedule', metrics: [own('Runs'), own('Reconciliations')] },
    { title: 'Duration of a run (ms)', metrics: [own('RunDuration', 'Maximum')] },
    { title: 'Oldest unrecorded order (s)', metrics: [own('OldestUnrecordedAge', 'Maximum')] },
    { title: 'Queues', metrics: ofQueues() },
    {
      title: 'Functions: errors and throttles',
      metrics: [...ofFunction('Errors'), ...ofFunction('Throttles')],
    },
    { title: 'Functions: duration (ms)', metrics: ofFunction('Duration', 'p95') },
    {
      title: 'Requests',
      metrics: [ofApi('Count', 'Sum'), ofApi('4xx', 'Sum'), ofApi('5xx', 'Sum')],
    },
    {
      title: 'Latency (ms) and failed sign-ins',
      metrics: [ofApi('Latency', 'p50'), ofApi('Latency', 'p95'), own('SignInFailures')],
    },
  ]

  return new Dashboard('dashboard', {
    dashboardName: name,
    dashboardBody: jsonStringify({
      widgets: [
        {
          type: 'alarm',
          x: 0,
          y: 0,
          width: 2 * WIDTH,
          height: 3,
          properties: { title: 'Alarms', alarms: alarms.map(({ arn }) => arn) },
        },
        ...graphs.map(({ title, metrics }, index) => ({
          type: 'metric',
          x: (index % 2) * WIDTH,
          y: 3 + Math.floor(index / 2) * HEIGHT,
          width: WIDTH,
          height: HEIGHT,
          properties: { title, region, period: 300, view: 'timeSeries', metrics },
        })),
      ],
    }),
  })
}
