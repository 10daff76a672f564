/** What the names of tarballs say: project, version, component. Pure. */
import { UserError } from '../errors.ts'

/** A tarball of a release, as its name has it. */
export interface TarballName {
  /** As it is in the directory. */
  name: string
  /** Empty where the name is a version alone. */
  project: string
  version: string
  /** The folder that its files belong into; null for the release's own top. */
  component: string | null
}

const ENDING = String.raw`\.(?:tar(?:\.(?:gz|xz|bz2|zst))?|tgz|txz|tbz2?|tzst)$`
/** dpkg-source(1): NAME_VERSION.orig.tar.EXT, and NAME_VERSION.orig-COMPONENT.tar.EXT. */
const DEBIAN = new RegExp(`^([a-z0-9][a-z0-9+.-]*)_([^_/]+)\\.orig(?:-([A-Za-z0-9-]+))?${ENDING}`)
/** What Debian adds to a release, and no release. */
const PACKAGING = new RegExp(`\\.(?:debian|diff)${ENDING}`)
/** NAME-VERSION as projects call their releases; "v1.2", "name_1.2" and a word behind it, too. */
const RELEASE = new RegExp(
  String.raw`^(?:([A-Za-z][\w+.-]*?)[-_])?v?(\d[\w.+~-]*?)(?:[-_.](?:src|source|orig|final))?${ENDING}`,
)

/** Null for what is no tarball of a release. */
export function readTarballName(name: string): TarballName | null {
  if (PACKAGING.test(name)) return null
  const [, project = '', version, component = null] = DEBIAN.exec(name) ?? RELEASE.exec(name) ?? []
  return version === undefined || !isVersion(version) ? null : { name, project, version, component }
}

/** The component that a tarball's name says; null where it says none. */
export function componentOf(name: string): string | null {
  return DEBIAN.exec(name)?.[3] ?? null
}

/** Debian Policy, 5.6.12: what a version is made of; and what git takes for a tag's name. */
export function isVersion(version: string): boolean {
  return /^(?:\d+:)?[A-Za-z0-9][A-Za-z0-9.+~_-]*$/.test(version) && !/\.\.|\.$|\.lock$/.test(version)
}

/**
 * A version as a tag's name: without its epoch, and with `_` for `~`, which git keeps for itself
 * (DEP-14, "Version mangling").
 */
export function tagOfRelease(version: string): string {
  return version.replace(/^\d+:/, '').replaceAll('~', '_')
}

/**
 * The tarballs of the project that a directory has the most of, and the others. @throws UserError
 * where two have as many.
 */
export function chooseProject(tarballs: readonly TarballName[]): { own: TarballName[]; others: TarballName[] } {
  const counts = new Map<string, number>()
  for (const { project } of tarballs) counts.set(project, (counts.get(project) ?? 0) + 1)
  const [first, second] = [...counts].sort((one, other) => other[1] - one[1])
  if (!first) return { own: [], others: [] }
  if (second && second[1] === first[1])
    throw new UserError(
      `tarballs of ${first[0] || 'no name'} and of ${second[0] || 'no name'} lie side by side`,
      'name those that are meant, one by one: --upstream-tarball VERSION=FILE',
    )
  const isOwn = ({ project }: TarballName) => project === first[0]
  return { own: tarballs.filter(isOwn), others: tarballs.filter((one) => !isOwn(one)) }
}
