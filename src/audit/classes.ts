/** Why each patch is carried: one class, by what is found upstream before what is written. */
import type { PatchResult } from '../model/attempt.ts'
import type { AuditedClaim, ClaimedCommit, PatchClass } from '../model/audit.ts'
import { toText } from '../model/bytes.ts'
import { CONFIG_NAME, type Config } from '../model/config.ts'
import type { UpstreamFinding } from '../model/finding.ts'
import { changesOf, type Hunk, type Patch, pathsOf } from '../model/patch.ts'
import { isInSection } from '../model/section.ts'

/** What a class is told from. */
export interface ClassFacts {
  patch: Patch
  result: PatchResult
  claims: readonly AuditedClaim[]
  /** What came after the target as the same change. */
  later: ClaimedCommit | null
  /** Classes of sections, by what the queue's own people call these. */
  sections: Config['sections']
}

/** A class, and the reason in words. */
export type Classed = { class: PatchClass; because: string }

/** The first rule that fits decides. */
export function classOf(facts: ClassFacts): Classed {
  return ofFinding(facts) ?? ofWords(facts) ?? ofClaims(facts) ?? ofSection(facts) ?? ofPaths(facts) ?? UNSENT
}

const UNSENT: Classed = { class: 'unsent', because: 'upstream does not have it, and nothing says that it was sent' }

function ofFinding({ result: { upstream, verdict }, claims, later }: ClassFacts): Classed | null {
  if (verdict.kind === 'droppable') return { class: 'dead', because: verdict.reason ?? 'nobody needs it any more' }
  const backport = (because: string): Classed => ({ class: 'backport', because })
  if (upstream.status === 'present') return backport(`the target has the whole change${byCommit(upstream)}`)
  const taken = claims.find(({ form, holds }) => isTaken(form) && holds === 'true')
  const isTied = taken !== undefined || isTiedTo(upstream)
  if (upstream.status === 'reverted' && isTied) return backport(`upstream took it back${takenBackBy(upstream)}`)
  if (taken) return backport(taken.because)
  if (isTied) return backport(`the target has part of it${byCommit(upstream)}`)
  if (!later) return null
  return backport(`it came after the target, as ${later.sha.slice(0, DIGITS)}${firstIn(later.firstTag)}`)
}

function isTaken(form: AuditedClaim['form']): boolean {
  return form === 'backport' || form === 'applied'
}

/** Of so much of a patch the commit that is called the same is no coincidence. */
const ALIKE = 0.5
const NAMES: ReadonlySet<string> = new Set(['trailer', 'name', 'patch-id', 'subject'])

function isTiedTo({ status, commits: [best] }: UpstreamFinding): boolean {
  if (status === 'absent' || !best) return false
  return best.coverage >= ALIKE && best.signals.some((signal) => NAMES.has(signal))
}

/** Commits are told by so many digits. */
const DIGITS = 12

function byCommit({ commits: [best] }: UpstreamFinding): string {
  return best ? `, as ${best.sha.slice(0, DIGITS)}${firstIn(best.firstTag)}` : ''
}

function firstIn(tag: string | null): string {
  return tag === null ? '' : `, first in ${tag}`
}

function takenBackBy({ revertedBy }: UpstreamFinding): string {
  return revertedBy === null ? '' : `, by ${revertedBy.slice(0, DIGITS)}`
}

/** The packager's number may stand in front. */
const REVERT_NAME = /^(?:.*\/)?(?:\d+-)?revert[-_]/i
const REVERT = /^(?:\[[^\]]*\]\s*)?revert\b/i
const REVERTS = /^This reverts (?:commit [0-9a-f]{7}|(?:XSA|CVE|GHSA)-)/im
const DEBUG = /\bdebug(?:ging)?\b/i
/** As a prefix, where a subject has what it is about. */
const DEBUG_FIRST = /^(?:\[[^\]]*\]\s*)?debug(?:ging)?:/i

/** What headers say in sentences, each with the class that it means. */
const SENTENCES: readonly (readonly [RegExp, Classed])[] = [
  [
    /\b(?:not (?:suitable|intended|meant|appropriate) for upstream|never upstream|downstream[- ]only|un-?upstreamable)\b/i,
    { class: 'distro', because: 'it says that it is not for upstream' },
  ],
  [
    /\b(?:to be|needs? to be|should be|will be|not (?:yet )?(?:been )?)\s+(?:upstreamed|(?:sent|submitted|posted)\b)/i,
    { class: 'unsent', because: 'it says that it is still to be sent' },
  ],
  [
    /\b(?:upstreaming (?:is )?in progress|(?:sent|submitted|posted) (?:it )?(?:upstream|to (?:the )?(?:upstream|mailing )?\S*list\b))/i,
    { class: 'sent', because: 'it says that it was sent' },
  ],
]

