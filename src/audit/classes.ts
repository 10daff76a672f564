/** Why each patch is carried: one class, by what is found upstream before what is written. */

import type { PatchResult } from '../model/attempt.ts'
import type { AuditedClaim, PatchClass } from '../model/audit.ts'
import { toText } from '../model/bytes.ts'
import { CONFIG_NAME, type Config } from '../model/config.ts'
import type { UpstreamFinding } from '../model/finding.ts'
import type { Patch } from '../model/patch.ts'
import { isInSection } from '../model/section.ts'

/** What a class is told from. */
export interface ClassFacts {
  patch: Patch
  result: PatchResult
  claims: readonly AuditedClaim[]
  /** Classes of sections, by what the queue's own people call these. */
  sections: Config['sections']
}

/** A class, and the reason in words. */
export type Classed = { class: PatchClass; because: string }

const DEBUG = /\bdebug(?:ging)?\b/i
/** As a prefix, where a subject has what it is about. */
const DEBUG_FIRST = /^(?:\[[^\]]*\]\s*)?debug(?:ging)?:/i
const WAITING = /\bfor upstream\b|\bupstreaming\b|\bto be upstreamed\b/i
const DISTRO =
  /\bbranding\b|\b(?:distro|debian|ubuntu|fedora|suse|vendor)[- ](?:specific|only)\b|\bpackaging\b|\bbuild (?:fixes|tweaks|system)\b/i
/** The packager's number may stand in front. */
const REVERT_NAME = /^(?:.*\/)?(?:\d+-)?revert[-_]/i
const QUEUED = /^queued\b/i
const REVERT = /^(?:\[[^\]]*\]\s*)?revert\b/i

/** The first rule that fits decides. */
export function classOf(facts: ClassFacts): Classed {
  return ofFinding(facts) ?? ofWords(facts) ?? ofClaims(facts) ?? ofSection(facts) ?? UNSENT
}

const UNSENT: Classed = { class: 'unsent', because: 'upstream does not have it, and nothing says that it was sent' }

function ofFinding({ result: { upstream, verdict }, claims }: ClassFacts): Classed | null {
  if (verdict.kind === 'droppable') return { class: 'dead', because: verdict.reason ?? 'nobody needs it any more' }
  if (upstream.status === 'present')
    return { class: 'backport', because: `the target has the whole change${bySha(upstream)}` }
  const taken = claims.find(({ form, holds }) => (form === 'backport' || form === 'applied') && holds === 'true')
  if (upstream.status === 'reverted')
    return { class: taken ? 'backport' : 'unsent', because: `upstream took it back${takenBackBy(upstream)}` }
  return taken ? { class: 'backport', because: taken.because } : null
}

/** Commits are told by so many digits. */
const DIGITS = 12

function bySha({ commits: [best] }: UpstreamFinding): string {
  if (!best) return ''
  return `, as ${best.sha.slice(0, DIGITS)}${best.firstTag === null ? '' : `, first in ${best.firstTag}`}`
}

function takenBackBy({ revertedBy }: UpstreamFinding): string {
  return revertedBy === null ? '' : `, by ${revertedBy.slice(0, DIGITS)}`
}

/** What the patch itself says that it is. */
function ofWords({ patch: { header, name } }: ClassFacts): Classed | null {
  const text = toText(header.text)
  if (REVERT.test(header.subject ?? '') || REVERT_NAME.test(name) || /^This reverts commit [0-9a-f]{7}/m.test(text))
    return { class: 'revert', because: 'it says that it takes a commit back' }
  const subject = header.subject ?? ''
  if (DEBUG_FIRST.test(subject) || (DEBUG.test(subject) && DEBUG.test(name)))
    return { class: 'debug', because: 'its subject says that it is for debugging' }
  return null
}

function ofClaims({ patch, claims }: ClassFacts): Classed | null {
  const of = (...forms: string[]) => claims.find(({ form }) => forms.includes(form))
  const unwanted = of('inappropriate', 'not-needed')
  if (unwanted) return { class: 'distro', because: `its ${unwanted.field} says that upstream has no use for it` }
  const denied = of('denied')
  if (denied) return { class: 'sent', because: `its ${denied.field} says that upstream did not take it` }
  const sent = of('submitted')
  if (sent) return { class: 'sent', because: `its ${sent.field} says that it was sent` }
  const queued = patch.header.claims.find(({ text }) => QUEUED.test(text))
  if (queued) return { class: 'sent', because: `its ${queued.field} says that a maintainer has it queued` }
  const pending = of('pending')
  return pending ? { class: 'unsent', because: `its ${pending.field} says that it was not sent` } : null
}

function ofSection({ patch: { section }, sections }: ClassFacts): Classed | null {
  const because = `its section is "${section}"`
  const mapped = mappedClass(section, sections)
  if (mapped) return { class: mapped, because: `${because}, which ${CONFIG_NAME} says is ${mapped}` }
  if (DEBUG.test(section)) return { class: 'debug', because }
  if (WAITING.test(section)) return { class: 'sent', because }
  return DISTRO.test(section) ? { class: 'distro', because } : null
}

/** Of several that fit, as of a section and a part of it, the longest name tells the most. */
function mappedClass(section: string, sections: Config['sections']): PatchClass | null {
  const fitting = [...sections].filter(([name]) => isInSection(section, name))
  const [best] = fitting.sort(([one], [other]) => other.length - one.length)
  return best?.[1].value ?? null
}
