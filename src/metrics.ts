const UNITS = {
  Runs: 'Count',
  Reconciliations: 'Count',
  OrdersPlaced: 'Count',
  OrdersUnsent: 'Count',
  OrdersRecorded: 'Count',
  OrdersSpooled: 'Count',
  OrdersUnrecorded: 'Count',
  OrdersAbandoned: 'Count',
  DuplicatesPrevented: 'Count',
  WorkflowsFailed: 'Count',
  WorkflowsLeft: 'Count',
  RunDuration: 'Milliseconds',
  OldestUnrecordedAge: 'Seconds',
  SignInFailures: 'Count',
} as const
type Metric = keyof typeof UNITS

export type Metrics = (values: Partial<Record<Metric, number>>) => void

interface MetricsOptions {
  /** The dimension that tells one deployment from another. */
  deployment: string
  /** Gets each line, without its end. */
  write: (line: string) => void
  now: () => Date
}

/**
 * Metrics in the embedded format of CloudWatch, which reads them off the log: one line of JSON for
 * values that were measured together.
 */
export const createMetrics =
  ({ deployment, write, now }: MetricsOptions): Metrics =>
  (values) => {
    const measured = Object.entries(UNITS).filter(([name]) => name in values)
    const directive = {
      Namespace: 'ordertrail',
      Dimensions: [['deployment']],
      Metrics: measured.map(([Name, Unit]) => ({ Name, Unit })),
    }
    const _aws = { Timestamp: now().getTime(), CloudWatchMetrics: [directive] }
    write(JSON.stringify({ _aws, deployment, ...values }))
  }
