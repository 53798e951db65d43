import type { Context } from 'hono'
import { except } from 'hono/combine'
import { HTTPException } from 'hono/http-exception'
import { timeout } from 'hono/timeout'
import { paths } from '../paths.ts'
import { isSafe } from './own-origin.ts'

/** Less than what gateways wait for, so that whoever asks hears it from us. */
const DEADLINE_MS = 20_000

/** These take as long as there are workflows to run, and have limits of their own. */
const RUNS = [paths.api.runs, paths.api.reconciliations, `${paths.api.workflows}/:workflow_id/runs`]

const tooLate = (c: Context): HTTPException =>
  new HTTPException(503, {
    message: `no answer within ${DEADLINE_MS / 1000} seconds${isSafe(c) ? '' : '; the change may have been made all the same'}`,
  })

/** Answers 503 to what is not answered in time. What was begun by then goes on. */
export const requestDeadline = except(RUNS, timeout(DEADLINE_MS, tooLate))
