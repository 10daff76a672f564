/** How macros are written: where a call ends, and what it is made of (rpm's manual, "Macro syntax"). */
import type { ByteString } from '../../../model/bytes.ts'

/** One call of a macro in a text. */
export interface MacroCall {
  kind: 'macro' | 'shell' | 'expression'
  /** Behind the call. */
  end: number
  /** What a shell would run, or an expression. */
  inner: ByteString
  name: ByteString
  /** "?" or "!?" in front of the name: whether it is asked for one that is there, or not there. */
  asks: 'defined' | 'undefined' | null
  /** What stands behind the name, in braces; null where nothing does. ":" begins an alternative. */
  rest: ByteString | null
  /** Whether it is in braces: else a macro with parameters takes the rest of its line. */
  isBraced: boolean
}

const CLOSING: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']' }
const NAME = /[!?]*(-[A-Za-z]\*?|\*\*?|#|\d+|[A-Za-z_]\w*)/y
const OPTION_FLAGS = /^[!?]*/

/** The call that begins with the % at a place; null where none does. 'unclosed': its end is missing. */
export function macroCallAt(text: ByteString, at: number): MacroCall | 'unclosed' | null {
  const opening = text[at + 1] ?? ''
  if (opening in CLOSING) return bracketed(text, at, opening)
  NAME.lastIndex = at + 1
  const found = NAME.exec(text)
  if (!found) return null
  return { kind: 'macro', end: NAME.lastIndex, inner: '', rest: null, isBraced: false, ...namedIn(found) }
}

function bracketed(text: ByteString, at: number, opening: string): MacroCall | 'unclosed' | null {
  const close = closingOf(text, at + 1, opening)
  if (close < 0) return 'unclosed'
  const inner = text.slice(at + 2, close)
  const call = { end: close + 1, inner, name: '', asks: null, rest: null, isBraced: true }
  if (opening === '(') return { kind: 'shell', ...call }
  if (opening === '[') return { kind: 'expression', ...call }
  NAME.lastIndex = 0
  const found = NAME.exec(inner)
  if (!found) return null
  const rest = inner.slice(NAME.lastIndex)
  // "%{a.b}" and its like are no macros.
  if (rest !== '' && !/^[:\s]/.test(rest)) return null
  return { kind: 'macro', ...call, ...namedIn(found), rest: rest === '' ? null : rest }
}

function namedIn([whole, name = '']: RegExpExecArray): Pick<MacroCall, 'name' | 'asks'> {
  const [flags] = OPTION_FLAGS.exec(whole) ?? ['']
  // Options of a macro with parameters are asked for with no "?".
  const isAsking = flags.includes('?') || name.startsWith('-')
  const isNegated = (flags.match(/!/g)?.length ?? 0) % 2 === 1
  return { name, asks: isAsking ? (isNegated ? 'undefined' : 'defined') : null }
}

/** The place of the bracket that closes the one at `from`; -1 where none does. */
function closingOf(text: ByteString, from: number, opening: string): number {
  const closing = CLOSING[opening]
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const letter = text[at]
    if (letter === '\\') at++
    else if (letter === opening) depth++
    else if (letter === closing && --depth === 0) return at
  }
  return -1
}

/** Joins lines of a spec that belong together: behind a backslash, or inside of a macro's brackets. */
export class LineJoiner {
  #depth: Record<string, number> = { '{': 0, '(': 0, '[': 0 }
  #text: ByteString[] = []
  #continues = false

  /** The whole line that ends with this one, with its line feeds; null where more belongs to it. */
  add(line: ByteString): ByteString | null {
    // Most lines of a spec have neither a macro nor an end that goes on.
    if (!this.isOpen && !/[%\\]/.test(line)) return line
    this.#text.push(line)
    this.#count(line)
    return this.isOpen ? null : this.take()
  }

  get isOpen(): boolean {
    return this.#continues || Object.values(this.#depth).some((depth) => depth > 0)
  }

  /** What there is, whole or not. */
  take(): ByteString {
    const text = this.#text.join('\n')
    this.#text = []
    this.#depth = { '{': 0, '(': 0, '[': 0 }
    this.#continues = false
    return text
  }

  #count(line: ByteString): void {
    this.#continues = false
    for (let at = 0; at < line.length; at++) {
      const letter = line[at] ?? ''
      const next = line[at + 1] ?? ''
      if (letter === '\\') {
        this.#continues = at === line.length - 1
        at++
      } else if (letter === '%' && (next in CLOSING || next === '%')) {
        if (next !== '%') this.#add(next, 1)
        at++
      } else if (letter in CLOSING && this.#of(letter) > 0) this.#add(letter, 1)
      else {
        const opening = Object.keys(CLOSING).find((one) => CLOSING[one] === letter)
        if (opening !== undefined && this.#of(opening) > 0) this.#add(opening, -1)
      }
    }
  }

  #of(opening: string): number {
    return this.#depth[opening] ?? 0
  }

  #add(opening: string, by: number): void {
    this.#depth[opening] = this.#of(opening) + by
  }
}
