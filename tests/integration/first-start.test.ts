import { describe, expect, test } from 'vitest'
import type { Deps } from '../../src/compose-host.ts'
import { definitionOf, type Workflow } from '../../src/domain/workflow.ts'
import { importExamples } from '../../src/entrypoints/first-start.ts'
import { aFolder, openInstallation } from '../support/installation.ts'

const NOW = new Date('2026-03-02T15:00:00Z')

const installation = (folder: string) => openInstallation(folder, { MARKET: 'replay' })

const namesIn = async ({ workflows }: Deps): Promise<string[]> =>
  (await workflows.list(NOW)).workflows.map(({ name }) => name).toSorted()

/** The process ends before the store has taken more than `count` workflows. */
const endsAfter = (deps: Deps, count: number): Deps => {
  let created = 0
  return {
    ...deps,
    workflows: {
      ...deps.workflows,
      create: async (...workflow) => {
        if (created === count) throw new Error('killed')
        created += 1
        return deps.workflows.create(...workflow)
      },
    },
  }
}

describe('the example workflows of a first start', () => {
  test('are all there after a start that was killed while it loaded them', async () => {
    await using whole = await aFolder()
    await using undisturbed = await installation(whole.path)
    const loaded = await importExamples(undisturbed, NOW)
    const expected = await namesIn(undisturbed)
    expect(expected).toHaveLength(loaded ?? 0)

    await using folder = await aFolder()
    await using deps = await installation(folder.path)
    await expect(importExamples(endsAfter(deps, 3), NOW)).rejects.toThrow('killed')
    expect(await namesIn(deps)).toHaveLength(3)
    expect(await importExamples(deps, NOW)).toBe(loaded)
    expect(await namesIn(deps)).toEqual(expected)
    expect(await importExamples(deps, NOW)).toBeNull()
  })

  test('stay out of a store that holds a workflow of somebody', async () => {
    await using folder = await aFolder()
    await using deps = await installation(folder.path)
    await expect(importExamples(endsAfter(deps, 1), NOW)).rejects.toThrow('killed')
    const [example] = (await deps.workflows.list(NOW)).workflows
    await deps.workflows.replace(
      example?.id ?? '',
      { ...definitionOf(example as Workflow), name: 'Mine' },
      NOW,
    )
    expect(await importExamples(deps, NOW)).toBeNull()
    expect(await namesIn(deps)).toEqual(['Mine'])
  })

  test('do not come back to a store whose replay has moved on', async () => {
    await using folder = await aFolder()
    await using deps = await installation(folder.path)
    await deps.replay?.advance()
    expect(await importExamples(deps, NOW)).toBeNull()
    expect(await namesIn(deps)).toEqual([])
  })
})
