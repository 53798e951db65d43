import type { Context } from 'hono'
import { z } from 'zod'
import { describeFieldErrors, DomainError, fieldErrors } from '../../domain/errors.ts'
import type { OrderFilter, Workflows } from '../../domain/ports.ts'
import { isTimeZone, nextDay, startOfDay } from '../../domain/time-zone.ts'
import type { OrderFilterForm } from '../../views/components/order-filter.tsx'
import { viewerOf } from '../../views/viewer.ts'
import { OrderListParameters } from '../parameters.ts'

const MOST_WORKFLOWS = 100

const dayError = { error: 'expected a day of this century, as YYYY-MM-DD' }
const day = z.iso.date(dayError).startsWith('20', dayError).optional()

/** What the page of all orders is asked for; what is not known is passed over. */
const Parameters = z.object({
  ...OrderListParameters.omit({ per_page: true, sort: true, ids: true }).shape,
  workflow: z.string().max(200, { error: 'expected at most 200 characters' }).optional(),
  from: day,
  to: day,
  time_zone: z.string().refine(isTimeZone, { error: 'expected a time zone' }).optional(),
})

/** Those that have a field in the form, where a message about them can stand. */
const FIELDS = ['workflow', 'direction', 'order_type', 'instrument', 'from', 'to']

const givenIn = (c: Context): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(c.req.queries()).flatMap(([name, values]) => {
      const given = values.map((value) => value.trim()).filter(Boolean)
      const value = name === 'workflow_id' ? given : given.at(-1)
      return value?.length ? [[name, value]] : []
    }),
  )

/** What the form of the page shows for a request. Days are those of the zone that the form names. */
export const formIn = (c: Context): OrderFilterForm => {
  const given = givenIn(c)
  const text = (name: string): string => {
    const value = given[name]
    return typeof value === 'string' ? value : ''
  }
  return {
    workflow: text('workflow'),
    workflow_ids: [given['workflow_id'] ?? []].flat(),
    direction: text('direction'),
    order_type: text('order_type'),
    instrument: text('instrument'),
    from: text('from'),
    to: text('to'),
    time_zone: isTimeZone(text('time_zone')) ? text('time_zone') : (viewerOf(c).time_zone ?? 'UTC'),
    latest: text('latest') === 'true',
  }
}

/** Parses a request; `errors` are about fields of the form, by their name. */
const parse = (c: Context) => {
  const given = givenIn(c)
  const { data, error } = Parameters.safeParse(given)
  if (data) {
    const { from, to } = data
    const message = 'expected a day that is not before the first one'
    return { data, errors: new Map(from && to && from > to ? [['to', message]] : []) }
  }
  const problems = fieldErrors(error.issues, given)
  if (problems.some(({ field }) => !FIELDS.includes(field))) {
    throw new DomainError('bad_request', describeFieldErrors(problems), { errors: problems })
  }
  return { data: null, errors: new Map(problems.map(({ field, message }) => [field, message])) }
}

/** The ids of the workflows with this text in their name, in any case. */
const workflowsNamed = async (
  workflows: Pick<Workflows, 'list'>,
  text: string,
  now: Date,
): Promise<string[]> => {
  const { workflows: readable, broken } = await workflows.list(now)
  return [...readable, ...broken]
    .filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()))
    .map(({ id }) => id)
}

interface WantedOrders {
  errors: ReadonlyMap<string, string>
  /** Null when no order can fit, as there are errors, or no workflow has such a name. */
  filter: OrderFilter | null
  cursor: string | undefined
}

/**
 * Which orders a request to the page asks for. A day that is named as the last one is included.
 * @throws DomainError `bad_request` when something is wrong that is not in the form
 */
export const wantedOrders = async (
  c: Context,
  workflows: Pick<Workflows, 'list'>,
  now: Date,
): Promise<WantedOrders> => {
  const { data, errors } = parse(c)
  if (!data || errors.size > 0) return { errors, filter: null, cursor: undefined }
  const { workflow, cursor, from, to } = data
  let workflow_ids = data.workflow_id
  if (workflow && !workflow_ids) {
    workflow_ids = await workflowsNamed(workflows, workflow, now)
    if (workflow_ids.length === 0) return { errors, filter: null, cursor }
    if (workflow_ids.length > MOST_WORKFLOWS) {
      const message = `expected more of the name: ${workflow_ids.length} workflows have this in theirs`
      return { errors: new Map([['workflow', message]]), filter: null, cursor }
    }
  }
  const { time_zone } = formIn(c)
  const filter = {
    workflow_ids,
    direction: data.direction,
    order_type: data.order_type,
    instrument: data.instrument,
    from: from && startOfDay(from, time_zone).toISOString(),
    to: to && startOfDay(nextDay(to), time_zone).toISOString(),
  }
  return { errors, filter, cursor }
}
