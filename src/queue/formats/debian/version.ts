/** The upstream release that a Debian package is made from, as its version says (deb-version(7)). */
import type { ByteString } from '../../../model/bytes.ts'
import { toText } from '../../../model/bytes.ts'

/** No version is longer. */
const LONGEST = 200

/** The version of the newest entry, and its line (deb-changelog(5)); null where there is none. */
export function versionInChangelog(content: ByteString): { version: string; line: number; suite: string } | null {
  const lines = content.slice(0, 1 << 16).split('\n')
  const at = lines.findIndex((line) => /^\S/.test(line))
  const [, version, suite = ''] = /^[a-z0-9][a-z0-9+.-]* \(([^)\s]+)\)((?:\s+[\w+.-]+)*);/i.exec(lines[at] ?? '') ?? []
  if (version === undefined || version.length > LONGEST) return null
  return { version: toText(version), line: at + 1, suite: suite.trim() }
}

/** "9.2p1" of "1:9.2p1-2+deb12u3": without epoch and Debian revision. */
export function upstreamPart(version: string): string {
  return version.replace(/^\d+:/, '').replace(/-[^-]*$/, '')
}

/** What upstream is repacked, or marked, as. */
const REPACKED = /[+~.-](?:dfsg|ds|repack(?:ed)?|debian|ubuntu|nmu|deb|bundle|orig|is)[\w.]*(?:[+~][\w.]+)*$/i
/** A snapshot's commit: "+git20170716.b1abf5a", "+36-g54dacb5c02", "~git.1a2b3c4". */
const SNAPSHOT = /[+~.-](?:git|\d*-?g(?=[0-9a-f]{7})|[\d.]+git|snapshot|\d{8})/i

/**
 * What upstream may call it, the likeliest first: of a snapshot its commit; what "+really" names;
 * the version without the marks of those who repack it.
 */
export function upstreamNames(version: string): string[] {
  const whole = upstreamPart(version)
  const upstream = /^.*really[.:~_-]?v?(\d.*)$/i.exec(whole)?.[1] ?? whole
  const snapshot = SNAPSHOT.exec(upstream)
  const commits = snapshot ? commitsIn(upstream.slice(snapshot.index)) : []
  const release = (snapshot ? upstream.slice(0, snapshot.index) : upstream).replace(REPACKED, '')
  // "~" sorts before the end: what stands behind it is a candidate.
  return [...new Set([...commits, upstream, release, release.replace('~', '-')])].filter((name) => name !== '')
}

function commitsIn(marks: string): string[] {
  const words = marks.split(/[+~._-]/).map((word) => word.replace(/^(?:git|g)(?=[0-9a-f]{7})/i, ''))
  return words.filter((word) => /^[0-9a-f]{7,40}$/.test(word) && /[a-f]/.test(word))
}

/** Below 0 where the left one comes first: deb-version(7), "Sorting algorithm". */
export function compareDebianVersions(left: string, right: string): number {
  const parts = (version: string) => {
    const [, epoch = '0', upstream = '', revision = '0'] = /^(?:(\d+):)?(.*?)(?:-([^-]*))?$/s.exec(version) ?? []
    return [epoch, upstream, revision]
  }
  const others = parts(right)
  for (const [at, part] of parts(left).entries()) {
    const difference = compareParts(part, others[at] ?? '')
    if (difference !== 0) return difference
  }
  return 0
}

/** Stretches without digits and numbers take turns. */
function compareParts(left: string, right: string): number {
  const [one, other] = [left, right].map((part) => part.split(/(\d+)/))
  for (let at = 0; at < Math.max(one?.length ?? 0, other?.length ?? 0); at++) {
    const [mine = '', yours = ''] = [one?.[at], other?.[at]]
    const difference = at % 2 === 1 ? Number(mine) - Number(yours) : compareWords(mine, yours)
    if (difference !== 0) return difference
  }
  return 0
}

/** "~" comes before the end, the end before letters, letters before all else. */
function compareWords(left: string, right: string): number {
  const rank = (letter: string | undefined) => {
    if (letter === '~') return -1
    if (letter === undefined) return 0
    return letter.charCodeAt(0) + (/[A-Za-z]/.test(letter) ? 0 : 256)
  }
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = rank(left[at]) - rank(right[at])
    if (difference !== 0) return difference
  }
  return 0
}
