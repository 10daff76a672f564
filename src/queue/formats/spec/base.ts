/** The upstream release that a spec is made from. */
import { type ByteString, toText } from '../../../model/bytes.ts'
import { baseName } from '../../../model/paths.ts'
import type { StatedBase } from '../../../model/queue.ts'
import type { Macros } from './macros.ts'
import { placeText, type SpecPlace } from './spec.ts'

/** The first value of each tag of the preamble, in small letters. */
export type Tags = ReadonlyMap<string, { value: ByteString; place: SpecPlace }>

/** No release is called by so long a name. */
const LONGEST = 200

/** Planex and XenServer name the commit or tag of the source archive in one of these. */
const COMMITS = ['package_srccommit', 'base_cset']

/** A candidate's mark behind a version, which `Version:` of older specs leaves out. */
const CANDIDATE = /^[-._~]?(?:rc|alpha|beta|pre|[ab]\d)/i

/**
 * What names it, the likeliest first: a macro of planex, a commit in the source's address, the
 * version in the source's file name where it is that of a candidate ("1.5-rc2" of 1.5), `Version:`.
 * Null where none is known.
 */
export function baseOf(macros: Macros, tags: Tags): StatedBase | null {
  const version = tags.get('version')
  const source = tags.get('source')
  const found: [name: ByteString, listed: string | null][] = COMMITS.map((macro) => [
    macros.get(macro) ?? '',
    macros.placeOf(macro),
  ])
  if (source) {
    const named = [...commitsIn(source.value), ...candidateIn(source.value, macros.get('name'), version?.value)]
    for (const name of named) found.push([name, placeText(source.place)])
  }
  if (version) found.push([version.value, placeText(version.place)])
  // A macro that is not known names nothing.
  const known = found.filter(([name]) => name !== '' && name.length <= LONGEST && !name.includes('%'))
  const [first] = known
  const names = known.map(([name]) => toText(name.replace(/^refs\/tags\//, '')))
  return first ? { names: [...new Set(names)], listed: first[1] ?? '' } : null
}

/** The full id of a commit in the address of an archive. */
function commitsIn(source: ByteString): ByteString[] {
  return source.match(/(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])/g) ?? []
}

function candidateIn(source: ByteString, name: ByteString | null, version = ''): ByteString[] {
  const [file = ''] = /^.*?(?=\.(?:tar|tgz|tbz2?|txz|zip)\b)/.exec(baseName(source)) ?? []
  const found = file.startsWith(`${name}-`) ? file.slice(`${name}-`.length) : file
  const isLonger = version !== '' && found.startsWith(version) && CANDIDATE.test(found.slice(version.length))
  return isLonger ? [found] : []
}