/** What the patch itself says that it is. */
function ofWords({ patch: { header, name } }: ClassFacts): Classed | null {
  const text = toText(header.text)
  const subject = header.subject ?? ''
  if (REVERT.test(subject) || REVERT_NAME.test(name) || REVERTS.test(text))
    return { class: 'revert', because: 'it says that it takes a commit back' }
  if (DEBUG_FIRST.test(subject) || (DEBUG.test(subject) && DEBUG.test(name)))
    return { class: 'debug', because: 'its subject says that it is for debugging' }
  return SENTENCES.find(([fits]) => fits.test(text))?.[1] ?? null
}

const QUEUED = /^queued\b/i

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
  const unproven = claims.find(({ form, at, holds }) => isTaken(form) && at === 'unknown' && holds === 'unknown')
  if (unproven) return { class: 'backport', because: `its ${unproven.field} says so, and nothing here bears it out` }
  const pending = of('pending')
  return pending ? { class: 'unsent', because: `its ${pending.field} says that it was not sent` } : null
}

const SECTION_CLASSES: readonly (readonly [RegExp, PatchClass])[] = [
  [/\bun-?upstreamable\b|\bnot for upstream\b|\bnever upstream/i, 'distro'],
  [DEBUG, 'debug'],
  [/\bfor upstream\b|\bupstreaming\b|\bto be upstreamed\b/i, 'unsent'],
  [
    /\bbranding\b|\b(?:distro|debian|ubuntu|fedora|suse|vendor)[- ](?:specific|only)\b|\bpackaging\b|\bbuild (?:fixes|tweaks|system)\b/i,
    'distro',
  ],
]

/** Of a series that was posted its mails and the lines above it in the queue's list tell. */
const POSTED = /\bposted\b|\bsubmitted\b|\bsent (?:to|upstream)\b|\bv\d+\b.*\bseries\b|\bseries\b.*\bv\d+\b/i
/** As git format-patch -v3 and people name what they send again. */
const VERSIONED = /[-._]v\d+\.(?:patch|diff)$|^v\d+-\d{4}-/
const POSTED_AGAIN = /^Subject:.*\[(?:RFC |RESEND )*PATCH v\d/im

function ofSection({ patch, sections }: ClassFacts): Classed | null {
  const { name, section, comment, header } = patch
  const because = `its section is "${section}"`
  const mapped = mappedClass(section, sections)
  if (mapped) return { class: mapped, because: `${because}, which ${CONFIG_NAME} says is ${mapped}` }
  const kind = SECTION_CLASSES.find(([fits]) => fits.test(section))?.[1]
  if (!kind) return null
  const isPosted = POSTED.test(comment ?? '') || POSTED_AGAIN.test(header.text) || VERSIONED.test(name)
  return kind === 'unsent' && isPosted
    ? { class: 'sent', because: `${because}, and it was posted` }
    : { class: kind, because }
}

/** Of several that fit, as of a section and a part of it, the longest name tells the most. */
function mappedClass(section: string, sections: Config['sections']): PatchClass | null {
  const fitting = [...sections].filter(([name]) => isInSection(section, name))
  const [best] = fitting.sort(([one], [other]) => other.length - one.length)
  return best?.[1].value ?? null
}

/** Files that packages have, and projects seldom: what changes nothing else is the package's own. */
const PACKAGING = /(?:^|\/)(?:debian|SPECS|packaging)\/|\.spec(?:\.in)?$/i
const ABOUT_PACKAGING = /\b(?:rpm|deb|debian|distro|distribution) packag(?:e|es|ing)\b/i
/** So many lines in files of its own, by nobody, are no change to upstream but a program beside it. */
const OWN_PROGRAM = { lines: 200, share: 0.95 }

/** What the files say, where nothing else does. */
function ofPaths({ patch }: ClassFacts): Classed | null {
  const paths = pathsOf(patch)
  if (paths.length > 0 && paths.every((path) => PACKAGING.test(path)))
    return { class: 'distro', because: 'it changes nothing but packaging' }
  if (ABOUT_PACKAGING.test(patch.header.text)) return { class: 'distro', because: 'it says that it is for a package' }
  const made = changesOf(patch).filter(({ operation }) => operation === 'create')
  const own = made.reduce((sum, { body }) => sum + (body.kind === 'text' ? linesIn(body.hunks) : 0), 0)
  const isOwn = own >= OWN_PROGRAM.lines && own >= OWN_PROGRAM.share * (patch.added + patch.removed)
  return isOwn && patch.header.author === null
    ? { class: 'distro', because: 'it brings a program of its own, and nobody is named' }
    : null
}

function linesIn(hunks: readonly Hunk[]): number {
  return hunks.reduce((sum, { lines }) => sum + lines.length, 0)
}
