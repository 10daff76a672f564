/** The variables of a recipe, with the operators and overrides of BitBake (data.py, data_smart.py). */
import { type ByteString, toText } from '../../../model/bytes.ts'
import { CONTINUED } from './parse.ts'

/** A part of a value, and the line that it comes from. */
export interface Piece {
  text: ByteString
  file: ByteString
  line: number
}

/** `:append`, `:prepend`, `:remove`: done when all has been read, under the overrides. */
interface Change {
  kind: 'append' | 'prepend' | 'remove'
  overrides: ByteString[]
  pieces: Piece[]
}

interface Variable {
  pieces: Piece[] | null
  /** `??=`: holds where nothing else sets it. */
  weak: Piece[] | null
  /** `name:override = …`, in the order of their lines. */
  overridden: { overrides: ByteString[]; pieces: Piece[] }[]
  changes: Change[]
}

/** A word of a value; `override`: the override that would have to hold for it. */
export interface ValueWord {
  text: ByteString
  file: ByteString
  line: number
  override: ByteString | null
}

/** Values in values that are followed, and characters that are made of them. */
const MAX_DEPTH = 30
const MAX_MADE = 4 << 20

export class Variables {
  readonly #variables = new Map<ByteString, Variable>()
  readonly #holds: Set<ByteString>
  #made = 0
  /** Expressions that were met and not run, as they are written. */
  readonly expressions = new Map<ByteString, Piece>()

  constructor(holds: ReadonlySet<ByteString>) {
    this.#holds = new Set(holds)
  }

  /** From here on `next` holds where `held` did: values are made when they are used. */
  replaceOverride(held: ByteString, next: ByteString): void {
    this.#holds.delete(held)
    this.#holds.add(next)
  }

  /** One assignment, as its line has it. */
  set(written: ByteString, operator: ByteString, piece: Piece): void {
    const { name, kind, overrides } = nameOf(written)
    const variable = this.#variable(name)
    const pieces = operator === ':=' ? [{ ...piece, text: this.expand(piece.text) }] : [piece]
    const spaced = operator === '+=' ? [{ ...piece, text: ' ' }, ...pieces] : pieces
    if (kind !== null) variable.changes.push({ kind, overrides, pieces: spaced })
    else if (overrides.length > 0) this.#setOverridden(variable, overrides, operator, pieces)
    else variable.pieces = combined(variable, operator, pieces)
  }

  setText(name: ByteString, text: ByteString): void {
    this.#variable(name).pieces = [{ text, file: '', line: 0 }]
  }

  /** The value, expanded; null where nothing sets it. */
  text(name: ByteString): ByteString | null {
    const pieces = this.#value(name)
    return pieces === null ? null : this.expand(pieces.map(({ text }) => text).join('')).replaceAll(CONTINUED, '')
  }

  /** Its words with their lines: those that hold, and behind them what overrides would add. */
  words(name: ByteString): ValueWord[] {
    const removed = this.#changes(name, 'remove').flatMap(({ pieces }) => this.#wordsOf(pieces, null))
    const isRemoved = new Set(removed.map(({ text }) => text))
    const held = this.#wordsOf(this.#value(name) ?? [], null).filter(({ text }) => !isRemoved.has(text))
    const variable = this.#variable(name)
    const others = [...variable.overridden, ...variable.changes.filter(({ kind }) => kind !== 'remove')]
    const added = others.flatMap(({ overrides, pieces }) => {
      const missing = overrides.find((one) => !this.#holds.has(one))
      return missing === undefined ? [] : this.#wordsOf(pieces, missing)
    })
    return [...held, ...added]
  }

  /** `${name}` in a text; what is not set stays as it is written, and python is not run. */
  expand(text: ByteString, depth = 0): ByteString {
    if (depth > MAX_DEPTH || !text.includes('${')) return text
    let out = ''
    for (let at = 0; at < text.length; ) {
      const open = text.indexOf('${', at)
      if (open < 0) return out + text.slice(at)
      out += text.slice(at, open)
      const close = text[open + 2] === '@' ? pythonEnd(text, open) : text.indexOf('}', open)
      if (close < 0) return out + text.slice(open)
      const name = text.slice(open + 2, close)
      if (name.startsWith('@')) this.#note(text.slice(open, close + 1))
      else out += this.#valueOf(name, depth)
      at = close + 1
      if (out.length > MAX_MADE) return ''
    }
    return out
  }

  #valueOf(name: ByteString, depth: number): ByteString {
    const pieces = /^[\w.:+-]+$/.test(name) ? this.#value(name) : null
    if (pieces === null) return `\${${name}}`
    const value = pieces.map(({ text }) => text).join('')
    this.#made += value.length
    return this.#made > MAX_MADE ? '' : this.expand(value, depth + 1)
  }

