/** What a condition comes to where a script is read and not run. */
import type { ByteString } from '../../../model/bytes.ts'
import { fits, piecesOf } from './pattern.ts'
import { type Field, isUnknown, type Scope } from './scope.ts'

/**
 * What cannot be told, as it is written. `taken`: what is taken for it all the same (a flag that is
 * off by default), null where neither side is.
 */
export interface Doubt {
  text: ByteString
  taken: boolean | null
}

export type Truth = boolean | Doubt

export function isDoubt(truth: Truth): truth is Doubt {
  return typeof truth !== 'boolean'
}

export function not(truth: Truth): Truth {
  if (!isDoubt(truth)) return !truth
  return { text: negated(truth.text), taken: truth.taken === null ? null : !truth.taken }
}

/** A condition the other way round, as it is shown. */
export function negated(condition: ByteString): ByteString {
  return condition.startsWith('! ') ? condition.slice(2) : `! ${condition}`
}

/** How a test is answered: the texts of its words, and the same words as patterns. */
export interface Test {
  words: Field[]
  patterns: ByteString[]
  scope: Scope
  /** Whether a file is there; null where that is not known. */
  exists: (path: ByteString) => boolean | null
}

/** `test …`, `[ … ]`, `[[ … ]]`, without their brackets. */
export function testTruth(test: Test): Truth {
  const { words } = test
  const doubt = { text: test.scope.shown(words.map(({ text }) => text).join(' ')), taken: null }
  for (const [operator, ends] of [
    ['||', true],
    ['&&', false],
  ] as const) {
    const at = words.findIndex(({ text }) => text === operator || text === (operator === '||' ? '-o' : '-a'))
    if (at <= 0) continue
    const first = testTruth(partOf(test, 0, at))
    const second = testTruth(partOf(test, at + 1, words.length))
    if (first === ends || second === ends) return ends
    return isDoubt(first) || isDoubt(second) ? doubt : !ends
  }
  if (words[0]?.text === '!') return not(testTruth(partOf(test, 1, words.length)))
  return simpleTruth(test) ?? doubt
}

function partOf(test: Test, from: number, to: number): Test {
  return { ...test, words: test.words.slice(from, to), patterns: test.patterns.slice(from, to) }
}

/** Null where only a shell can tell. */
function simpleTruth({ words, patterns, scope, exists }: Test): boolean | null {
  const [first = '', second, third] = words.map(({ text }) => text)
  if (words.some(({ text }) => isUnknown(text))) return null
  if (words.length === 1) return first !== ''
  if (words.length === 2 && second !== undefined) {
    if (first === '-n') return second !== ''
    if (first === '-z') return second === ''
    return /^-[defrs]$/.test(first) ? exists(second) : null
  }
  if (words.length !== 3 || third === undefined) return null
  const spend = (steps: number) => scope.spend(steps)
  const matches = () => fits(piecesOf(patterns[2] ?? ''), first, spend)
  if (second === '=' || second === '==') return matches()
  if (second === '!=') return !matches()
  if (second === '=~') {
    const pattern = globOf(third)
    return pattern === null ? null : fits(piecesOf(pattern), first, spend)
  }
  if (second === undefined || !/^\d{1,9}$/.test(first) || !/^\d{1,9}$/.test(third)) return null
  return COMPARE[second]?.(Number(first), Number(third)) ?? null
}

const COMPARE: Readonly<Record<string, (one: number, other: number) => boolean>> = {
  '-eq': (one, other) => one === other,
  '-ne': (one, other) => one !== other,
  '-lt': (one, other) => one < other,
  '-le': (one, other) => one <= other,
  '-gt': (one, other) => one > other,
  '-ge': (one, other) => one >= other,
}

/** A simple regular expression as a pattern: plain text, `.`, `.*`, `\.` and anchors. */
function globOf(expression: ByteString): ByteString | null {
  const [, start, body, end] = /^(\^?)((?:[\w/-]|\\\.|\.\*?)*)(\$?)$/.exec(expression) ?? []
  if (body === undefined) return null
  const pattern = body.replace(/\\\.|\.\*|\./g, (one) => ({ '\\.': '.', '.*': '*' })[one] ?? '?')
  return `${start === '' ? '*' : ''}${pattern}${end === '' ? '*' : ''}`
}
