/** Takes shell text apart into words and operators, as the shell's own grammar has them (POSIX, bash). */
import type { ByteString } from '../../../model/bytes.ts'

/** A part of a word. Quoted text is not split, and its stars are stars. */
export type WordPart =
  | { kind: 'text'; text: ByteString; isQuoted: boolean }
  /** What stands between the braces of `${…}`. */
  | { kind: 'variable'; expression: ByteString; isQuoted: boolean }
  /** `$(…)`, backquotes, `$((…))`, `<(…)`: what only a shell can tell. */
  | { kind: 'command'; source: ByteString; isQuoted: boolean }

export interface Word {
  parts: WordPart[]
  line: number
}

export interface Token {
  /** Null: an operator, or the end of a line. */
  word: Word | null
  /** As it is written; "\n" is the end of a line. */
  text: ByteString
  line: number
  from: number
  /** Whether no blank stands in front of it: `name=(` begins a list, `name= (` does not. */
  isGlued: boolean
}

/** The text is no shell text: a quote or a bracket has no end, or it is too much to follow. */
export class ShellTextError extends Error {
  readonly line: number
  constructor(line: number, message: string) {
    super(message)
    this.line = line
  }
}

const OPERATORS = [
  ...['<<<', '<<-', '&>>', ';;&', '&&', '||', ';;', ';&', '<<', '>>', '<&', '>&', '&>', '<>', '>|'],
  ...['(', ')', '|', '&', ';', '<', '>'],
]
/** Brackets in brackets that are followed. */
const MAX_DEPTH = 100

/** @throws ShellTextError where a quote or a bracket has no end. */
export function tokensOf(source: ByteString): Token[] {
  return new Lexer(source).tokens()
}

/** The word that a text is where it stands in double quotes, as the operand of `${name:-…}` does. */
export function wordOf(text: ByteString, line: number): Word {
  return new Lexer(text, line).wholeWord()
}

class Lexer {
  readonly #source: ByteString
  #at = 0
  #line: number
  /** Here-documents whose bodies begin behind the line. */
  #pending: { end: ByteString; isIndented: boolean }[] = []

  constructor(source: ByteString, line = 1) {
    this.#source = source
    this.#line = line
  }

