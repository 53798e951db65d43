import type { Property } from './properties.ts'
import type { Mutation, World } from './rules.ts'
import { worldOf } from './worlds.ts'

export interface Mutant {
  id: Mutation
  /** The step that is left out or done wrong, as the rest of "a protocol in which …". */
  what: string
  breaks: Property
  /** Where it shows. */
  world: World
}

const SOME = { engines: 2 }
const SWEPT = { engines: 2, sweepsAtOnce: 1 }

const host = worldOf('host', 'dedupes', SOME)
const hostOnce = worldOf('host', 'does not dedupe', SOME)
const hostOnceSwept = worldOf('host', 'does not dedupe', SWEPT)
const lambda = worldOf('lambda', 'dedupes', SOME)
const lambdaOnce = worldOf('lambda', 'does not dedupe', SOME)

/** x: the numbers that the protocol's text gives its steps. y: more that the model asked for. */
export const MUTANTS: readonly Mutant[] = [
  { id: 'x1', what: 'no sweep runs', breaks: 'P3', world: hostOnce },
  { id: 'x2', what: 'the sweep never asks the broker', breaks: 'P3', world: hostOnce },
  {
    id: 'x3',
    what: 'the sweep leaves out orders whose intent says rejected or abandoned',
    breaks: 'P3',
    world: hostOnceSwept,
  },
  { id: 'x4', what: 'R1 overwrites the time that was noted first', breaks: 'P2', world: host },
  { id: 'x5', what: 'R1 demands that the intent is there', breaks: 'P3', world: hostOnce },
  { id: 'x6', what: 'R3 comes before R2', breaks: 'P3', world: hostOnce },
  {
    id: 'x9',
    what: 'an engine takes its own claim for another’s',
    breaks: 'P4',
    world: lambdaOnce,
  },
  {
    id: 'x10',
    what: 'a claim is taken over though the broker does not dedupe',
    breaks: 'P1',
    world: lambdaOnce,
  },
  {
    id: 'x12',
    what: 'the broker is believed to dedupe and does not',
    breaks: 'P1',
    world: hostOnce,
  },
  {
    id: 'x13',
    what: 'an order is sent again after no clear answer though the broker does not dedupe',
    breaks: 'P1',
    world: hostOnce,
  },
  {
    id: 'x14',
    what: 'a claim is released because the call to the broker failed',
    breaks: 'P1',
    world: hostOnce,
  },
  { id: 'x15', what: 'redeliveries share one owner', breaks: 'P1', world: lambdaOnce },
  {
    id: 'x16',
    what: 'an order is placed without any claim though the broker does not dedupe',
    breaks: 'P1',
    world: lambdaOnce,
  },
  { id: 'y1', what: 'no clear answer counts as accepted', breaks: 'P2', world: hostOnce },
  {
    id: 'y2',
    what: 'an engine notes its own time for an order that the broker had before',
    breaks: 'P3',
    world: lambda,
  },
  {
    id: 'y3',
    what: 'an engine that cannot make its claim file goes on with the claim in DynamoDB alone',
    breaks: 'P1',
    world: hostOnce,
  },
  {
    id: 'y4',
    what: 'the sweep lists the broker’s orders only since the oldest open intent',
    breaks: 'P3',
    world: hostOnceSwept,
  },
  { id: 'y5', what: 'the sweep does not read claim files', breaks: 'P5', world: hostOnce },
  { id: 'y6', what: 'no clear answer counts as not sent', breaks: 'P1', world: hostOnce },
  {
    id: 'y7',
    what: 'a claim is closed without being put in the table first',
    breaks: 'P5',
    world: hostOnce,
  },
  {
    id: 'y8',
    what: 'a claim file is settled before the table says how the claim ended',
    breaks: 'P5',
    world: hostOnce,
  },
  {
    id: 'y9',
    what: 'a sweep that closes the claim of a file signs it with an owner of its own',
    breaks: 'P4',
    world: hostOnceSwept,
  },
  {
    id: 'y10',
    what: 'a claim is released because its order was surely not sent',
    breaks: 'P2',
    world: lambda,
  },
]
