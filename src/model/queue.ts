import type { Patch, Problem } from './patch.ts'

/** The formats that queues come in, by the tool or distro that has them so. */
export const FORMATS = [
  ...['quilt', 'debian', 'rpm', 'git', 'mbox', 'mails', 'stgit', 'guilt', 'hg', 'suse', 'yocto', 'buildroot'],
  ...['openwrt', 'alpine', 'gentoo', 'arch', 'void', 'qubes', 'planex', 'electron', 'brave'],
] as const
export type FormatName = (typeof FORMATS)[number]

/**
 * How something was found that a person may have given: told by a file and its line, or guessed for
 * a reason.
 */
export type Found = 'given' | `stated (${string})` | `guessed (${string})`

/** A patch that the queue lists and that takes no part. */
export interface DisabledPatch {
  name: string
  /** Why, in words: "commented out", "guard x86", "not applied by %prep". */
  reason: string
}

/** What a queue's own files say of the upstream release that it sits on. */
export interface StatedBase {
  /** Versions, tags or commits, the likeliest first: "4.17.5", "RELEASE-4.17.5". */
  names: string[]
  /** The line that says so, "debian/changelog:1". */
  listed: string
}

/** The upstream's commit that a queue sits on, as the repository that holds it shows. */
export interface KnownBase {
  commit: string
  /** "given": as the beginning of a range. */
  found: 'given' | 'stack' | 'merge-base'
}

/** What is said of a queue beside its patches. */
export interface QueueSummary {
  /** The file or directory that it was read from, or "REPO#range". */
  source: string
  format: FormatName
  /** "sha256:…" over names, options and contents in order: the queue revision. */
  revision: string
  /** How the order of the patches was found. */
  order: Found
  disabled: DisabledPatch[]
  /** What a person should know: what was guessed, what was not understood. */
  notes: Problem[]
}

/** The ordered patches carried on top of upstream, as they stood at one moment. */
export interface PatchQueue extends QueueSummary {
  patches: Patch[]
  /** Null where the queue says nothing of its base. */
  base: StatedBase | KnownBase | null
  /** Null where what packages the queue names no repository of its upstream. */
  address: UpstreamAddress | null
}

/** The address of a repository, and the line that names it. */
export interface UpstreamAddress {
  url: string
  file: string
  line: number
}
