/**
 * From what was seen in the target to the fate of every change of a patch. The rule of what may be
 * dropped is here. Pure.
 */
import { type ChangeFate, changesIn, losesNothing, type PatchChange } from '../model/fate.ts'
import { changesOf, type FileChange, type Hunk, type Patch } from '../model/patch.ts'
import type { HeldFile, HeldHunk } from '../patch/hold/held.ts'
import type { Trace } from '../patch/hold/traced.ts'
import { saysSomething } from '../patch/lines.ts'
import type { ChangeAnswers, Traced, TracedHunk } from './answers.ts'
import { REPLACED, SURROUNDINGS_STAND } from './policy.ts'
import { settleTogether, type Told } from './together.ts'

/**
 * One fate per change of the patch, in its order. What it changes in files that are not in git, and
 * were made for the tarball, is made anew there once all the rest has landed.
 */
export function fatesOf(
  patch: Patch,
  heldFile: (file: FileChange) => HeldFile,
  answers: (change: PatchChange) => ChangeAnswers,
): ChangeFate[] {
  const made = new Set(changesOf(patch).flatMap(({ operation, newPath }) => (operation === 'create' ? [newPath] : [])))
  const each = changesIn(patch).map((change): Told => {
    const known = answers(change)
    const held = heldFile(change.file)
    // What the patch makes elsewhere of a file that it deletes is that file, renamed.
    const isRenamed = change.kind === 'delete' && held.sides.isMoved && made.has(held.sides.oldTarget)
    const sides = isRenamed ? { ...held.sides, oldTarget: null } : held.sides
    return { change, fate: fateOf(change, { ...held, sides }, known), answers: known }
  })
  return settleTogether(each)
}

function fateOf(change: PatchChange, held: HeldFile, answers: ChangeAnswers): ChangeFate {
  const { path, kind, hunk } = change
  const found = kind === 'hunk' ? fateOfHunk(hunk ?? 1, held, answers) : fateOfOther(change, held, answers)
  const empty = { by: null, changedBy: null, at: null, lines: 0, standing: 0 }
  return { path, kind, hunk, ...empty, ...found }
}

type Found = Pick<ChangeFate, 'fate'> & Partial<ChangeFate>

function fateOfHunk(number: number, held: HeldFile, answers: ChangeAnswers): Found {
  const { change, target } = held.sides
  const hunk = change.body.kind === 'text' ? change.body.hunks[number - 1] : undefined
  if (!hunk) throw new Error(`no hunk ${number}`)
  const lines = countChanged(hunk)
  if (held.kind === 'gone' || target === null) return { ...fateOfGone(answers, change), lines }
  const at = { path: target.path, line: Math.max(1, hunk.newStart) }
  if (held.kind === 'as-after') return { fate: 'landed', by: answers.broughtBy, at, lines, standing: lines }
  if (held.kind === 'as-before') return { fate: 'remains', at, lines }
  const one = held.hunks[number - 1]
  if (!one) throw new Error(`hunk ${number} was not held against the target`)
  const stands = one.standing
  const place = placeOf(one)
  const counted = {
    lines: stands?.lines ?? lines,
    standing: one.elsewhere === null ? (stands?.standing ?? 0) : (stands?.lines ?? lines),
    at: place === null ? null : { path: target.path, line: place + 1 },
  }
  return { ...counted, ...fateOfHeld(hunk, one, answers) }
}

function placeOf({ standing, elsewhere }: HeldHunk): number | null {
  return elsewhere ?? standing?.at ?? standing?.from ?? null
}

function countChanged({ lines }: Hunk): number {
  return lines.filter(({ kind, text }) => kind !== 'context' && saysSomething(text)).length
}

