/** Goes through the tokens of a script. */
import type { ByteString } from '../../../model/bytes.ts'
import { ShellTextError, type Token, tokensOf } from './lex.ts'

export class Cursor {
  readonly #source: ByteString
  readonly #tokens: Token[]
  /** The token that comes next. */
  at = 0

  constructor(source: ByteString) {
    this.#source = source
    this.#tokens = tokensOf(source)
  }

  /** The tokens from the next one on. */
  ahead(count: number): Token[] {
    return this.#tokens.slice(this.at, this.at + count)
  }

  /** The "2" of `2> file`. */
  isDescriptor({ word, text }: Token): boolean {
    const next = this.#tokens[this.at + 1]
    return word !== null && /^\d$/.test(text) && next?.word === null && next.isGlued && /[<>]/.test(next.text)
  }

  peek(): Token | undefined {
    return this.#tokens[this.at]
  }

  next(): Token {
    const token = this.#tokens[this.at++]
    if (!token) throw new ShellTextError(this.#tokens.at(-1)?.line ?? 1, 'the text ends too early')
    return token
  }

  line(): number {
    return (this.peek() ?? this.#tokens.at(-1))?.line ?? 1
  }

  /** The operator that comes next; null where a word does. */
  operator(): string | null {
    const token = this.peek()
    return token && token.word === null ? token.text : null
  }

  keyword(): string | null {
    const token = this.peek()
    return token?.word ? token.text : null
  }

  skipLineEnds(): void {
    while (this.operator() === '\n') this.at++
  }

  expect(text: string): void {
    this.skipLineEnds()
    const token = this.next()
    if (token.text !== text) throw new ShellTextError(token.line, `"${text}" was expected`)
  }

  /** The source between two tokens, on one line. */
  textFrom(token: number): ByteString {
    const from = this.#tokens[token]?.from ?? 0
    const to = this.peek()?.from ?? this.#source.length
    return this.#source
      .slice(from, to)
      .replace(/\s+/g, ' ')
      .replace(/[; ]+$/, '')
      .slice(0, 200)
  }
}
