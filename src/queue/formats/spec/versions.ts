/** Compares versions as rpm does: rpmvercmp(3), and the manual's page on versions. */
import type { ByteString } from '../../../model/bytes.ts'

/** Below 0 where the left one is older. An epoch ("1:2.0") counts first, a release last. */
export function compareRpmVersions(left: ByteString, right: ByteString): number {
  const [one, other] = [partsOf(left), partsOf(right)]
  const epochs = Number(one.epoch) - Number(other.epoch)
  if (epochs !== 0) return epochs
  const versions = compareParts(one.version, other.version)
  if (versions !== 0 || one.release === null || other.release === null) return versions
  return compareParts(one.release, other.release)
}

function partsOf(whole: ByteString): { epoch: string; version: string; release: string | null } {
  const [, epoch = '0', version = '', release = null] = /^(?:(\d+):)?([^-]*)(?:-(.*))?$/s.exec(whole) ?? []
  return { epoch, version, release }
}

/** A tilde sorts before the end, a caret behind it; numbers are newer than letters. */
function compareParts(left: string, right: string): number {
  const [one, other] = [segmentsOf(left), segmentsOf(right)]
  for (let at = 0; ; at++) {
    const [a, b] = [one[at], other[at]]
    if (a === undefined && b === undefined) return 0
    if (a === '~' || b === '~') {
      if (a !== b) return a === '~' ? -1 : 1
    } else if (a === undefined || b === undefined) return a === undefined ? -1 : 1
    else if (a === '^' || b === '^') {
      if (a !== b) return a === '^' ? -1 : 1
    } else {
      const order = compareSegments(a, b)
      if (order !== 0) return order
    }
  }
}

function segmentsOf(version: string): string[] {
  return version.match(/\d+|[A-Za-z]+|[~^]/g) ?? []
}

function compareSegments(left: string, right: string): number {
  const [isNumber, isOther] = [/^\d/.test(left), /^\d/.test(right)]
  if (isNumber !== isOther) return isNumber ? 1 : -1
  const [one, other] = [left.replace(/^0+(?=.)/, ''), right.replace(/^0+(?=.)/, '')]
  if (isNumber && one.length !== other.length) return one.length - other.length
  return one < other ? -1 : one > other ? 1 : 0
}