function fateOfHeld(hunk: Hunk, held: HeldHunk, answers: ChangeAnswers): Found {
  const { standing } = held
  if (held.isInBase) return { fate: 'in-the-base-already' }
  if (held.landsAnew) return takenBack(answers)
  if (standing?.state === 'whole') {
    const addsNothing = hunk.lines.every(({ kind }) => kind !== 'add')
    const remover = answers.traced.find((one) => one.kind === 'through' && one.isNamed && isWhole(one))
    if (addsNothing && answers.mayLiveOn && !remover) return { fate: 'not-known', by: answers.broughtBy }
    return { fate: 'landed', by: remover?.sha ?? answers.broughtBy }
  }
  // Where its own place can't be told, all of its context around it is as good.
  if (held.elsewhere !== null)
    return { fate: held.place === null ? 'landed' : 'landed-elsewhere', by: answers.broughtBy }
  if (standing?.state === 'before' || held.hasBefore) return takenBack(answers)
  const isTold = (one: Traced) => one.kind !== 'bytes' && (one.isNamed || one.isIdentical)
  if (standing?.state === 'shifted' && answers.traced.some((one) => one.sha === answers.broughtBy && isTold(one)))
    return { fate: 'landed', by: answers.broughtBy }
  // What the patch takes out stands beside what it adds, or its result is under a condition.
  const isHalf = ({ trace }: TracedHunk) =>
    standing?.state === 'switched-off' || (standing !== null && standing.kept > 0 && !takesOut(trace))
  const traced = answers.traced.flatMap((one) => {
    if (one.kind !== 'through' || (one.where === 'elsewhere' && !isTold(one))) return []
    const found = fateThrough(one)
    return [found.fate === 'landed' && isHalf(one) ? { ...found, fate: 'not-known' as const } : found]
  })
  const lossless = traced.find(({ fate }) => fate === 'landed' || fate === 'rewritten-since')
  if (lossless) return lossless
  if (standing?.state === 'shifted') return { fate: 'not-known', by: answers.broughtBy }
  return traced.find(({ fate }) => fate === 'not-known') ?? traced[0] ?? { fate: 'remains' }
}

/** The text from before it stands: who brought it, if anybody did, took it back. */
function takenBack({ traced }: ChangeAnswers): Found {
  const [landed] = traced.flatMap((one) => (one.kind === 'through' && one.trace.missing === 0 ? [one] : []))
  // What the queue itself undoes again is lost to nobody.
  const fate = landed?.carriedOn === 'queue' ? 'rewritten-since' : 'remains'
  return { fate, by: landed?.sha ?? null, changedBy: landed?.changedBy ?? null }
}

/**
 * A hunk whose change a tied commit made in its own way: does that stand, or who changed it later?
 */
function fateThrough(traced: Extract<Traced, { kind: 'through' }>): Found {
  const { sha, trace, where, changedBy, carriedOn } = traced
  if (!isMade(traced)) return { fate: 'not-known', by: sha }
  const others = trace.stands.filter((one) => one?.state !== 'whole')
  if (others.length === 0) return { fate: where === 'here' ? 'landed' : 'landed-elsewhere', by: sha }
  const isBack = others.some((one) => one?.state === 'before' || one?.state === 'switched-off')
  const placeStands = others.some((one) => one !== null && one.surroundings >= SURROUNDINGS_STAND)
  const isReplaced = carriedOn !== null || trace.replaced >= REPLACED
  const isKept = carriedOn === 'queue' || (!isBack && (!placeStands || isReplaced))
  return { fate: changedBy !== null && isKept ? 'rewritten-since' : 'remains', by: sha, changedBy }
}

/**
 * Whether a commit did what the hunk does. Where the place was the same before, nothing excuses a
 * line less, or one that means something else. Where it was another, a backport may have needed
 * lines of its own, and other ones: the patch must name the commit.
 */
function isMade({ isNamed, isIdentical, trace }: TracedHunk): boolean {
  const { lines, missing, valued, differing, reworded, isSamePlace } = trace
  if (missing + valued + differing === 0) return reworded === 0 || isNamed || isIdentical || !isSamePlace
  if (missing + valued + differing >= lines) return false
  const isReworked = isNamed && (!isSamePlace || missing + valued === 0)
  return isReworked || (isIdentical && valued + differing === 0)
}

