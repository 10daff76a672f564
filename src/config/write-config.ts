/** Writes a `rebaseline.yaml` that a person can read, and change. */
import { stringify } from 'yaml'
import { PATCH_CLASSES } from '../model/audit.ts'
import type { FoundUpstream, QueueFacts } from '../model/init.ts'

/** The text of the file: what was found, how, and as a comment what could be said besides. */
export function writeConfig(facts: QueueFacts): string {
  const parts = [
    HEAD,
    queueOf(facts),
    upstreamOf(facts),
    tagsOf(facts),
    baseOf(facts),
    sectionsOf(facts),
    nameOf(facts),
    RECORD,
  ]
  const written = parts.filter((lines) => lines.length > 0)
  return written.map((lines) => `${lines.join('\n')}\n`).join('\n')
}

const HEAD = [
  '# What rebaseline knows of this queue: no command needs it as an option.',
  '# Paths are from here. "rebaseline help config" says what each key means.',
]

const RECORD = [
  "# Where attempts are recorded: by default in the user's own record. A file that a team shares:",
  '# record: ../rebaseline.db',
]

function queueOf({ queue, format, isFormatGiven, patches }: QueueFacts): string[] {
  const told = `# The queue: ${patches} ${patches === 1 ? 'patch' : 'patches'}.`
  const reader = isFormatGiven
    ? [line('format', format)]
    : [comment(line('format', format)), '# is what its content tells; say it here where that is wrong.']
  return [told, line('queue', queue), ...reader]
}

function upstreamOf({ upstream, address, others }: QueueFacts): string[] {
  const named = address
    ? [comment(`${line('upstream', address.url)}   (named by ${address.file}:${address.line})`)]
    : []
  if (upstream === null)
    return [
      '# The upstream was not found: a clone, a URL, or a directory of release tarballs.',
      '# upstream: ../upstream',
    ]
  const told = comment(`The upstream: ${howFound(upstream)}.`)
  const beside = others.map((other) => comment(`${line('upstream', other)}   (another clone that holds as much)`))
  return [told, line('upstream', upstream.name), ...(upstream.how.kind === 'address' ? [] : named), ...beside]
}

function howFound({ how }: FoundUpstream): string {
  if (how.kind === 'given') return 'as it was given'
  if (how.kind === 'own') return 'the repository that the queue is in'
  if (how.kind === 'tarballs') return `the tarballs of ${how.releases} releases`
  if (how.kind === 'address') return `${how.address.file}:${how.address.line} names it; fetched when it is first needed`
  return `a clone with ${how.held} of ${how.asked} files that the patches change`
}

function tagsOf({ tags }: QueueFacts): string[] {
  if (tags === null)
    return [
      '# Which tags of the upstream are releases: then "rebaseline try" takes the newest by itself.',
      "# tags: 'v*'",
    ]
  const { pattern, count, newest } = tags
  return [
    `# Which tags of the upstream are releases${newest === null ? '' : `: ${count} fit, the newest is ${newest}`}.`,
    '# "rebaseline try" takes the newest of them where --onto is left out.',
    line('tags', pattern),
  ]
}

function nameOf({ name, called }: QueueFacts): string[] {
  if (name !== null)
    return ['# What the queue is called: with its name it is one queue in all its checkouts.', line('name', name)]
  return [
    '# With a name it is one queue in all its checkouts; without one it is known by its place.',
    comment(line('name', called)),
  ]
}

/** Where the queue itself says it, it says so after the next rebase, too. */
function baseOf({ base }: QueueFacts): string[] {
  if (base === null)
    return ['# The release that the queue sits on, where its own files do not tell it:', '# base: v1.0']
  const { ref, found } = base
  const stated = /^stated \((.*)\)$/s.exec(found)?.[1]
  if (stated !== undefined || found === 'stack' || found === 'merge-base') {
    const teller = stated ?? 'its own history'
    return [
      comment(`The release that the queue sits on: ${teller} tells it, now and after a rebase.`),
      comment(line('base', ref)),
    ]
  }
  const how = { blobs: 'found by its blob ids', search: 'found by trying' }[String(found)] ?? 'as it was given'
  return [`# The release that the queue sits on, ${how}. Write the new one here after a rebase.`, line('base', ref)]
}

/** What each is has to be said by a person. */
function sectionsOf({ sections: all }: QueueFacts): string[] {
  const sections = all.filter((section) => section !== '')
  if (sections.length === 0) return []
  return [
    `# What the patches of a section are, where "rebaseline audit" should not find it out by itself: ${PATCH_CLASSES.join(', ')}.`,
    '# sections:',
    ...sections.map((section) => comment(`  ${line(section, 'unsent')}`)),
  ]
}

function line(key: string, value: string): string {
  return stringify({ [key]: value }, { lineWidth: 0 }).trimEnd()
}

/** The name of a file may hold line feeds. */
function comment(text: string): string {
  return `# ${text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '?')}`
}
