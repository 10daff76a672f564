/** What speaks against a merge that raised no contradiction. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import type { Hazard } from '../../model/suggestion.ts'
import type { Edit } from './edits.ts'
import { numbersTaken } from './numbers.ts'
import { linesGone, partsIn, tokensIn } from './remembered.ts'
import { isBlank, squeezed, tokensOf } from './tokens.ts'
import { type WordChanges, wordChanges } from './word-changes.ts'

/** So often a change of a word is a rule of the file, not one line's. */
const THROUGHOUT = 3

/** A file as each side has it, line by line, and what the patch does to it. */
export interface MergeFacts {
  base: readonly ByteString[]
  ours: readonly ByteString[]
  theirs: readonly ByteString[]
  merged: readonly ByteString[]
  /** What the patch does to the base, and what upstream did. */
  edits: readonly Edit[]
  ourEdits: readonly Edit[]
  /** Whether the target's tree no longer has a word anywhere. */
  isGone: (word: ByteString) => boolean
}

export function hazardsOf(facts: MergeFacts): Hazard[] {
  const added = addedBy(facts.edits, facts.base)
  const ours = wordChanges(facts.base, facts.ours)
  const theirs = wordChanges(facts.base, facts.theirs)
  const found: [Hazard, boolean][] = [
    ['abolished', addsAbolished(facts)],
    ['new-word', lacksNewWord(added, ours)],
    ['same-number', numbersTaken(added, addedBy(facts.ourEdits, facts.base))],
    ['replaced-throughout', upstreamAddsReplaced(facts, theirs)],
    ['old-word', addsOldWord(added, ours)],
    ['open-block', opensBlock(facts)],
    ['label', lacksLabel(facts, added)],
  ]
  return found.flatMap(([hazard, isThere]) => (isThere ? [hazard] : []))
}

/** Lines that edits add and that the base has nowhere. */
function addedBy(edits: readonly Edit[], base: readonly ByteString[]): ByteString[] {
  const known = new Set(base)
  return edits.flatMap(({ lines }) => lines.filter((line) => !known.has(line)))
}

const IDENTIFIER = /^[A-Za-z_]\w{2,}$/

/** A line, or three words in a row, that upstream took out of the file, or a name out of the tree. */
function addsAbolished({ base, ours, edits, isGone }: MergeFacts): boolean {
  const added = edits.flatMap(({ from, to, lines }) => {
    const replaced = new Set(base.slice(from, to))
    return lines.filter((line) => !replaced.has(line))
  })
  const gone = linesGone(base, ours)
  const isAbolished = (text: ByteString, textsIn: (lines: readonly ByteString[]) => ReadonlySet<ByteString>) => {
    return textsIn(gone).has(text) && !textsIn(ours).has(text)
  }
  if (added.some((line) => triplesOf(line).length > 0 && isAbolished(squeezed(line), squeezedIn))) return true
  const names = new Set(added.flatMap(tokensOf).filter((token) => IDENTIFIER.test(token)))
  if ([...names].some((name) => isAbolished(name, tokensIn) && isGone(name))) return true
  return added.flatMap(triplesOf).some((triple) => isAbolished(triple, triplesIn))
}

const squeezedIn = partsIn((line) => [squeezed(line)])
const triplesIn = partsIn(triplesOf)

/** Three words or signs in a row, two of them names. */
function triplesOf(line: ByteString): ByteString[] {
  const words = tokensOf(line).filter((token) => !isBlank(token))
  const isName = words.map((word) => IDENTIFIER.test(word))
  const triples: ByteString[] = []
  for (let at = 0; at + 3 <= words.length; at++)
    if (isName.slice(at, at + 3).filter(Boolean).length >= 2) triples.push(words.slice(at, at + 3).join(' '))
  return triples
}

const DECLARATION = /^[A-Za-z_][\w\s*]*\(/

/** Upstream gave its declarations a word that those of the patch lack. */
function lacksNewWord(added: readonly ByteString[], { inserted }: WordChanges): boolean {
  const declarations = added.filter((line) => DECLARATION.test(line))
  return [...inserted].some(([word, lines]) => {
    const declared = lines.filter((line) => DECLARATION.test(line))
    return declared.length >= THROUGHOUT && declarations.some((line) => !tokensOf(line).includes(word))
  })
}

/** The patch replaces or takes away a word throughout, and upstream added more of it. */
function upstreamAddsReplaced({ base, ours }: MergeFacts, { removed }: WordChanges): boolean {
  const count = (lines: readonly ByteString[], word: ByteString) =>
    lines.reduce((sum, line) => sum + tokensOf(line).filter((token) => token === word).length, 0)
  return [...removed].some(([word, times]) => times >= THROUGHOUT && count(ours, word) > count(base, word))
}

function addsOldWord(added: readonly ByteString[], { removed }: WordChanges): boolean {
  const words = new Set(added.flatMap(tokensOf))
  return [...removed].some(([word, times]) => times >= THROUGHOUT && words.has(word))
}

const OPEN = /^\s*(?:\}?\s*else\s*)?(?:if\s*\(.*\)|else)\s*$/

/** An `if` or `else` without a block of its own that now stands before what upstream changed. */
function opensBlock({ base, edits, ourEdits }: MergeFacts): boolean {
  return edits.some(({ to, lines }) => {
    const last = lines.at(-1)
    const isChanged = ourEdits.some((edit) => edit.from <= to && edit.to >= to)
    return last !== undefined && OPEN.test(last) && !/^\s*\{/.test(base[to] ?? '') && isChanged
  })
}

/** A jump to a label that the file does not have, or a value out of a function that returns none. */
function lacksLabel({ merged }: MergeFacts, added: readonly ByteString[]): boolean {
  const labels = new Set(merged.flatMap((line) => /^\s*([A-Za-z_]\w*)\s*:(?!:)/.exec(line)?.[1] ?? []))
  const jumps = added.flatMap((line) => /\bgoto\s+([A-Za-z_]\w*)\s*;/.exec(line)?.[1] ?? [])
  if (jumps.some((label) => !labels.has(label))) return true
  const returning = new Set(added.filter((line) => /^\s+return\s+[^;]/.test(line)))
  let isVoid = false
  return merged.some((line) => {
    if (DECLARATION.test(line) && !line.trimEnd().endsWith(';')) isVoid = /^(?:\w+\s+)*void\s+\w/.test(line)
    return isVoid && returning.has(line)
  })
}
