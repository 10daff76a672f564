/** What `init` found and wrote, for people. */
import type { FoundUpstream, QueueFacts, WrittenConfig } from '../../model/init.ts'
import { type Medium, type NextCommand, nextLines, pad, plural, styleFor } from '../layout.ts'
import { forTerminal } from '../sanitize.ts'
import { describeFound } from './attempt.ts'

/** Columns of the keys. */
const KEY = 10

/** `locator`: the options with which another command finds the queue, with a blank in front. */
export function initToText(written: WrittenConfig, medium: Medium & { locator: string }): string {
  const style = styleFor(medium)
  const rows = [
    ['queue', queueInWords(written)],
    ['upstream', upstreamInWords(written)],
    ['base', baseOf(written)],
    ['tags', tagsInWords(written)],
  ] as const
  const lines = rows.map(([key, value]) => `  ${pad(key, KEY)}${forTerminal(value)}`)
  const head = style.bold(`wrote ${forTerminal(written.file)}`)
  return `${[head, ...lines, '', ...nextLines([nextOf(written, medium.locator)], medium)].join('\n')}\n`
}

function queueInWords({ queue, format, patches }: QueueFacts): string {
  return `${queue}: ${format}, ${plural(patches, 'patch', 'patches')}`
}

function upstreamInWords({ upstream, others }: QueueFacts): string {
  if (upstream === null) return 'not found near the queue'
  const beside = others.length === 0 ? '' : `; as much is in ${others.join(', ')}`
  return `${upstream.name}${howFound(upstream)}${beside}`
}

function howFound({ how }: FoundUpstream): string {
  if (how.kind === 'given') return ''
  if (how.kind === 'own') return ': the repository that the queue is in'
  if (how.kind === 'tarballs') return `: the tarballs of ${how.releases} releases`
  if (how.kind === 'address') return `: named in ${how.address.file}:${how.address.line}, and not fetched yet`
  return `: a clone with ${how.held} of ${how.asked} files that the patches change`
}

function baseOf({ base }: QueueFacts): string {
  if (base === null) return 'not looked for, or not found: "rebaseline try" looks for it'
  return base.found === 'given' ? base.ref : `${base.ref}, ${describeFound(base.found)}`
}

function tagsInWords({ tags }: QueueFacts): string {
  if (tags === null) return 'none is known: "rebaseline try" needs --onto'
  const { pattern, count, newest } = tags
  return newest === null ? pattern : `${pattern}: ${plural(count, 'release')}, the newest is ${newest}`
}

function nextOf({ upstream, tags }: QueueFacts, locator: string): NextCommand {
  if (upstream === null)
    return [`rebaseline init${locator} --force --upstream PLACE`, 'a clone, a URL, or a directory of release tarballs']
  if (tags === null) return [`rebaseline try${locator} --onto RELEASE`, 'a tag, a branch or a commit of the upstream']
  return [`rebaseline try${locator}`, tags.newest === null ? 'on the newest release' : `on ${forTerminal(tags.newest)}`]
}
