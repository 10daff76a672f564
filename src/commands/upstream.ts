/** The options that name an upstream: a repository, or the tarballs of its releases. */
import { Option } from 'commander'
import { UsageError } from '../errors.ts'

export interface UpstreamOptions {
  upstream?: string
  upstreamTarball: NamedTarball[]
}

/** A tarball, and the release that it is of. */
interface NamedTarball {
  version: string
  file: string
}

export const UPSTREAM_OPTION = [
  '--upstream <repository>',
  'clone of the upstream project (work tree or bare), or its URL; or a directory of release or Debian orig tarballs',
] as const

const EXAMPLE = '--upstream-tarball 4.17.5=xen-4.17.5.tar.xz'

/** May be given once for each tarball: of a base and of a target at least. */
export function upstreamTarballOption(): Option {
  return new Option(
    '--upstream-tarball <version=file>',
    'in place of --upstream: a release as its tarball; given for each, and for each component of one',
  )
    .argParser((value: string, known: NamedTarball[]) => [...known, toTarball(value)])
    .default([], 'none')
}

function toTarball(value: string): NamedTarball {
  const [, version, file] = /^([^=/]+)=(.+)$/s.exec(value) ?? []
  if (version !== undefined && file !== undefined) return { version, file }
  throw new UsageError(
    `--upstream-tarball ${value} does not say of which release it is`,
    `write the version in front of the file: ${EXAMPLE}`,
  )
}

/** Null where none is named. @throws UsageError where two are. */
export function upstreamOf({ upstream, upstreamTarball }: UpstreamOptions): string | readonly NamedTarball[] | null {
  if (upstream !== undefined && upstreamTarball.length > 0)
    throw new UsageError('--upstream and --upstream-tarball name two upstreams', 'leave one of them out')
  if (upstreamTarball.length > 0) return upstreamTarball
  return upstream ?? null
}
