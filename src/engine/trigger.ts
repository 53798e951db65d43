import type { Prices } from '../domain/candle.ts'
import type { ProposedOrder } from '../domain/decision.ts'
import type { Trigger } from '../domain/workflow.ts'
import { withoutDust } from './indicators/rounding.ts'

/**
 * The price on the nearest tick; unchanged where the tick size is not known. The tick size is in
 * the instrument's currency.
 */
export const toTick = (price: number, tick_size: number | null): number =>
  tick_size === null || !(tick_size > 0)
    ? price
    : withoutDust(Math.round(withoutDust(price / tick_size)) * tick_size)

/** The breakout price: the low less the offset or the high plus the offset, on the nearest tick. */
export const triggerPrice = (
  { location, offset }: Pick<Trigger, 'location' | 'offset'>,
  { high, low }: Pick<Prices, 'high' | 'low'>,
  tick_size: number | null,
): number => toTick(withoutDust(location === 'lower' ? low - offset : high + offset), tick_size)

/** A stop when the order goes with the breakout, a limit when it goes against it (DOMAIN 4.5). */
export const orderTypeOf = ({
  location,
  order_direction,
}: Pick<Trigger, 'location' | 'order_direction'>): ProposedOrder['order_type'] =>
  (location === 'lower') === (order_direction === 'sell') ? 'OPEN_STOP' : 'LIMIT'

/** Why this price and quantity make no order, or null when they do (decision D6). */
export const refusalOf = ({
  price,
  quantity,
}: Pick<ProposedOrder, 'price' | 'quantity'>): string | null => {
  if (!Number.isFinite(price) || price <= 0) {
    return `the trigger price would be ${price}, and an order needs a price above 0`
  }
  if (!Number.isFinite(quantity) || quantity <= 0) {
    return `the quantity is ${quantity}, and an order needs a quantity above 0`
  }
  return null
}
