import type { EngineDeps } from '../../src/engine/run.ts'

/**
 * The numbered steps of the protocol, at whose end or in whose middle a process may die. In the
 * middle: the request is on its way, and nobody knows how far it got.
 */
export const STEPS = [
  'claim file',
  'claim (in the middle)',
  'claim',
  'place (in the middle)',
  'place',
  'refusal noted',
  'journal (in the middle)',
  'journal',
  'R1 (in the middle)',
  'R1',
  'R2 (in the middle)',
  'R2',
  'last order',
  'R3',
  'claim file settled',
  'journal emptied',
] as const
export type Step = (typeof STEPS)[number]

/** In which call of which step the process ends. */
export interface Death {
  step: Step
  nth: number
}

const die = (): never => {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('this process is dead')
}

/** The engine's parts, one of which ends the process when `order` says so. */
export const dyingAt = (
  deps: EngineDeps,
  order: { death: Death | undefined; calls: number },
): EngineDeps => {
  const isNow = (at: Step): boolean => at === order.death?.step && ++order.calls === order.death.nth
  const at =
    <Args extends unknown[], Result>(name: Step, call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      const middle = `${name} (in the middle)`
      if (middle === order.death?.step && isNow(order.death.step)) {
        void call(...args).catch(() => undefined)
        // Somewhere between the first byte and the answer.
        setTimeout(die, Math.random() * 6)
        return new Promise(() => undefined)
      }
      const result = await call(...args)
      return isNow(name) ? die() : result
    }
  const { hostClaims, intents, broker, journal, trail, workflows } = deps
  return {
    ...deps,
    hostClaims: hostClaims && {
      ...hostClaims,
      take: at('claim file', hostClaims.take),
      settle: at('claim file settled', hostClaims.settle),
    },
    intents: {
      ...intents,
      claim: at('claim', intents.claim),
      close: at('refusal noted', intents.close),
      markPlaced: at('R1', intents.markPlaced),
      markRecorded: at('R3', intents.markRecorded),
    },
    broker: { ...broker, place: at('place', broker.place) },
    journal: {
      ...journal,
      append: at('journal', journal.append),
      remove: at('journal emptied', journal.remove),
    },
    trail: { ...trail, recordWorkflowOrder: at('R2', trail.recordWorkflowOrder) },
    workflows: { ...workflows, saveLastOrder: at('last order', workflows.saveLastOrder) },
  }
}
