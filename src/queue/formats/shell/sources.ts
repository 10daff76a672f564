/** The `source` of an APKBUILD or a PKGBUILD: files of the package, and what is downloaded. */
import { type ByteString, toText } from '../../../model/bytes.ts'
import { baseName } from '../../../model/paths.ts'
import type { StatedBase } from '../../../model/queue.ts'
import { type PatchFile, SOURCES } from './applied.ts'
import { type Field, isUnknown } from './scope.ts'
import type { Script } from './script.ts'

/** Where the recipe is, for a script that is only read: makepkg and abuild have the sources below it. */
export const RECIPE = '/recipe'

export interface SourceEntry {
  /** As it is called among the sources. */
  name: ByteString
  /** A file of the package; else it is downloaded. */
  path: ByteString | null
  url: ByteString
  field: Field
}

/** `name::url`, a URL, or a file. A file of the name of what is downloaded is taken in its place. */
export function sourceEntry(field: Field, beside: ReadonlySet<ByteString>): SourceEntry {
  const [, given, url = ''] = /^(?:([^:/]+)::)?(.*)$/s.exec(field.text) ?? []
  const isRemote = /^(?:[a-z]+\+)?[a-z]+:\/\//i.test(url) || url.includes('://')
  const name = given ?? baseName(url.replace(/[?#].*$/, ''))
  const path = isRemote ? (beside.has(name) ? name : null) : url
  return { name, path, url, field }
}

/** Where the entries of `source`, and its variants for processors, are found by the script. */
export function sourcePlaces(
  list: ByteString,
  beside: ReadonlySet<ByteString>,
  names: (script: Script) => ByteString[],
) {
  const directory = list.includes('/') ? list.slice(0, list.lastIndexOf('/')) : ''
  const entriesOf = (script: Script) =>
    names(script)
      .flatMap((name) => script.words(name))
      .map((field) => sourceEntry(field, beside))
  const locate = (path: ByteString, script: Script): PatchFile | null => {
    if (!path.startsWith(`${SOURCES}/`)) {
      const name = path.slice(RECIPE.length + 1)
      return path.startsWith(`${RECIPE}/`) ? { name, content: { kind: 'file', directory, name } } : null
    }
    const entry = entriesOf(script).find(({ name }) => `${SOURCES}/${name}` === path)
    return entry ? { name: entry.name, content: contentOf(entry, directory) } : null
  }
  const paths = (script: Script) => [
    ...entriesOf(script).map(({ name }) => `${SOURCES}/${name}`),
    ...[...beside].map((name) => `${RECIPE}/${name}`),
  ]
  return { entriesOf, locate, paths }
}

function contentOf({ name, path, url, field }: SourceEntry, directory: ByteString): PatchFile['content'] {
  if (path !== null) return { kind: 'file', directory, name: path }
  const message = `${toText(name)} is downloaded from ${toText(url)}, and is not here`
  return {
    kind: 'problem',
    problem: { file: toText(name), line: field.line, message, hint: 'put it beside the recipe' },
  }
}

/** What looks like a patch by its name, packed or not. */
export function isPatchLike(name: ByteString): boolean {
  return /\.(?:patch|diff)(?:\.(?:gz|bz2|xz|zst))?$/.test(name)
}

/** The commit or tag that is fetched, else the version of the package. */
export function baseOf(script: Script, entries: readonly SourceEntry[], listed: ByteString): StatedBase | null {
  const fetched = entries.flatMap(({ url, path }) => (path === null ? revisionsIn(url) : []))
  const version = script.text('pkgver')
  const names = [...fetched, ...versionNames(version)].filter((name) => name !== '' && !isUnknown(name))
  if (names.length === 0) return null
  return { names: names.map(toText), listed: `${toText(listed)}:${script.line('pkgver')}` }
}

/** "#tag=v1.2", "#commit=…", "/archive/v1.2.tar.gz", or a commit's id anywhere in a URL. */
function revisionsIn(url: ByteString): ByteString[] {
  const [, fragment] = /#(?:tag|commit)=([^&?]+)/.exec(url) ?? []
  const [, archive] = /\/archive\/(?:refs\/tags\/)?([^/?#]+?)\.(?:tar\.\w+|tgz|zip)/.exec(url) ?? []
  const [commit] = /\b[0-9a-f]{40}\b/.exec(url) ?? []
  return [fragment, commit, archive].flatMap((name) => name ?? [])
}

/** "1.2_rc1" is called 1.2-rc1, 1.2rc1 by its upstream; "1.2_p3" and "_git…" come after 1.2. */
export function versionNames(version: ByteString): ByteString[] {
  const early = /_(?:alpha|beta|pre|rc)/.test(version)
  return early
    ? [version.replace(/_/g, '-'), version.replace(/_/g, '')]
    : [version, version.replace(/_(?:p|git|hg|svn|cvs).*$/, '')]
}
