import type { Prices } from '../../domain/candle.ts'
import { closesOf, sma } from './averages.ts'
import { type Bands, bollinger } from './bollinger.ts'
import { macd0lag } from './macd0lag.ts'
import { ma50Slope, slopePercentage } from './slope.ts'
import { atr } from './true-range.ts'

const MINIMUM_CANDLES = 235
const MINIMUM_SLOPE = 3
const STRONG_SLOPE = 10
const FLAT_SLOPE = 5
const BREACH_TOLERANCE = 0.001
const ZONE_TOLERANCE = 0.005
const ATR_SHARE_TO_BAND = 0.3
const ATR_SHARE_TO_MA50 = 0.1
const CRITERIA_FOR_STRONG = 4

export interface Combo {
  direction: 'BUY' | 'SELL'
  price: number
  has_been_triggered: boolean
  strength: 'weak' | 'medium' | 'strong'
  criteria: {
    macd: boolean
    ma50_over_bb: boolean
    price_within_bb: boolean
    strong_ma50: boolean
    both_bb_flat: boolean
  }
}

/** What differs between the two directions: `sign` mirrors every comparison. */
interface Side {
  direction: 'BUY' | 'SELL'
  sign: 1 | -1
  band: (bands: Bands) => number
  /** The extreme of a candle that faces the level it came back to. */
  facing: (candle: Prices) => number
  /** The extreme whose breach sets the signal off. */
  breakout: (candle: Prices) => number
}

const BUY: Side = {
  direction: 'BUY',
  sign: 1,
  band: ({ bottom }) => bottom,
  facing: ({ low }) => low,
  breakout: ({ high }) => high,
}

const SELL: Side = {
  direction: 'SELL',
  sign: -1,
  band: ({ up }) => up,
  facing: ({ high }) => high,
  breakout: ({ low }) => low,
}

/** The direction that the slope of the mean of 50 closes points to, if it is steep enough. */
const sideOf = (slope: number): Side | null => {
  if (slope > MINIMUM_SLOPE) return BUY
  return slope < -MINIMUM_SLOPE ? SELL : null
}

/** Strictly between the outer and the inner band, with a tolerance on both ends. */
const inZone = (price: number, outer: number, inner: number): boolean =>
  price > Math.min(outer, inner) * (1 - ZONE_TOLERANCE) &&
  price < Math.max(outer, inner) * (1 + ZONE_TOLERANCE)

/**
 * The scored composite signal of all candles, newest first (DOMAIN 6.7): a pull-back to the Bollinger
 * band or to the mean of 50 closes, in the direction in which that mean moves. Null when there is no
 * signal, and for fewer than 235 candles.
 */
export const combo = (candles: readonly Prices[]): Combo | null => {
  const [current, previous] = candles
  if (candles.length < MINIMUM_CANDLES || !current || !previous) return null
  const closes = closesOf(candles)
  const outerNow = bollinger(closes, 2.5)
  // The slope spans three steps although the older band is two candles back, as in the reference.
  const outerThen = bollinger(closes.slice(2), 2.5)
  const upSlope = slopePercentage(0, outerThen.up, 3, outerNow.up)
  const bottomSlope = slopePercentage(0, outerThen.bottom, 3, outerNow.bottom)
  if (Math.abs(upSlope) > FLAT_SLOPE && Math.abs(bottomSlope) > FLAT_SLOPE) return null

  const ma50 = sma(closes, 50)
  const slope = ma50Slope(closes)
  const side = sideOf(slope)
  if (side === null) return null
  const { sign, band } = side
  const outer = band(outerNow)
  const inner = band(bollinger(closes, 2))
  const price = current.close
  if (sign * price < sign * ma50) return null
  if (sign * price < sign * outer * (1 - sign * BREACH_TOLERANCE)) return null

  const range = atr(candles, 14)
  const near = [current.close, previous.close, side.facing(current), side.facing(previous)]
  const allBeyond = (level: number, margin: number): boolean =>
    near.every((each) => sign * each > sign * level + margin)
  const tooFar =
    allBeyond(inner, ATR_SHARE_TO_BAND * range) && allBeyond(ma50, ATR_SHARE_TO_MA50 * range)
  if (tooFar) return null

  const { macd, signal } = macd0lag(closes)
  const before = closes.slice(1)
  const criteria = {
    macd: sign * macd > sign * signal,
    ma50_over_bb: sign * ma50 < sign * outer,
    price_within_bb:
      inZone(previous.close, band(bollinger(before, 2.5)), band(bollinger(before, 2))) ||
      inZone(price, outer, inner),
    strong_ma50: sign * slope > STRONG_SLOPE,
    both_bb_flat: Math.abs(upSlope) < FLAT_SLOPE && Math.abs(bottomSlope) < FLAT_SLOPE,
  }
  const triggered = sign * price > sign * side.breakout(previous)
  return {
    direction: side.direction,
    price: triggered ? price : side.breakout(current),
    has_been_triggered: triggered,
    strength: strengthOf(Object.values(criteria).filter(Boolean).length),
    criteria,
  }
}

const strengthOf = (criteriaMet: number): Combo['strength'] => {
  if (criteriaMet === 0) return 'weak'
  return criteriaMet >= CRITERIA_FOR_STRONG ? 'strong' : 'medium'
}
