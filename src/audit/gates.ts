/** Policy gates against what an audit says. Pure. */
import { type AuditedPatch, claimName } from '../model/audit.ts'
import type { Gate, GateOffence, GateRule, JudgedGate } from '../model/gate.ts'
import { isInSection } from '../model/section.ts'
import type { SecurityAudit } from '../model/security.ts'

/** What a gate asks of a patch. */
export type GatedPatch = Pick<
  AuditedPatch,
  'position' | 'name' | 'listed' | 'section' | 'owner' | 'class' | 'claims' | 'age'
>

/** What gates are held against. */
export interface GateFacts {
  patches: readonly GatedPatch[]
  /** The target, as it was named. */
  target: string
  isRelease: boolean
  /** The patches of the queue at a revision that a gate names: their names and sections. */
  past: ReadonlyMap<string, readonly Pick<GatedPatch, 'name' | 'section'>[]>
  /** Whether the queue's history is whole: only then a patch that came with its begin is no older. */
  isHistoryWhole: boolean
  /** Null where it was not asked about: no gate needs it. */
  security: Pick<SecurityAudit, 'missing' | 'undone'> | null
}

/** In the order in which they are written. */
export function judgeGates(gates: readonly Gate[], facts: GateFacts): JudgedGate[] {
  return gates.map((gate) => {
    const isAsked = gate.rule.kind !== 'no-debug-at-release' || facts.isRelease
    if (isAsked) return { gate, isAsked, ...judge(gate.rule, facts) }
    const because = `not asked: ${facts.target} is no tag of a release`
    return { gate, isAsked, pass: true, because, offences: [] }
  })
}

type Judged = Omit<JudgedGate, 'gate' | 'isAsked'>

function judge(rule: GateRule, facts: GateFacts): Judged {
  switch (rule.kind) {
    case 'no-growth':
      return judgeGrowth(rule, facts)
    case 'no-old-unowned':
      return judgeAge(rule, facts)
    case 'no-debug-at-release':
      return judgeDebug(facts)
    case 'no-fix-missing':
      return judgeFixes(facts)
    case 'no-claim':
      return judgeClaims(rule.what, facts)
  }
}

function judgeGrowth({ section, since }: GateRule & { kind: 'no-growth' }, { patches, past }: GateFacts): Judged {
  const then = (past.get(since) ?? []).filter((one) => isInSection(one.section, section))
  const now = patches.filter((one) => isInSection(one.section, section))
  const known = new Set(then.map(({ name }) => name))
  const change = now.length === then.length ? `as many as at ${since}` : `${then.length} at ${since}`
  const because = `"${section}" has ${count(now.length, 'patch', 'patches')}, ${change}`
  if (now.length <= then.length) return { pass: true, because, offences: [] }
  const came = now.filter(({ name }) => !known.has(name))
  const offences = came.map(({ position, name, listed }) => ({
    position,
    name,
    listed,
    because: `is not there at ${since}`,
  }))
  return { pass: false, because: `${because}${named(offences, ': new is ', ': new are ')}`, offences }
}

function judgeAge(
  { days: limit, age: limitInWords }: GateRule & { kind: 'no-old-unowned' },
  { patches, isHistoryWhole }: GateFacts,
): Judged {
  const offences = patches.flatMap(({ position, name, listed, owner, age }): GateOffence[] => {
    if (owner !== null) return []
    const offence = { position, name, listed }
    const told = age && `${age.isAtLeast ? 'at least ' : ''}${count(age.days, 'day')} old`
    if (age && age.days > limit) return [{ ...offence, because: `is ${told}, without an owner` }]
    // What is not known must not pass for young.
    const isOpen = age === null || (age.isAtLeast && !isHistoryWhole)
    return isOpen ? [{ ...offence, because: `is ${told ?? 'of an age that is not known'}, without an owner` }] : []
  })
  if (offences.length === 0)
    return { pass: true, because: `none is older than ${limitInWords} without an owner`, offences }
  const positions = new Set(offences.map(({ position }) => position))
  const old = patches.filter(({ position, age }) => positions.has(position) && age !== null && age.days > limit).length
  const open = offences.length - old
  const parts = [
    ...(old > 0 ? [`${count(old, 'patch', 'patches')} older than ${limitInWords} without an owner`] : []),
    ...(open > 0 ? [`${count(open, 'patch', 'patches')} without an owner whose age is not known`] : []),
  ]
  return { pass: false, because: `${parts.join(', ')}${named(offences, ': ', ': ')}`, offences }
}

