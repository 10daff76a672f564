/** A release's number, as its name has it. */
export interface Version {
  numbers: number[]
  /** "rc2" of "4.3.0-rc2"; null for the release itself, which comes after its candidates. */
  candidate: string | null
}

/**
 * "4.3.0", "10.0p1", "1_1_1w", "1.3-1", "254", "2023d": numbers, a letter or two with a number of
 * their own, a packager's marks; of a snapshot ("4.17.5+72-g01140da4e8") how many commits it is on.
 */
const NUMBERS =
  /^(\d+(?:[._]\d+)*)(?:_?([a-z]{1,2})(\d*))?(?:\+(?:dfsg|ds)[\d.]*|\+(\d+)-g[\da-f]{7,40})?(?:-(\d+))?(?:[-._](?:release|final|ga))?$/i
/** What stands in front of a version: words and a separator, or up to four letters. */
const PREFIX = /^(?:[A-Za-z][\w-]*?[A-Za-z][-_/][vr]?|[A-Za-z]{2,}\d{1,2}-|[A-Za-z]{1,4}[-_]?)?(?=\d)/
/**
 * A number alone, or behind one of these, is a version; behind any other word it may count
 * anything.
 */
const PLAIN = /^(?:v|r|rel|release|version|upstream|debian)?[-_/]?$/i
const CANDIDATE = /[-._~]?((?:rc|alpha|beta|pre)[-.]?\d*(?:\.\d+)?|(?<=\d)[ab]\d+)$/i

/**
 * Reads the version that ends a tag's name: "RELEASE-4.10.0", "v6.1-rc3", "xen-4.3.0-rc2",
 * "4.3.0-rc1", "V_9_2_P1", "tz-2023d". A prefix in words is allowed, words behind the version are
 * not: "4.10.0-shim-comet" is no release. Letters count as numbers from 1 on.
 */
export function toVersion(name: string): Version | null {
  const [prefix = ''] = PREFIX.exec(name) ?? []
  const version = name.slice(prefix.length)
  const candidate = CANDIDATE.exec(version)
  const [, numbers, letters = '', count, commits, revision] = NUMBERS.exec(version.slice(0, candidate?.index)) ?? []
  if (numbers === undefined) return null
  const isSingle = !/[._]/.test(numbers) && letters === ''
  if (isSingle && !PLAIN.test(prefix)) return null
  const own = [...letters.toLowerCase()].map((letter) => letter.charCodeAt(0) - 96)
  const further = [count, commits, revision].flatMap((part) => (part ? [Number(part)] : []))
  return {
    numbers: [...numbers.split(/[._]/).map(Number), ...own, ...further],
    candidate: candidate?.[1]?.toLowerCase() ?? null,
  }
}

/** Below 0 where the left one comes first; a candidate comes before its release. */
export function compareVersions(left: Version, right: Version): number {
  const length = Math.max(left.numbers.length, right.numbers.length)
  for (let index = 0; index < length; index++) {
    const difference = (left.numbers[index] ?? 0) - (right.numbers[index] ?? 0)
    if (difference !== 0) return difference
  }
  if (left.candidate === right.candidate) return 0
  if (left.candidate === null) return 1
  if (right.candidate === null) return -1
  return left.candidate.localeCompare(right.candidate, 'en', { numeric: true })
}

/** Whether a release is of the line that `wanted` names: 4.2.1 is of 4.2, and of itself. */
export function isOfRelease(release: string, wanted: string): boolean {
  const [version, line] = [toVersion(release), toVersion(wanted)]
  if (!version || !line) return release === wanted
  return line.numbers.every((number, at) => (version.numbers[at] ?? 0) === number)
}

/**
 * Whether a step from one release to another leaves the line of the first: 4.13.5 to 4.17.3 does, 4.13.4
 * to 4.13.5 does not. Of names that are no versions every step does.
 */
export function isNewLine(from: string, to: string): boolean {
  const [one, other] = [toVersion(from), toVersion(to)]
  if (!one || !other) return true
  return [0, 1].some((at) => (one.numbers[at] ?? 0) !== (other.numbers[at] ?? 0))
}

/** The same for every spelling of a release: "4.2" of 4.2, v4.2.0 and RELEASE-4.2.0. */
export function releaseKey(release: string): string {
  const version = toVersion(release)
  if (!version) return release
  const numbers = version.numbers.join('.').replace(/(?:\.0)+$/, '')
  return version.candidate === null ? numbers : `${numbers}-${version.candidate}`
}

/** In the order of their versions; names that are none come last, by their letters. */
export function compareReleases(left: string, right: string): number {
  const [one, other] = [toVersion(left), toVersion(right)]
  if (one && other) return compareVersions(one, other)
  if (one || other) return one ? -1 : 1
  return left < right ? -1 : left > right ? 1 : 0
}
