/** What upstream reads of a patch's header: without what only the queue's own people need. Pure. */
import { toText } from '../../model/bytes.ts'
import type { Patch } from '../../model/patch.ts'
import { bodyOf } from '../read/header.ts'

/**
 * Fields of packagers, which upstream's history has no use for: DEP-3, OpenEmbedded, SUSE,
 * git-buildpackage, our own.
 */
const OWN_FIELDS =
  /^(?:upstream-status|patch-mainline|git-commit|git-repo|patch-filtered|references|origin|forwarded|applied-upstream|last-update|bug-[a-z]+|author|description|from|subject|date|retire-when|gbp-[a-z-]+|patch-name|upstream)[ \t]*:/i
/** What git mailinfo would take for the begin of the diff (git-mailinfo(1)). */
const LIKE_DIFF = /^(?:diff -|Index: |---)/

/** Tags for upstream, wherever a header has them: kernel.org, "Submitting patches". */
const TAG = /^(?:[a-z]+(?:-[a-z]+)*-by|fixes):[ \t]*\S/i

/** The lines below the subject, up to the rule that ends a commit's message; its tags at the end. */
export function messageOf({ header }: Pick<Patch, 'header'>): string[] {
  const kept: string[] = []
  let isOwn = false
  for (const line of aboveRule(bodyOf(header))) {
    // A field goes on where a line begins with a blank (RFC 5322, 2.2.3).
    isOwn = OWN_FIELDS.test(line) || (isOwn && /^[ \t]+\S/.test(line))
    const isDouble = line === '' && (kept.at(-1) ?? '') === ''
    if (!isOwn && !isDouble) kept.push(LIKE_DIFF.test(line) ? ` ${line}` : line)
  }
  while (kept.at(-1) === '') kept.pop()
  // Those among the fields at the top are no part of the body.
  const known = new Set(kept)
  const tags = aboveRule(toText(header.text).split('\n')).filter((line) => TAG.test(line) && !known.has(line))
  const isBehindTag = TAG.test(kept.at(-1) ?? '')
  return tags.length === 0 || kept.length === 0 || isBehindTag ? [...kept, ...tags] : [...kept, '', ...tags]
}

function aboveRule(lines: readonly string[]): string[] {
  const trimmed = lines.map((line) => line.trimEnd())
  const end = trimmed.indexOf('---')
  return end < 0 ? trimmed : trimmed.slice(0, end)
}
