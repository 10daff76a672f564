/** Policy gates against what an audit says. Pure. */
import { type AuditedPatch, claimName } from '../model/audit.ts'
import type { Gate, GateOffence, GateRule, JudgedGate } from '../model/gate.ts'
import { isInSection } from '../model/section.ts'

/** What a gate asks of a patch. */
export interface GatedPatch
  extends Pick<AuditedPatch, 'position' | 'name' | 'listed' | 'section' | 'owner' | 'class' | 'claims'> {
  /** Days since it came into the queue; null where that is not known. */
  ageDays: number | null
  /** Whether the history begins with it: it may be older. */
  ageAtLeast: boolean
}

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
      return judgeAge(rule.days, facts)
    case 'no-debug-at-release':
      return judgeDebug(facts)
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

function judgeAge(days: number, { patches, isHistoryWhole }: GateFacts): Judged {
  const unowned = patches.filter(({ owner }) => owner === null)
  const offences = unowned.flatMap(({ position, name, listed, ageDays, ageAtLeast }): GateOffence[] => {
    const since = ageDays === null ? null : `${ageAtLeast ? 'at least ' : ''}${count(ageDays, 'day')} old`
    if (ageDays !== null && ageDays > days)
      return [{ position, name, listed, because: `is ${since}, without an owner` }]
    // What is not known must not pass for young.
    const isOpen = ageDays === null || (ageAtLeast && !isHistoryWhole)
    return isOpen
      ? [{ position, name, listed, because: `is ${since ?? 'of an age that is not known'}, without an owner` }]
      : []
  })
  const limit = count(days, 'day')
  if (offences.length === 0) return { pass: true, because: `none is older than ${limit} without an owner`, offences }
  const told = offences.filter(({ position }) => {
    const age = patches.find((one) => one.position === position)?.ageDays ?? null
    return age !== null && age > days
  })
  const open = offences.length - told.length
  const parts = [
    ...(told.length > 0 ? [`${count(told.length, 'patch', 'patches')} older than ${limit} without an owner`] : []),
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
