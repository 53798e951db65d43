import { readConfig } from './config.ts'
import { describeFieldErrors, DomainError, type FieldError } from './domain/errors.ts'

type Environment = Record<string, string | undefined>

/** The refusal of settings that hold nothing that would last, by variable. */
const refusal = (expected: Record<string, string | null>): DomainError => {
  const errors = Object.entries(expected).flatMap(([field, message]): FieldError[] =>
    message === null ? [] : [{ field, message }],
  )
  return new DomainError('invalid', `configuration: ${describeFieldErrors(errors)}`, { errors })
}

const DYNAMODB = 'expected aws, as no database lasts inside a function'
const MARKET = 'expected http, as a function has no prices of its own'

/**
 * The settings of the function that serves the app. Nothing that a function has in its memory or on
 * its disk outlives its sandbox, so what relies on either is refused.
 * @throws DomainError `invalid` that names every bad variable
 */
export const readHttpFunctionConfig = (environment: Environment) => {
  const config = readConfig(environment)
  const { store, market, engine_function } = config
  if (store.kind === 'embedded' || market.kind !== 'http' || engine_function === null) {
    throw refusal({
      DYNAMODB: store.kind === 'embedded' ? DYNAMODB : null,
      MARKET: market.kind === 'http' ? null : MARKET,
      ENGINE_FUNCTION:
        engine_function === null ? 'expected the function that does the runs, by its ARN' : null,
    })
  }
  return { ...config, store, market, engine_function }
}

/**
 * The settings of the function that does the runs; see `readHttpFunctionConfig`.
 * @throws DomainError `invalid` that names every bad variable
 */
export const readEngineFunctionConfig = (environment: Environment) => {
  const config = readConfig(environment)
  const { store, market, broker, spool_queue_url } = config
  const hasPlainToken = broker.kind === 'http' && broker.token !== null && 'value' in broker.token
  if (
    hasPlainToken ||
    store.kind === 'embedded' ||
    market.kind !== 'http' ||
    broker.kind !== 'http' ||
    spool_queue_url === null
  ) {
    throw refusal({
      DYNAMODB: store.kind === 'embedded' ? DYNAMODB : null,
      MARKET: market.kind === 'http' ? null : MARKET,
      BROKER: broker.kind === 'http' ? null : 'expected http, as no book lasts inside a function',
      BROKER_TOKEN: hasPlainToken
        ? 'expected BROKER_TOKEN_PARAMETER instead, as the settings of a function are no secret'
        : null,
      SPOOL_QUEUE_URL:
        spool_queue_url === null
          ? 'expected the queue for placed orders that could not be recorded, as no journal lasts inside a function'
          : null,
    })
  }
  return { ...config, store, market, broker, spool_queue_url }
}
