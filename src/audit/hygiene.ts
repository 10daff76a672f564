/** What a patch lacks that whoever takes it over will look for. */
import type { HygieneFault, PatchClass } from '../model/audit.ts'
import { toText } from '../model/bytes.ts'
import type { Patch } from '../model/patch.ts'

/** What the queue says of a patch beside its own text. */
export interface HygieneFacts {
  patch: Patch
  class: PatchClass
  /** Whether another patch of the queue changes the same. */
  isTwice: boolean
  /** Whether it applies behind the one before it only, and nothing says why. */
  isOrderLuck: boolean
}

const TRAILER = /^[A-Za-z][\w-]*(?: status)?:\s/i
/** What git and Mercurial write above a diff. */
const WRITTEN_BY_TOOLS =
  /^(?:Index: |diff |From [0-9a-f]{40} |[-+=]{3}|# (?:HG changeset|User|Date|Node ID|Parent|Branch)\b|# *$)/
const BUG = /\b(?:bug|issue|ticket|closes|fixes)\b[\s:]*#?\d+|\b[A-Z]{2,10}-\d+\b|\bbugs?\b\S*\/\d+|\/issues\/\d+/i
/** Sections of which every patch is to say why it is there. */
const TO_BE_JUSTIFIED = /\bun-?upstreamable\b|\bnot for upstream\b|\bdebt\b/i

export function hygieneOf({ patch, class: kind, isTwice, isOrderLuck }: HygieneFacts): HygieneFault[] {
  const { header, section, comment } = patch
  const text = toText(header.text)
  const sentences = sentencesOf(text)
  const isDescribed = (header.subject ?? '').trim() !== '' || sentences.length > 0
  const isJustified = !TO_BE_JUSTIFIED.test(section) || comment !== null || sentences.length > 0
  const faults: [HygieneFault, boolean][] = [
    ['no-description', !isDescribed],
    ['no-author', header.author === null],
    ['no-sign-off', !/^[ \t]*signed-off-by:/im.test(text)],
    ['no-justification', !isJustified],
    ['no-bug-reference', kind === 'debug' && !BUG.test(text)],
    ['twice', isTwice],
    ['order-by-luck', isOrderLuck],
  ]
  return faults.flatMap(([fault, isSo]) => (isSo ? [fault] : []))
}

/** The lines of a header that somebody wrote to be read, without its fields. */
function sentencesOf(text: string): string[] {
  return text.split('\n').filter((line) => /\w/.test(line) && !TRAILER.test(line) && !WRITTEN_BY_TOOLS.test(line))
}