function judgeDebug({ patches, target }: GateFacts): Judged {
  const offences = patches.flatMap(({ position, name, listed, class: kind }): GateOffence[] => {
    return kind === 'debug' ? [{ position, name, listed, because: 'is for debugging' }] : []
  })
  const because = `${count(offences.length, 'debug patch', 'debug patches')} at ${target}`
  return { pass: offences.length === 0, because: `${because}${named(offences, ': ', ': ')}`, offences }
}

/** What is not known to be harmless counts. */
function judgeFixes({ patches, security }: GateFacts): Judged {
  if (security === null) throw new Error('a gate asks for fixes that nobody looked for')
  const missing = security.missing.filter(({ affects }) => affects !== false).map(({ id }) => id)
  const offences = patches.flatMap(({ position, name, listed }) => {
    const undone = security.undone.filter((fix) => fix.patches.includes(name))
    return undone.map(({ id }): GateOffence => ({ position, name, listed, because: `takes the fix of ${id} back` }))
  })
  const told = missing.slice(0, MOST_NAMED).join(', ')
  const more = missing.length > MOST_NAMED ? `, and ${missing.length - MOST_NAMED} more` : ''
  const parts = [
    ...(missing.length > 0 ? [`${count(missing.length, 'fix is', 'fixes are')} missing: ${told}${more}`] : []),
    ...offences.map(({ name, because }) => `${name} ${because}`),
  ]
  return parts.length === 0
    ? { pass: true, because: 'no fix was found missing or taken back', offences }
    : { pass: false, because: parts.join('; '), offences }
}

function judgeClaims(what: (GateRule & { kind: 'no-claim' })['what'], { patches }: GateFacts): Judged {
  const offences = patches.flatMap(({ position, name, listed, claims }) => {
    return claims.flatMap((claim): GateOffence[] => {
      const kind = claim.holds === 'false' ? 'false' : isUnexplained(claim) ? 'unexplained' : null
      if (kind === null || !what.includes(kind)) return []
      return [{ position, name, listed, because: `says ${claimName(claim)}: ${kind}, ${claim.because}` }]
    })
  })
  const kinds = what.join(' or ')
  if (offences.length === 0) return { pass: true, because: `no claim is ${kinds}`, offences }
  const told = offences.slice(0, MOST_NAMED).map(({ name, because }) => `${name} ${because}`)
  const more = offences.length > MOST_NAMED ? `; and ${offences.length - MOST_NAMED} more` : ''
  return { pass: false, because: `${count(offences.length, `${kinds} claim`)}: ${told.join('; ')}${more}`, offences }
}

/** That a patch was not sent needs no proof; that upstream has it does. */
function isUnexplained({ form, holds }: GatedPatch['claims'][number]): boolean {
  return holds === 'unknown' && (form === 'backport' || form === 'applied')
}

const MOST_NAMED = 5

/** `one`, `many`: what stands in front of one name, and of several. */
function named(offences: readonly GateOffence[], one: string, many: string): string {
  const names = [...new Set(offences.map(({ name }) => name))]
  if (names.length === 0) return ''
  const more = names.length > MOST_NAMED ? `, and ${names.length - MOST_NAMED} more` : ''
  return `${names.length === 1 ? one : many}${names.slice(0, MOST_NAMED).join(', ')}${more}`
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}