/**
 * Whether a commit takes out all that the hunk takes out, and none of that is where it did: like
 * lines that stand at the hunk's place are others.
 */
function takesOut({ left, stands }: Trace): boolean {
  return left === 0 && stands.every((one) => one?.kept === 0)
}

/** Whether a commit did at the hunk's own place what the hunk does, and all of that stands. */
function isWhole({ where, trace, ...traced }: Extract<Traced, { kind: 'through' }>): boolean {
  return where === 'here' && isMade({ trace, ...traced }) && trace.stands.every((one) => one?.state === 'whole')
}

/**
 * The file is gone: what landed in it went with it, or was for nothing. One that the patch itself
 * makes would be there again if it landed: it was taken back.
 */
function fateOfGone({ traced, deletedBy }: ChangeAnswers, { operation }: FileChange): Found {
  const through = traced.flatMap((one) => (one.kind === 'through' ? [fateThrough(one)] : []))
  const lossless = through.find(({ fate }) => fate !== 'remains' && fate !== 'not-known')
  if (lossless) return lossless
  const landed = traced.find((one) => one.kind === 'gone' && isMade(one))
  if (landed && landed.changedBy !== null)
    return {
      fate: operation === 'create' ? 'remains' : 'rewritten-since',
      by: landed.sha,
      changedBy: landed.changedBy,
    }
  return { fate: 'remains', changedBy: deletedBy }
}

/** What is no hunk: a mode, a rename, a deletion, a binary's bytes. */
function fateOfOther({ kind, file }: PatchChange, held: HeldFile, answers: ChangeAnswers): Found {
  const { before, after, base, target, oldTarget } = held.sides
  const landed = (): Found => ({ fate: 'landed', by: answers.broughtBy })
  const remains: Found = { fate: 'remains' }
  switch (kind) {
    case 'delete':
      if (oldTarget !== null) return remains
      return base === null && before === null ? { fate: 'in-the-base-already' } : landed()
    case 'rename':
      // What was under the old name may be under the new one: then upstream renamed it, too.
      if (target !== null && target.path !== file.oldPath && (oldTarget === null || oldTarget === target.path))
        return target.path === file.newPath ? landed() : { fate: 'not-known' }
      return target === null && oldTarget === null ? fateOfGone(answers, file) : remains
    case 'copy':
    case 'create':
      return target === null ? remains : base === null ? landed() : { fate: 'in-the-base-already' }
    case 'mode':
      if (target === null) return fateOfGone(answers, file)
      if (target.entry.mode !== file.newMode) return remains
      return base?.mode === file.newMode && before?.entry.mode === file.newMode
        ? { fate: 'in-the-base-already' }
        : landed()
    default:
      return fateOfBytes({ isStub: file.body.kind === 'binary-stub', held, after: after?.blob ?? null }, answers)
  }
}

function fateOfBytes(
  { isStub, held, after }: { isStub: boolean; held: HeldFile; after: string | null },
  answers: ChangeAnswers,
): Found {
  const { base, before, target, change } = held.sides
  const former = before?.entry.blob ?? change.oldBlob
  // A loose patch is not rebuilt: what it starts from is back all the same.
  const isBack = held.kind === 'as-before' || (former !== null && target?.entry.blob.startsWith(former) === true)
  if (isStub || after === null) return { fate: isBack ? 'remains' : 'not-known' }
  if (target?.entry.blob === after)
    return base?.blob === after ? { fate: 'in-the-base-already' } : { fate: 'landed', by: answers.broughtBy }
  const [landed] = answers.traced.filter((one) => one.kind === 'bytes')
  if (landed && landed.changedBy !== null) {
    const fate = isBack ? 'remains' : 'rewritten-since'
    return { fate, by: landed.sha, changedBy: landed.changedBy }
  }
  return target === null ? fateOfGone(answers, held.sides.change) : { fate: 'remains' }
}

/** Whether nothing would be lost if a patch with these fates were dropped. */
export function mayGo(fates: readonly Pick<ChangeFate, 'fate'>[]): boolean {
  return fates.length > 0 && fates.every(losesNothing)
}
