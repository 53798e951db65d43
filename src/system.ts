import { randomUUID } from 'node:crypto'
import type { Clock } from './domain/ports.ts'

/** The wall clock. */
export const systemClock: Clock = { now: () => new Date() }

/** A random id, for workflows, runs and claims. */
export const newId = (): string => randomUUID()
