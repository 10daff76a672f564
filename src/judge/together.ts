/** What the fates of a patch's changes say of each other. Pure. */
import { type ChangeFate, hunkOf, losesNothing, type PatchChange } from '../model/fate.ts'
import type { Hunk } from '../model/patch.ts'
import { saysSomething } from '../patch/lines.ts'
import type { ChangeAnswers } from './answers.ts'

/** A change of a patch, its fate by itself, and what the history says of it. */
export interface Told {
  change: PatchChange
  fate: ChangeFate
  answers: ChangeAnswers
}

/**
 * The fates of a patch's changes, in their order. What it changes in files that are not in git, and
 * were made for the tarball, is made anew there once all the rest has landed.
 */
export function settleTogether(each: readonly Told[]): ChangeFate[] {
  const told = withoutIncludes(withOwnPlaces(each))
  const inside = told.flatMap(({ fate, answers }) => (answers.isOutside ? [] : [fate]))
  if (inside.length === 0 || !inside.every(losesNothing)) return told.map(({ fate }) => fate)
  return told.map(({ fate, answers }) => (answers.isOutside ? { ...fate, fate: 'needless' } : fate))
}

/** One line of the target stands for one hunk: another that has its place there is not known. */
function withOwnPlaces(told: readonly Told[]): Told[] {
  const taken = new Set<string>()
  return told.map((one) => {
    const place = placeTaken(one)
    if (place === null || !taken.has(place)) {
      if (place !== null) taken.add(place)
      return one
    }
    return { ...one, fate: { ...one.fate, fate: 'not-known' } }
  })
}

/** Where what a hunk adds stands; null where it adds nothing, or that does not stand. */
function placeTaken({ change, fate: { fate, at } }: Told): string | null {
  const stands = fate === 'landed' || fate === 'landed-elsewhere'
  const adds = hunkOf(change)?.lines.some(({ kind, text }) => kind === 'add' && saysSomething(text))
  return stands && at !== null && adds ? `${at.line} ${at.path}` : null
}

/**
 * An include is for the code of its file: where all of that landed as a commit that the patch names
 * and that did without the include, so does the target.
 */
function withoutIncludes(told: readonly Told[]): Told[] {
  return told.map((one) => {
    if (losesNothing(one.fate) || !addsIncludes(hunkOf(one.change)) || one.answers.traced.length > 0) return one
    const code = told.filter(({ change }) => change.file === one.change.file && !addsIncludes(hunkOf(change)))
    const by = code[0]?.fate.by ?? null
    const isNamed = ({ fate, answers }: Told) =>
      fate.by === by && answers.traced.some((traced) => 'isNamed' in traced && traced.isNamed && traced.sha === by)
    if (by === null || !code.every((other) => losesNothing(other.fate) && isNamed(other))) return one
    return { ...one, fate: { ...one.fate, fate: 'needless', by } }
  })
}

function addsIncludes(hunk: Hunk | null): boolean {
  const changed = hunk?.lines.filter(({ kind, text }) => kind !== 'context' && text.trim() !== '') ?? []
  return changed.length > 0 && changed.every(({ kind, text }) => kind === 'add' && /^#\s*include\b/.test(text))
}
