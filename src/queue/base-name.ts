/** The upstream release that a package says it is made from. */
import { type ByteString, toText } from '../model/bytes.ts'

/** No release is called by so long a name. */
const LONGEST = 200

/** Files that say it: an RPM spec file, Debian's changelog, and where there is neither, Qubes' version. */
export function namesBase(path: ByteString): boolean {
  return /(?:^|\/)[^/]+\.spec(?:\.in)?$|(?:^|\/)debian\/changelog$|(?:^|\/)version$/.test(path)
}

/**
 * What the file names: a commit or tag for the source archive before a version. RPM: `%global
 * package_srccommit`, `%define base_cset`, else `Version:`. Debian (deb-changelog(5)): the upstream
 * part of the newest version. A file "version": all of it. Null where it names none.
 */
export function baseNamedIn(path: ByteString, content: ByteString): string | null {
  if (path.endsWith('changelog')) {
    const [, version] = /^[a-z0-9][a-z0-9+.-]* \((?:\d+:)?([^)\s]+)\)/.exec(content) ?? []
    return version === undefined || version.length > LONGEST ? null : toText(version.replace(/-[^-]*$/, ''))
  }
  if (path.endsWith('version')) return /^v?(\d+(?:\.\d+)+[\w.~+-]*)\s*$/.exec(content.slice(0, LONGEST))?.[1] ?? null
  const [, commit] = /^%(?:global|define)\s+(?:package_srccommit|base_cset)\s+([^\s%{}]+)\s*$/m.exec(content) ?? []
  const [, version] = /^Version:\s*([^\s%{}]+)\s*$/im.exec(content) ?? []
  // A bare commit id tells a reader nothing, where the version stands beside it.
  const found = commit === undefined || /^[0-9a-f]{7,40}$/.test(commit) ? (version ?? commit) : commit
  return found === undefined || found.length > LONGEST ? null : toText(found)
}
