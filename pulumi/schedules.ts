import { Schedule, ScheduleGroup } from '@pulumi/aws/scheduler/index.js'
import type { Function } from '@pulumi/aws/lambda/index.js'
import type { Input } from '@pulumi/pulumi'
import type { Deployment, Settings } from './config.ts'
import type { Queues } from './queues.ts'
import { createSchedulerRole } from './roles.ts'

export const RECONCILE_EVERY_MINUTES = 5

/** The same for every delivery of one call. */
const SCHEDULED_AT = '<aws.scheduler.scheduled-time>'

/** When workflows run, as EventBridge Scheduler writes it; its hours and days are those of UTC. */
const runExpression = ({
  runEveryMinutes,
  runOnWeekends,
}: Pick<Settings, 'runEveryMinutes' | 'runOnWeekends'>): string => {
  const days = runOnWeekends ? '*' : 'MON-FRI'
  return runEveryMinutes < 60
    ? `cron(0/${runEveryMinutes} * ? * ${days} *)`
    : `cron(0 0/${runEveryMinutes / 60} ? * ${days} *)`
}

/** The two schedules that call the engine. */
export const createSchedules = (
  deployment: Deployment,
  { engine, queues, account }: { engine: Function; queues: Queues; account: Input<string> },
): void => {
  const { name, tags, settings } = deployment
  const group = new ScheduleGroup('schedules', { name, tags })
  const { role, policy } = createSchedulerRole(deployment, {
    engine,
    queues,
    account,
    scheduleGroupArn: group.arn,
  })

  const schedule = (
    task: 'run' | 'reconcile',
    {
      maximumEventAgeInSeconds,
      ...when
    }: { scheduleExpression: string; maximumEventAgeInSeconds: number; state?: 'DISABLED' },
  ) =>
    new Schedule(
      task,
      {
        name: task,
        groupName: group.name,
        flexibleTimeWindow: { mode: 'OFF' },
        state: 'ENABLED',
        ...when,
        target: {
          arn: engine.arn,
          roleArn: role.arn,
          input: JSON.stringify({ task, scheduled_at: SCHEDULED_AT }),
          retryPolicy: { maximumEventAgeInSeconds, maximumRetryAttempts: 20 },
          deadLetterConfig: { arn: queues.deadLetters.arn },
        },
      },
      { dependsOn: [policy] },
    )

  schedule('run', {
    scheduleExpression: runExpression(settings),
    // The engine places nothing that is more than ten minutes late.
    maximumEventAgeInSeconds: 600,
    ...(settings.runsEnabled ? {} : { state: 'DISABLED' }),
  })
  schedule('reconcile', {
    scheduleExpression: `rate(${RECONCILE_EVERY_MINUTES} minutes)`,
    maximumEventAgeInSeconds: RECONCILE_EVERY_MINUTES * 60,
  })
}
