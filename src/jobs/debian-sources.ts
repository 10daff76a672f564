/** A directory of Debian source packages as a portfolio: `apt-get source --download-only` leaves one. */
import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { UserError } from '../errors.ts'
import { toText } from '../model/bytes.ts'
import { elementAt } from '../model/elements.ts'
import type { Portfolio, PortfolioQueue, ScanProblem } from '../model/scan.ts'
import type { GivenTarball } from '../model/tarball.ts'
import { directoryFiles } from '../queue/directory-files.ts'
import { readSourceControl, type SourceControl } from '../queue/formats/debian/source-control.ts'
import { compareDebianVersions, upstreamPart } from '../queue/formats/debian/version.ts'

/** One version of a source package. */
interface SourcePackage {
  /** Its .dsc. */
  file: string
  source: string
  version: string
  /** The upstream release that it is made from. */
  release: string
  tarballs: GivenTarball[]
}

/** dpkg-source(1): what upstream released. */
const ORIGINAL = /\.orig(?:-[A-Za-z0-9-]+)?\.tar\.\w+$/
/** Directories below the one that is named, at most. */
const MAX_DEPTH = 3

/**
 * Each queue is tried on the next upstream release that is there. A package that is there in one
 * release only makes no work. `directory`: absolute. @throws UserError where no package is there.
 */
export async function debianPortfolio(directory: string): Promise<Portfolio> {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory())
    throw new UserError(`${directory} is no directory`, 'name one with the .dsc files of packages, and their tarballs')
  const problems: ScanProblem[] = []
  const packages = new Map<string, SourcePackage[]>()
  const { controls, orphans } = filesBelow(directory, MAX_DEPTH)
  for (const file of orphans)
    problems.push({
      ...{ name: basename(file), onto: null, message: `${file} has no .dsc beside it` },
      hint: 'get the .dsc, too: it says of what release the package is, and what its files must be',
    })
  for (const file of controls) {
    const read = await readPackage(file, problems)
    if (!read) continue
    const known = packages.get(read.source) ?? []
    packages.set(read.source, known)
    // The same package may lie in two directories.
    if (!known.some(({ version }) => version === read.version)) known.push(read)
  }
  if (controls.length === 0 && problems.length === 0)
    throw new UserError(
      `${directory} holds no .dsc file`,
      'get sources with "apt-get source --download-only PACKAGE=VERSION", of two releases',
    )
  const queues = [...packages.values()].flatMap(queuesOf)
  return { source: directory, queues, problems, schedule: null, notifications: null }
}

/** The .dsc files below a directory, and the packaging that none of them is of. */
function filesBelow(directory: string, depth: number): { controls: string[]; orphans: string[] } {
  const entries = readdirSync(directory, { withFileTypes: true }).sort((one, other) => (one.name < other.name ? -1 : 1))
  const names = new Set(entries.filter((entry) => entry.isFile()).map(({ name }) => name))
  const controls = [...names].filter((name) => name.endsWith('.dsc'))
  const isOrphan = (name: string) => {
    const [, stem] = /^(.+)\.debian\.tar\.\w+$/.exec(name) ?? []
    return stem !== undefined && !names.has(`${stem}.dsc`)
  }
  const found = {
    controls: controls.map((name) => join(directory, name)),
    orphans: [...names].filter(isOrphan).map((name) => join(directory, name)),
  }
  for (const entry of depth === 0 ? [] : entries.filter((one) => one.isDirectory())) {
    const { controls, orphans } = filesBelow(join(directory, entry.name), depth - 1)
    found.controls.push(...controls)
    found.orphans.push(...orphans)
  }
  return found
}

async function readPackage(file: string, problems: ScanProblem[]): Promise<SourcePackage | null> {
  try {
    const control = await readSourceControl(directoryFiles(dirname(file)), basename(file))
    return toPackage(file, control)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    problems.push({ name: basename(file), onto: null, message: error.message, hint: error.hint })
    return null
  }
}

/** Null for a native package: it has no upstream. */
function toPackage(file: string, { source, version, files }: SourceControl): SourcePackage | null {
  const release = upstreamPart(version)
  const originals = files.filter(({ name }) => ORIGINAL.test(name))
  const tarballs = originals.map(({ name, sum: { algorithm, digest } }): GivenTarball => {
    const tarball = { version: release, file: join(dirname(file), toText(name)) }
    return algorithm === 'sha256' ? { ...tarball, sha256: digest } : tarball
  })
  return tarballs.length === 0 ? null : { file, source, version, release, tarballs }
}

function queuesOf(packages: readonly SourcePackage[]): PortfolioQueue[] {
  const sorted = [...packages].sort((one, other) => compareDebianVersions(one.version, other.version))
  return sorted.flatMap((one, at) => {
    const next = sorted.slice(at + 1).find(({ release }) => release !== one.release)
    if (!next) return []
    const found = { base: null, guards: [], format: null }
    return [
      {
        ...found,
        name: `${one.source} ${one.version}`,
        queue: one.file,
        upstream: [...one.tarballs, ...next.tarballs],
        onto: [elementAt(next.tarballs, 0).version],
      },
    ]
  })
}