  #note(expression: ByteString): void {
    this.expressions.set(expression.replaceAll(CONTINUED, ' '), { text: expression, file: '', line: 0 })
  }

  #variable(name: ByteString): Variable {
    const known = this.#variables.get(name) ?? { pieces: null, weak: null, overridden: [], changes: [] }
    this.#variables.set(name, known)
    return known
  }

  #setOverridden(variable: Variable, overrides: ByteString[], operator: ByteString, pieces: Piece[]): void {
    const known = variable.overridden.find((one) => one.overrides.join(':') === overrides.join(':'))
    const value = combined({ pieces: known?.pieces ?? null, weak: null }, operator, pieces)
    if (known) known.pieces = value ?? []
    else variable.overridden.push({ overrides, pieces: value ?? pieces })
  }

  #changes(name: ByteString, kind: Change['kind']): Change[] {
    const { changes } = this.#variable(name)
    return changes.filter((one) => one.kind === kind && one.overrides.every((override) => this.#holds.has(override)))
  }

  /** What holds before `:remove`. */
  #value(name: ByteString): Piece[] | null {
    const variable = this.#variables.get(name)
    if (!variable) return null
    const holding = variable.overridden.findLast(({ overrides }) => overrides.every((one) => this.#holds.has(one)))
    const own = holding?.pieces ?? variable.pieces ?? variable.weak
    const [front, back] = [this.#changes(name, 'prepend'), this.#changes(name, 'append')]
    if (own === null && front.length + back.length === 0) return null
    return [
      ...front.toReversed().flatMap(({ pieces }) => pieces),
      ...(own ?? []),
      ...back.flatMap(({ pieces }) => pieces),
    ]
  }

  /** Words go on from one piece into the next where no blank stands between. */
  #wordsOf(pieces: readonly Piece[], override: ByteString | null): ValueWord[] {
    const words: ValueWord[] = []
    let isOpen = false
    for (const { text, file, line } of pieces) {
      let at = line
      for (const part of this.expand(text).split(/([ \t\n\x01]+)/)) {
        if (/^[ \t\n\x01]/.test(part)) {
          at += part.split(CONTINUED).length - 1
          // The end of a line that goes on is no blank.
          isOpen &&= !/[ \t\n]/.test(part)
        } else if (part !== '') {
          const last = words.at(-1)
          if (isOpen && last) last.text += part
          else words.push({ text: part, file, line: at, override })
          isOpen = true
        }
      }
    }
    return words
  }
}

/** What the operators make of a value that may not be set yet. */
function combined(before: Pick<Variable, 'pieces' | 'weak'>, operator: ByteString, pieces: Piece[]): Piece[] | null {
  const old = before.pieces ?? []
  const blank = pieces.slice(0, 1).map((piece) => ({ ...piece, text: ' ' }))
  if (operator === '?=') return before.pieces ?? pieces
  if (operator === '??=') {
    before.weak = pieces
    return before.pieces
  }
  if (operator === '+=') return [...old, ...blank, ...pieces]
  if (operator === '=+') return [...pieces, ...blank, ...old]
  if (operator === '.=') return [...old, ...pieces]
  return operator === '=.' ? [...pieces, ...old] : pieces
}

const KEYWORDS = new Set(['append', 'prepend', 'remove'])

/** `SRC_URI:append:class-target`, and as it was written before 2021, `SRC_URI_append_class-target`. */
function nameOf(written: ByteString): { name: ByteString; kind: Change['kind'] | null; overrides: ByteString[] } {
  const [, old, keyword, behind] = /^(.+?)_(append|prepend|remove)(?:_(.+))?$/.exec(written) ?? []
  const [, listed, override] = /^(SRC_URI|SRCREV|PV|S)_([a-z0-9][\w-]*)$/.exec(old ?? written) ?? []
  const parts = (listed === undefined ? (old ?? written) : `${listed}:${override}`).split(':')
  const tokens = [
    ...parts.slice(1),
    ...(keyword === undefined ? [] : [keyword, ...(behind === undefined ? [] : [behind])]),
  ]
  const kind = tokens.find((token) => KEYWORDS.has(token)) as Change['kind'] | undefined
  return { name: parts[0] ?? '', kind: kind ?? null, overrides: tokens.filter((token) => !KEYWORDS.has(token)) }
}

/** The brace that ends `${@…}`: braces and quotes of the expression count; -1 where there is none. */
function pythonEnd(text: ByteString, open: number): number {
  let depth = 0
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '{') depth++
    else if (text[at] === '}' && --depth === 0) return at
  }
  return -1
}

/** The file of an entry and its parameters: `file://a.patch;striplevel=0`. */
export function entryOf(word: ByteString): { scheme: ByteString; path: ByteString; parameters: Map<string, string> } {
  const [address = '', ...rest] = word.split(';')
  const [, scheme = '', path = ''] = /^([a-z0-9+]+):\/\/(.*)$/is.exec(address) ?? []
  const pairs = rest.map((part): [string, string] => {
    const [name = '', ...value] = part.split('=')
    return [name, toText(value.join('='))]
  })
  return { scheme, path, parameters: new Map(pairs) }
}