  tokens(): Token[] {
    const tokens: Token[] = []
    let glued = 0
    for (;;) {
      this.#skipBlanks()
      if (this.#at >= this.#source.length) return tokens
      const [from, line] = [this.#at, this.#line]
      const isGlued = from === glued && from > 0
      const operator = this.#operator()
      const word = operator === null ? this.#word() : null
      const text = this.#source.slice(from, this.#at)
      tokens.push({ word, text: operator ?? text, line, from, isGlued })
      if (word !== null) this.#noteHereDocument(tokens, text)
      if (operator === '\n') this.#skipHereDocuments()
      glued = this.#at
    }
  }

  wholeWord(): Word {
    const parts: WordPart[] = []
    while (this.#at < this.#source.length) parts.push(...this.#part(false, ''))
    return { parts, line: this.#line }
  }

  #skipBlanks(): void {
    for (;;) {
      const rest = this.#source[this.#at]
      if (rest === ' ' || rest === '\t' || rest === '\r') this.#at++
      else if (rest === '\\' && this.#source[this.#at + 1] === '\n') this.#skip(2)
      else if (rest === '#') this.#at = lineEnd(this.#source, this.#at)
      else return
    }
  }

  #operator(): string | null {
    if (this.#source[this.#at] === '\n') {
      this.#skip(1)
      return '\n'
    }
    // `((…))` is arithmetic, and `<(…)` a word.
    if (/^(?:\(\(|[<>]\()/.test(this.#source.slice(this.#at, this.#at + 2))) return null
    const found = OPERATORS.find((operator) => this.#source.startsWith(operator, this.#at))
    if (found !== undefined) this.#at += found.length
    return found ?? null
  }

  #word(): Word {
    const line = this.#line
    const parts: WordPart[] = []
    if (/^(?:\(\(|[<>]\()/.test(this.#source.slice(this.#at, this.#at + 2)))
      parts.push({ kind: 'command', source: this.#bracketed('(', ')'), isQuoted: false })
    while (this.#at < this.#source.length && !/[\s;&|<>()]/.test(this.#source[this.#at] ?? ''))
      parts.push(...this.#part(false, ' \t\r\n;&|<>()'))
    return { parts, line }
  }

  /** One part; plain text goes on to any character of `ends`, to a quote or to a dollar. */
  #part(isQuoted: boolean, ends: string): WordPart[] {
    const first = this.#source[this.#at] ?? ''
    if (first === '\\') return this.#escaped(isQuoted)
    if (first === '$') return [this.#dollar(isQuoted)]
    if (first === '`') return [{ kind: 'command', source: this.#until('`'), isQuoted }]
    if (first === '"' && !isQuoted) return this.#quoted()
    if (first === "'" && !isQuoted) return [{ kind: 'text', text: this.#until("'").slice(1, -1), isQuoted: true }]
    const from = this.#at
    while (this.#at < this.#source.length) {
      const next = this.#source[this.#at] ?? ''
      if (next === '\\' || next === '$' || next === '`' || next === '"' || ends.includes(next)) break
      if (next === "'" && !isQuoted) break
      this.#skip(1)
    }
    // A quote inside of quotes is plain text.
    if (this.#at === from) this.#skip(1)
    return [{ kind: 'text', text: this.#source.slice(from, this.#at), isQuoted }]
  }

  #escaped(isQuoted: boolean): WordPart[] {
    const next = this.#source[this.#at + 1] ?? ''
    this.#skip(2)
    if (next === '\n') return []
    const isKept = isQuoted && !/[$`"\\]/.test(next)
    return [{ kind: 'text', text: isKept ? `\\${next}` : next, isQuoted: true }]
  }

  #quoted(): WordPart[] {
    const line = this.#line
    this.#at++
    const parts: WordPart[] = [{ kind: 'text', text: '', isQuoted: true }]
    while (this.#source[this.#at] !== '"') {
      if (this.#at >= this.#source.length) throw new ShellTextError(line, 'a quote has no end')
      parts.push(...this.#part(true, '"'))
    }
    this.#at++
    return parts
  }

  #dollar(isQuoted: boolean): WordPart {
    const rest = this.#source.slice(this.#at + 1, this.#at + 256)
    if (rest.startsWith('(')) {
      this.#at++
      return { kind: 'command', source: `$${this.#bracketed('(', ')')}`, isQuoted }
    }
    if (rest.startsWith('{')) {
      this.#at++
      return { kind: 'variable', expression: this.#bracketed('{', '}').slice(1, -1), isQuoted }
    }
    if (rest.startsWith("'") && !isQuoted) {
      this.#at++
      return { kind: 'text', text: this.#until("'").slice(1, -1), isQuoted: true }
    }
    const [name] = /^(?:[A-Za-z_]\w*|[0-9@*#?$!-])/.exec(rest) ?? []
    this.#at += 1 + (name?.length ?? 0)
    return name === undefined
      ? { kind: 'text', text: '$', isQuoted: true }
      : { kind: 'variable', expression: name, isQuoted }
  }

  /** What stands between brackets, with them; quotes inside hide brackets. */
  #bracketed(open: string, close: string): ByteString {
    const [from, line] = [this.#at, this.#line]
    let depth = 0
    while (this.#at < this.#source.length) {
      const next = this.#source[this.#at] ?? ''
      if (next === '\\') this.#skip(2)
      else if (next === "'" && open === '(') this.#until("'")
      else if (next === '"') this.#doubleQuoted()
      else {
        if (next === open && ++depth > MAX_DEPTH) throw new ShellTextError(line, 'too many brackets in brackets')
        if (next === close) depth--
        this.#skip(1)
        if (depth === 0) return this.#source.slice(from, this.#at)
      }
    }
    throw new ShellTextError(line, `"${open}" has no "${close}"`)
  }

  #doubleQuoted(): void {
    const line = this.#line
    this.#at++
    while (this.#source[this.#at] !== '"') {
      if (this.#at >= this.#source.length) throw new ShellTextError(line, 'a quote has no end')
      this.#skip(this.#source[this.#at] === '\\' ? 2 : 1)
    }
    this.#at++
  }

  /** From a quote to the next of its kind, with both. */
  #until(quote: string): ByteString {
    const [from, line] = [this.#at, this.#line]
    this.#skip(1)
    while (this.#source[this.#at] !== quote) {
      if (this.#at >= this.#source.length) throw new ShellTextError(line, 'a quote has no end')
      this.#skip(quote === '`' && this.#source[this.#at] === '\\' ? 2 : 1)
    }
    this.#at++
    return this.#source.slice(from, this.#at)
  }

  #skip(count: number): void {
    for (let step = 0; step < count; step++) if (this.#source[this.#at++] === '\n') this.#line++
  }

  #noteHereDocument(tokens: readonly Token[], text: ByteString): void {
    const operator = tokens.at(-2)
    if (operator?.word !== null || (operator.text !== '<<' && operator.text !== '<<-')) return
    this.#pending.push({ end: text.replace(/["'\\]/g, ''), isIndented: operator.text === '<<-' })
  }

  #skipHereDocuments(): void {
    for (const { end, isIndented } of this.#pending) {
      while (this.#at < this.#source.length) {
        const to = lineEnd(this.#source, this.#at)
        const line = this.#source.slice(this.#at, to)
        this.#skip(to + 1 - this.#at)
        if ((isIndented ? line.replace(/^\t+/, '') : line) === end) break
      }
    }
    this.#pending = []
  }
}

function lineEnd(source: ByteString, from: number): number {
  const feed = source.indexOf('\n', from)
  return feed < 0 ? source.length : feed
}
