import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { INDICATORS, type BrokenWorkflow, type Workflow } from '../../../src/domain/workflow.ts'
import {
  selectWorkflows,
  WORKFLOW_SORTS,
  type WorkflowQuery,
} from '../../../src/domain/workflow-list.ts'
import { aDefinition, anOrder, aWorkflow } from '../../support/builders.ts'

const idOf = (number: number): string =>
  `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`

const orderedAt = (placed_at: string): Workflow['last_order'] => {
  const { order_id, direction, price, quantity, ttl } = anOrder()
  return { order_id, placed_at, direction, price, quantity, ttl }
}

const namesOf = (
  workflows: readonly (Workflow | BrokenWorkflow)[],
  query: Partial<WorkflowQuery> = {},
): string[] =>
  selectWorkflows(workflows, { sort: 'name', page: 1, per_page: 100, ...query }).workflows.map(
    ({ name }) => name,
  )

const aZone = {
  indicator: { name: 'zone', unit_time: 'h4', value: 90, zone_value: 95 },
  close: { direction: 'below', unit_time: 'h1' },
}

describe('the workflows that match', () => {
  const dax = aWorkflow({ name: 'Sell the DAX', index: 'DAX.I', cfd: 'GER40.I' })
  const air = aWorkflow({
    name: 'Airbus',
    index: 'air:xpar',
    cfd: 'AIR:xpar',
    enable: false,
    orders_by_day: [
      { day: '2026-11-22', count: 2 },
      { day: '2026-11-23', count: 0 },
    ],
  })
  const both = aWorkflow({
    ...aDefinition({ conditions: [...aDefinition().conditions, aZone], dry_run: true }),
    name: 'Two conditions',
    index: 'CAC40.I',
    cfd: 'FRA40.I',
  })
  const all = [dax, air, both]

  test.each<[string, Partial<WorkflowQuery>, Workflow[]]>([
    ['all without a condition', {}, [air, dax, both]],
    ['enabled', { enabled: true }, [dax, both]],
    ['disabled', { enabled: false }, [air]],
    ['dry runs', { dry_run: true }, [both]],
    ['live', { dry_run: false }, [air, dax]],
    ['with the indicator in the first condition', { indicator: 'polarite' }, [air, dax, both]],
    ['with the indicator in a later condition', { indicator: 'zone' }, [both]],
    ['with an indicator that none has', { indicator: 'combo' }, []],
    ['that traded', { traded: true }, [air]],
    ['that did not trade', { traded: false }, [dax, both]],
    ['with this part of the index, in any case', { index: 'AIR' }, [air]],
    ['not those with it elsewhere', { index: 'ger40' }, []],
    ['with the text in the name', { q: 'sell THE' }, [dax]],
    ['with the text in the index', { q: 'cac' }, [both]],
    ['with the text in the cfd', { q: 'ger4' }, [dax]],
    ['with the text as it is, which is no pattern', { q: '.*' }, []],
    ['that meet all of several', { q: '40', enabled: true, dry_run: false }, [dax]],
  ])('are those %s', (_which, query, expected) => {
    expect(namesOf(all, query)).toEqual(expected.map(({ name }) => name))
  })
})

describe('what is stored and no valid workflow', () => {
  const broken = { id: idOf(9), name: 'Broken 9', problem: 'conditions: expected a list' }
  const all = [
    aWorkflow({ id: idOf(1), name: 'Zone 1', last_order: orderedAt('2026-11-23T10:00:00.000Z') }),
    broken,
    aWorkflow({ id: idOf(2), name: 'broken 10' }),
  ]

  test('stands among the others by name, and last by any date, as it has none', () => {
    expect(namesOf(all)).toEqual(['Broken 9', 'broken 10', 'Zone 1'])
    expect(namesOf(all, { sort: '-name' })).toEqual(['Zone 1', 'broken 10', 'Broken 9'])
    expect(namesOf(all, { sort: '-last_order' })).toEqual(['Zone 1', 'Broken 9', 'broken 10'])
    expect(namesOf(all, { sort: 'last_order' })).toEqual(['Zone 1', 'Broken 9', 'broken 10'])
  })

  test('is counted, and paged like any other', () => {
    const query = { sort: 'name', page: 2, per_page: 2 } as const
    expect(selectWorkflows(all, query)).toMatchObject({ total: 3, workflows: [{ id: idOf(1) }] })
  })

  test('is found by its name alone', () => {
    expect(namesOf(all, { q: 'BROKEN' })).toEqual(['Broken 9', 'broken 10'])
    expect(namesOf([broken], { q: 'zone' })).toEqual([])
    for (const condition of [
      { enabled: true },
      { enabled: false },
      { dry_run: false },
      { traded: false },
      { indicator: 'zone' },
      { index: '' },
    ] as const) {
      expect(namesOf([broken], condition)).toEqual([])
    }
  })
})

