import { expect, test } from 'vitest'
import minimums from '../../minimum-versions.json' with { type: 'json' }
import lock from '../../package-lock.json' with { type: 'json' }

type Version = readonly [major: number, minor: number, patch: number]

const parse = (text: string): Version => {
  const [, major, minor, patch] = /^(\d+)\.(\d+)\.(\d+)/.exec(text) ?? []
  return [Number(major), Number(minor), Number(patch)]
}

const isBefore = (a: Version, b: Version): boolean =>
  a[0] !== b[0] ? a[0] < b[0] : a[1] !== b[1] ? a[1] < b[1] : a[2] < b[2]

/**
 * True when the fault is mended in this version: it is at the minimum of its own major version, or
 * its major version is later than all of those that needed mending.
 */
const isMended = (version: string, minimum: readonly string[]): boolean => {
  const installed = parse(version)
  const floors = minimum.map(parse)
  const own = floors.find(([major]) => major === installed[0])
  return own ? !isBefore(installed, own) : floors.every((floor) => isBefore(floor, installed))
}

/** Every version of a package that `npm ci` installs, at whatever depth. */
const installedVersions = (name: string): string[] =>
  Object.entries(lock.packages).flatMap(([path, { version }]) =>
    path.endsWith(`node_modules/${name}`) ? [version] : [],
  )

test.each([
  ['4.13.3', ['4.13.3'], true],
  ['4.13.2', ['4.13.3'], false],
  ['4.9.30', ['4.13.3'], false],
  ['5.0.0', ['4.13.3'], true],
  ['3.99.99', ['4.13.3'], false],
  ['6.3.0', ['5.7.2', '6.3.1', '7.5.2'], false],
  ['6.3.1', ['5.7.2', '6.3.1', '7.5.2'], true],
  ['8.0.0', ['5.7.2', '6.3.1', '7.5.2'], true],
  ['10.2.0-beta.1', ['10.1.0'], true],
])('%s where %j are the first good versions is mended: %s', (version, minimum, mended) => {
  expect(isMended(version, minimum)).toBe(mended)
})

test.each(Object.entries(minimums))(
  'no %s with a known hole is installed',
  (name, { minimum, advisory }) => {
    const versions = installedVersions(name)
    expect(versions, `${name} is not installed any more: drop its entry`).not.toEqual([])
    const open = versions.filter((version) => !isMended(version, minimum))
    expect(open, `${advisory}: npm install ${name}@${minimum.at(-1)} or later`).toEqual([])
  },
)
