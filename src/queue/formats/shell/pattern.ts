/** The shell's patterns (`*`, `?`, `[a-z]`), matched step by step: no text makes them slow. */
import type { ByteString } from '../../../model/bytes.ts'

/** A character that must be, a set of them, any one (`?`), or any number of any (`*`). */
type Piece = { kind: 'one'; text: string } | { kind: 'set'; has: (character: string) => boolean } | 'any' | 'many'

/** A pattern as it is written, a backslash in front of what is meant as it is. */
export function piecesOf(pattern: ByteString): Piece[] {
  const pieces: Piece[] = []
  for (let at = 0; at < pattern.length; at++) {
    const next = pattern[at] ?? ''
    const set = next === '[' ? /^\[([!^]?)(\]?(?:\\.|[^\]\\])*)\]/s.exec(pattern.slice(at, at + 256)) : null
    if (next === '\\') pieces.push({ kind: 'one', text: pattern[++at] ?? '\\' })
    else if (next === '*') pieces.push('many')
    else if (next === '?') pieces.push('any')
    else if (set) {
      pieces.push({ kind: 'set', has: setOf(set[2] ?? '', set[1] !== '') })
      at += set[0].length - 1
    } else pieces.push({ kind: 'one', text: next })
  }
  return pieces
}

function setOf(body: string, isNegated: boolean): (character: string) => boolean {
  const classes: Readonly<Record<string, RegExp>> = {
    ...{ digit: /\d/, alpha: /[A-Za-z]/, alnum: /[A-Za-z0-9]/, space: /\s/, upper: /[A-Z]/, lower: /[a-z]/ },
  }
  const named = [...body.matchAll(/\[:(\w+):\]/g)].flatMap(([, name = '']) => classes[name] ?? [])
  const rest = body.replace(/\[:\w+:\]/g, '').replace(/\\(.)/gs, '$1')
  const isIn = (character: string): boolean => {
    for (let at = 0; at < rest.length; at++) {
      const to = rest[at + 1] === '-' && at + 2 < rest.length ? (rest[at + 2] ?? '') : null
      if (to === null ? rest[at] === character : (rest[at] ?? '') <= character && character <= to) return true
      if (to !== null) at += 2
    }
    return named.some((one) => one.test(character))
  }
  return (character) => isIn(character) !== isNegated
}

/**
 * How many characters from the front the pattern can take, the fewest first. It walks over the text
 * once, with all places of the pattern where it may stand: text times pattern steps at most.
 */
export function* prefixesOf(pieces: readonly Piece[], text: string, spend: (steps: number) => void): Generator<number> {
  let places = closed(pieces, new Set([0]))
  for (let at = 0; ; at++) {
    if (places.has(pieces.length)) yield at
    if (at >= text.length || places.size === 0) return
    spend(places.size)
    const character = text[at] ?? ''
    const next = new Set<number>()
    for (const place of places) {
      const piece = pieces[place]
      if (piece === 'many') next.add(place)
      else if (piece !== undefined && takes(piece, character)) next.add(place + 1)
    }
    places = closed(pieces, next)
  }
}

/** Whether the whole text fits. */
export function fits(pieces: readonly Piece[], text: string, spend: (steps: number) => void): boolean {
  let longest = -1
  for (const length of prefixesOf(pieces, text, spend)) longest = length
  return longest === text.length
}

function takes(piece: Exclude<Piece, 'many'>, character: string): boolean {
  if (piece === 'any') return true
  return piece.kind === 'one' ? piece.text === character : piece.has(character)
}

/** A star may take nothing. */
function closed(pieces: readonly Piece[], places: Set<number>): Set<number> {
  for (const place of places) if (pieces[place] === 'many') places.add(place + 1)
  return places
}