describe('the order of workflows', () => {
  test('counts numbers in names, as a person would', () => {
    const named = ['Zone 10', 'zone 9', 'Zone 2'].map((name, index) =>
      aWorkflow({ id: idOf(index), name }),
    )

    expect(namesOf(named)).toEqual(['Zone 2', 'zone 9', 'Zone 10'])
    expect(namesOf(named, { sort: '-name' })).toEqual(['Zone 10', 'zone 9', 'Zone 2'])
  })

  test.each(['last_order', 'end_date'] as const)(
    'by %s has those without one last, whichever way, and equal ones by name',
    (field) => {
      const values =
        field === 'end_date'
          ? { early: '2026-11-30', late: '2026-12-31' }
          : {
              early: orderedAt('2026-11-23T09:30:00.250Z'),
              late: orderedAt('2026-11-23T10:00:00.000Z'),
            }
      const workflows = [
        aWorkflow({ id: idOf(1), name: 'b without' }),
        aWorkflow({ id: idOf(2), name: 'b early', [field]: values.early }),
        aWorkflow({ id: idOf(3), name: 'late', [field]: values.late }),
        aWorkflow({ id: idOf(4), name: 'a without' }),
        aWorkflow({ id: idOf(5), name: 'a early', [field]: values.early }),
      ]

      expect(namesOf(workflows, { sort: field })).toEqual([
        'a early',
        'b early',
        'late',
        'a without',
        'b without',
      ])
      expect(namesOf(workflows, { sort: `-${field}` })).toEqual([
        'late',
        'a early',
        'b early',
        'a without',
        'b without',
      ])
    },
  )

  test.each(['updated_at', 'created_at'] as const)('can be by %s', (field) => {
    const workflows = [
      aWorkflow({ id: idOf(1), name: 'second', [field]: '2026-11-23T10:00:00.000Z' }),
      aWorkflow({ id: idOf(2), name: 'first', [field]: '2026-11-23T09:59:59.999Z' }),
    ]

    expect(namesOf(workflows, { sort: field })).toEqual(['first', 'second'])
    expect(namesOf(workflows, { sort: `-${field}` })).toEqual(['second', 'first'])
  })
})

const anyInstant = fc
  .date({ min: new Date('2026-11-01'), max: new Date('2026-11-03'), noInvalidDate: true })
  .map((date) => date.toISOString())

// Few values, so that many are equal.
const anyWorkflow = fc
  .record({
    name: fc.constantFrom('a', 'A', 'a 2', 'a 10', 'é', 'e', 'b'),
    index: fc.constantFrom('DAX.I', 'dax.i', 'CAC40.I'),
    enable: fc.boolean(),
    dry_run: fc.boolean(),
    orders_by_day: fc.array(
      fc.record({ day: fc.constant('2026-11-20'), count: fc.integer({ min: 0, max: 1 }) }),
      { maxLength: 2 },
    ),
    end_date: fc.constantFrom(null, '2026-11-30', '2026-12-31'),
    updated_at: fc.constantFrom('2026-11-01T00:00:00.000Z', '2026-11-02T00:00:00.000Z'),
    created_at: anyInstant,
    last_order: fc.option(anyInstant.map(orderedAt)),
    conditions: fc.constantFrom(
      aDefinition().conditions,
      aDefinition({ conditions: [aZone] }).conditions,
    ),
  })
  .map((changes) => aWorkflow(changes))
const anyWorkflows = fc
  .array(anyWorkflow, { maxLength: 60 })
  .map((workflows) => workflows.map((workflow, index) => ({ ...workflow, id: idOf(index) })))

const anyConditions = fc.record(
  {
    enabled: fc.boolean(),
    dry_run: fc.boolean(),
    indicator: fc.constantFrom(...INDICATORS),
    traded: fc.boolean(),
    index: fc.constantFrom('dax', '40', ''),
    q: fc.constantFrom('A', 'i', 'zzz'),
  },
  { requiredKeys: [] },
)
const anySort = fc.constantFrom(...WORKFLOW_SORTS)

const allOf = (workflows: readonly Workflow[], query: Omit<WorkflowQuery, 'page' | 'per_page'>) =>
  selectWorkflows(workflows, { ...query, page: 1, per_page: Math.max(1, workflows.length) })

test('the pages together have every match exactly once, in order, and each knows the total', () => {
  fc.assert(
    fc.property(
      anyWorkflows,
      anyConditions,
      anySort,
      fc.integer({ min: 1, max: 100 }),
      (workflows, conditions, sort, per_page) => {
        const query = { ...conditions, sort }
        const { workflows: expected, total } = allOf(workflows, query)
        expect(total).toBe(expected.length)
        const pages = Array.from({ length: Math.ceil(total / per_page) + 1 }, (_, index) =>
          selectWorkflows(workflows, { ...query, page: index + 1, per_page }),
        )
        expect(pages.flatMap((page) => page.workflows)).toEqual(expected)
        expect(pages.every((page) => page.total === total)).toBe(true)
        expect(pages.slice(0, -1).every((page) => page.workflows.length > 0)).toBe(true)
        expect(pages.at(-1)?.workflows).toEqual([])
      },
    ),
  )
})

test('a condition and its opposite part the workflows, and more conditions never find more', () => {
  fc.assert(
    fc.property(anyWorkflows, anyConditions, (workflows, conditions) => {
      const total = (query: Partial<WorkflowQuery>) =>
        allOf(workflows, { ...query, sort: 'name' }).total
      expect(total({ enabled: true }) + total({ enabled: false })).toBe(workflows.length)
      expect(total({ dry_run: true }) + total({ dry_run: false })).toBe(workflows.length)
      expect(total({ traded: true }) + total({ traded: false })).toBe(workflows.length)
      const { q: _, ...fewer } = conditions
      expect(total(conditions)).toBeLessThanOrEqual(total(fewer))
    }),
  )
})

test('the order does not depend on the order in which the workflows were stored', () => {
  fc.assert(
    fc.property(
      anyWorkflows.chain((workflows) =>
        fc.tuple(
          fc.constant(workflows),
          fc.shuffledSubarray(workflows, { minLength: workflows.length }),
        ),
      ),
      anySort,
      ([workflows, shuffled], sort) => {
        expect(allOf(shuffled, { sort })).toEqual(allOf(workflows, { sort }))
      },
    ),
  )
})

test('the workflows that were given are left as they are', () => {
  const given = Object.freeze([aWorkflow({ name: 'b' }), aWorkflow({ name: 'a' })])
  expect(namesOf(given)).toEqual(['a', 'b'])
})
