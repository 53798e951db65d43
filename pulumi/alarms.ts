import type { Api } from '@pulumi/aws/apigatewayv2/index.js'
import { MetricAlarm } from '@pulumi/aws/cloudwatch/index.js'
import type { Function } from '@pulumi/aws/lambda/index.js'
import { Topic, TopicSubscription } from '@pulumi/aws/sns/index.js'
import type { Input } from '@pulumi/pulumi'
import type { Deployment } from './config.ts'
import type { Queues } from './queues.ts'
import { RECONCILE_EVERY_MINUTES } from './schedules.ts'

export interface Watched {
  engine: Function
  http: Function
  api: Api
  queues: Queues
}

/** The namespace of the metrics that the functions write themselves. */
export const NAMESPACE = 'ordertrail'

/** A run that takes some minutes reports that much later. */
const SHORTEST_PERIOD_MINUTES = 5

interface Metric {
  namespace: string
  metricName: string
  dimensions: Record<string, Input<string>>
}

interface Condition {
  statistic?: 'Sum' | 'Maximum'
  /** More than this is too much. */
  threshold: number
  /** For so many times five minutes in a row. */
  periods?: number
}

/** 1 on Saturday and Sunday, when nobody expects a run, and else how many there were. */
const RUNS_UNLESS_WEEKEND = 'IF(DAY(reconciliations) > 5, 1, FILL(runs, 0))'

/** The alarms, each with its section in docs/operations.md, and the topic that they are sent to. */
export const createAlarms = (
  { name, stack, tags, settings }: Deployment,
  { engine, http, api, queues }: Watched,
): MetricAlarm[] => {
  const topic = new Topic('alarms', { name: `${name}-alarms`, tags })
  if (settings.alarmEmail !== undefined) {
    new TopicSubscription('email', {
      topic: topic.arn,
      protocol: 'email',
      endpoint: settings.alarmEmail,
    })
  }

  const common = (id: string, happened: string) => ({
    name: `${name}-${id}`,
    alarmDescription: `${happened} What to do: docs/operations.md#${id}`,
    alarmActions: [topic.arn],
    okActions: [topic.arn],
    tags,
  })

  const alarm = (id: string, happened: string, metric: Metric, condition: Condition) => {
    const { statistic = 'Sum', threshold, periods = 1 } = condition
    return new MetricAlarm(id, {
      ...common(id, happened),
      ...metric,
      statistic,
      comparisonOperator: 'GreaterThanThreshold',
      threshold,
      period: 300,
      evaluationPeriods: periods,
      treatMissingData: 'notBreaching',
    })
  }

  const own = (metricName: string): Metric => ({
    namespace: NAMESPACE,
    metricName,
    dimensions: { deployment: stack },
  })
  const ofFunction = ({ name: FunctionName }: Function, metricName: string): Metric => ({
    namespace: 'AWS/Lambda',
    metricName,
    dimensions: { FunctionName },
  })
  const ofQueue = (queue: Queues[keyof Queues], metricName: string): Metric => ({
    namespace: 'AWS/SQS',
    metricName,
    dimensions: { QueueName: queue.name },
  })
  const any = { threshold: 0 }
  const waiting = { statistic: 'Maximum', threshold: 0 } as const

  /** Something that should have been and was not. CloudWatch is quicker to see a 0 than nothing. */
  const silence = (
    id: string,
    happened: string,
    { metrics, expression }: { metrics: Record<string, string>; expression: string },
    { minutes, periods }: { minutes: number; periods: number },
  ) =>
    new MetricAlarm(id, {
      ...common(id, happened),
      metricQueries: [
        ...Object.entries(metrics).map(([queryId, metricName]) => ({
          id: queryId,
          metric: { ...own(metricName), period: minutes * 60, stat: 'Sum' },
        })),
        { id: 'expected', label: happened, expression, returnData: true },
      ],
      comparisonOperator: 'LessThanThreshold',
      threshold: 1,
      evaluationPeriods: periods,
      treatMissingData: 'breaching',
    })

  return [
    alarm('engine-errors', 'A call of the engine failed.', ofFunction(engine, 'Errors'), any),
    alarm(
      'engine-throttles',
      'Calls of the engine have waited for one another for 15 minutes.',
      ofFunction(engine, 'Throttles'),
      { threshold: 0, periods: 3 },
    ),
    alarm('http-errors', 'A call of the http function failed.', ofFunction(http, 'Errors'), any),
    alarm('http-throttles', 'Requests found no room.', ofFunction(http, 'Throttles'), any),
    alarm(
      'http-5xx',
      'Five requests or more were answered with a server error within 5 minutes.',
      { namespace: 'AWS/ApiGateway', metricName: '5xx', dimensions: { ApiId: api.id } },
      { threshold: 4 },
    ),
    alarm(
      'sign-in-failures',
      'Somebody failed to sign in more than 50 times within 5 minutes.',
      own('SignInFailures'),
      { threshold: 50 },
    ),
    alarm(
      'orders-unsent',
      'An order that was due could not be sent to the broker.',
      own('OrdersUnsent'),
      any,
    ),
    alarm(
      'unrecorded-orders',
      'An order was, or may have been, placed more than 5 minutes ago and is not in the trail.',
      own('OldestUnrecordedAge'),
      { statistic: 'Maximum', threshold: 300 },
    ),
    alarm(
      'outbox-waiting',
      'There have been placed orders in the outbox for 15 minutes.',
      // The age of the oldest message leaves out what was received three times.
      ofQueue(queues.outbox, 'ApproximateNumberOfMessagesVisible'),
      { ...waiting, periods: 3 },
    ),
    alarm(
      'outbox-dead-letters',
      'A message of the outbox could not be recorded a thousand times.',
      ofQueue(queues.outboxDeadLetters, 'ApproximateNumberOfMessagesVisible'),
      waiting,
    ),
    alarm(
      'dead-letters',
      'A call of the engine was given up.',
      ofQueue(queues.deadLetters, 'ApproximateNumberOfMessagesVisible'),
      waiting,
    ),
    alarm(
      'orders-abandoned',
      'An order was claimed that the broker never had.',
      own('OrdersAbandoned'),
      any,
    ),
    alarm(
      'workflows-left',
      'A run ended before all workflows had their turn.',
      own('WorkflowsLeft'),
      any,
    ),
    silence(
      'reconciliations-missing',
      'Nothing was reconciled for 15 minutes.',
      { metrics: { reconciliations: 'Reconciliations' }, expression: 'FILL(reconciliations, 0)' },
      { minutes: RECONCILE_EVERY_MINUTES, periods: 3 },
    ),
    silence(
      'runs-missing',
      'Two runs in a row did not take place.',
      settings.runOnWeekends
        ? { metrics: { runs: 'Runs' }, expression: 'FILL(runs, 0)' }
        : {
            metrics: { runs: 'Runs', reconciliations: 'Reconciliations' },
            expression: RUNS_UNLESS_WEEKEND,
          },
      { minutes: Math.max(settings.runEveryMinutes, SHORTEST_PERIOD_MINUTES), periods: 2 },
    ),
  ]
}
