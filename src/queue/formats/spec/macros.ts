/** The macros of a spec, expanded as rpm does it; what would run a program is left as it stands. */
import { UserError } from '../../../errors.ts'
import type { ByteString } from '../../../model/bytes.ts'
import { evaluate } from './expression.ts'
import { FUNCTIONS, wordsIn } from './functions.ts'
import { type MacroCall, macroCallAt } from './macro-syntax.ts'

/** As in rpm, macros nest no deeper. */
const MAX_DEPTH = 64
/** No spec needs more calls, nor more bytes of expanded text. */
const MAX_CALLS = 500_000
const MAX_EXPANDED = 32 << 20

interface Macro {
  /** The options that it takes, as getopt(3) has them; null where it has no parameters. */
  options: string | null
  body: ByteString
  /** Where it is defined: "xen.spec:12". */
  place: string
}

/** What a macro with parameters was called with: "1", "*", "#", "-p", "-p*". */
type Arguments = ReadonlyMap<string, ByteString>

/** Takes what stands behind the name. */
export type Builtin = (argument: ByteString) => ByteString

export class Macros {
  readonly #macros = new Map<ByteString, Macro>()
  readonly #builtins = new Map<ByteString, Builtin>()
  readonly #frames: Arguments[] = []
  #calls = 0
  #expanded = 0
  /** Where the text that is expanded stands, as errors name it: "xen.spec:12". */
  place = ''

  constructor(values: Readonly<Record<string, ByteString>>) {
    for (const [name, value] of Object.entries(values)) this.set(name, value)
  }

  set(name: ByteString, body: ByteString): void {
    this.#macros.set(name, { options: null, body, place: this.place })
  }

  /** The expanded value; null where there is no such macro. */
  get(name: ByteString): ByteString | null {
    return this.#macros.has(name) ? this.expand(`%{${name}}`) : null
  }

  /** Where a macro is defined: "xen.spec:12"; null where it is not. */
  placeOf(name: ByteString): string | null {
    return this.#macros.get(name)?.place ?? null
  }

  /** A macro that our own code expands; a spec may define another one of that name. */
  builtIn(name: ByteString, builtin: Builtin): void {
    this.#builtins.set(name, builtin)
  }

  /** @throws UserError where macros nest too deep or grow too long. */
  expand(text: ByteString): ByteString {
    return this.#expand(text, 0)
  }

  #expand(text: ByteString, depth: number): ByteString {
    this.#expanded += text.length
    if (depth > MAX_DEPTH) throw this.#tooMuch(`macros nest deeper than ${MAX_DEPTH}`)
    if (this.#expanded > MAX_EXPANDED) throw this.#tooMuch(`macros expand to more than ${MAX_EXPANDED >> 20} MiB`)
    if (!text.includes('%')) return text
    const parts: ByteString[] = []
    let from = 0
    for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', from)) {
      parts.push(text.slice(from, at))
      const call = text[at + 1] === '%' ? null : macroCallAt(text, at)
      if (call === 'unclosed') {
        from = at
        break
      }
      if (call === null) {
        parts.push('%')
        from = at + (text[at + 1] === '%' ? 2 : 1)
        continue
      }
      const { value, end } = this.#call(call, { text, at }, depth + 1)
      parts.push(value)
      this.#expanded += value.length
      from = end
    }
    parts.push(text.slice(from))
    return parts.join('')
  }

  #call(call: MacroCall, { text, at }: { text: ByteString; at: number }, depth: number): Expanded {
    if (++this.#calls > MAX_CALLS) throw this.#tooMuch(`more than ${MAX_CALLS} macros are expanded`)
    const asItStands = { value: text.slice(at, call.end), end: call.end }
    if (call.kind === 'shell') return asItStands
    if (call.kind === 'expression') {
      const value = evaluate(this.#expand(call.inner, depth))?.text
      return value === undefined ? asItStands : { value, end: call.end }
    }
    if (call.asks !== null) return { value: this.#asked(call, depth), end: call.end }
    const argument = this.#frames.at(-1)?.get(call.name)
    if (argument !== undefined) return { value: argument, end: call.end }
    const macro = this.#macros.get(call.name)
    if (macro?.options === null) return { value: this.#expand(macro.body, depth), end: call.end }
    if (!macro && !this.#isBuiltIn(call.name)) return asItStands
    // In braces its arguments are there, too; else they are the rest of the line.
    const end = call.isBraced ? call.end : endOfLine(text, call.end, DEFINING.has(call.name))
    const rest = call.isBraced ? (call.rest ?? '').replace(/^:/, '') : text.slice(call.end, end)
    if (macro) return { value: this.#callWith(call.name, macro, this.#expand(rest, depth), depth), end }
    return { value: this.#callBuiltIn(call.name, rest, depth), end }
  }

  /** "%{?name}", "%{?name:what}", "%{!?name:what}", and so for the options of a macro: "%{-p:what}". */
  #asked({ name, asks, rest }: MacroCall, depth: number): ByteString {
    const isDefined = this.isDefined(name)
    if (isDefined !== (asks === 'defined')) return ''
    if (rest?.startsWith(':')) return this.#expand(rest.slice(1), depth)
    if (!isDefined) return ''
    return this.#frames.at(-1)?.get(name) ?? this.#expand(`%{${name}${rest ?? ''}}`, depth)
  }

  isDefined(name: ByteString): boolean {
    return (this.#frames.at(-1)?.has(name) ?? false) || this.#macros.has(name) || this.#isBuiltIn(name)
  }

  #isBuiltIn(name: ByteString): boolean {
    return DEFINING.has(name) || this.#builtins.has(name) || FUNCTIONS.has(name) || ASKING.has(name)
  }

  #callWith(name: ByteString, { options, body }: Macro, line: ByteString, depth: number): ByteString {
    this.#frames.push(argumentsOf(name, options ?? '', wordsIn(line)))
    try {
      return this.#expand(body, depth)
    } finally {
      this.#frames.pop()
    }
  }

  #callBuiltIn(name: ByteString, rest: ByteString, depth: number): ByteString {
    if (DEFINING.has(name)) return this.#define(name, rest, depth)
    const argument = this.#expand(rest, depth).trim()
    const builtin = this.#builtins.get(name) ?? FUNCTIONS.get(name)
    if (builtin) return builtin(argument)
    if (name === 'expand') return this.#expand(argument, depth)
    const isThere = this.#macros.has(name.startsWith('with') ? `with_${argument}` : argument)
    return isThere === (name === 'with' || name === 'defined') ? '1' : '0'
  }

  #define(how: ByteString, rest: ByteString, depth: number): ByteString {
    if (how === 'dnl') return ''
    const [, name, options = null, body = ''] =
      /^\s*([A-Za-z_]\w*)(?:\(([^)\n]*)\))?(?:\s+([\s\S]*))?$/.exec(rest) ?? []
    if (name === undefined) return ''
    if (how === 'undefine') this.#macros.delete(name)
    else if (how.startsWith('bcond')) this.#defineCondition(how, name, this.#expand(body, depth))
    else {
      const written = bodyOf(body)
      this.#macros.set(name, {
        options,
        body: how === 'global' ? this.#expand(written, depth) : written,
        place: this.place,
      })
    }
    return ''
  }

  /** Without a word on the command line: "%bcond_without x" is on, "%bcond x 0" is off. */
  #defineCondition(how: ByteString, name: ByteString, value: ByteString): void {
    const isAsked = this.#macros.has(`_${how === 'bcond_without' ? 'without' : 'with'}_${name}`)
    const isOn = how === 'bcond' ? (evaluate(value)?.isTrue ?? false) : (how === 'bcond_without') !== isAsked
    if (isOn) this.set(`with_${name}`, '1')
  }

  #tooMuch(message: string): UserError {
    return new UserError(`${this.place}: ${message}`, 'rpm would not expand it either; mend the macro of that line')
  }
}

interface Expanded {
  value: ByteString
  end: number
}

/** They take the rest of their line as it stands. */
const DEFINING = new Set(['define', 'global', 'undefine', 'dnl', 'bcond_with', 'bcond_without', 'bcond'])
/** They ask for other macros. */
const ASKING = new Set(['defined', 'undefined', 'with', 'without', 'expand'])

/** The end of a line; of a definition only behind lines that a backslash or a bracket continues. */
function endOfLine(text: ByteString, from: number, continues: boolean): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const letter = text[at]
    if (letter === '\n' && depth <= 0) return at
    if (!continues) continue
    if (letter === '\\') at++
    else if (letter === '{' || letter === '(') depth++
    else if (letter === '}' || letter === ')') depth--
  }
  return text.length
}

/** A body in braces, or up to the end of the line; a backslash keeps the line feed behind it. */
function bodyOf(written: ByteString): ByteString {
  const isInBraces = written.startsWith('{') && written.trimEnd().endsWith('}')
  const body = isInBraces ? written.trimEnd().slice(1, -1) : written
  return body.replace(/\\\n/g, '\n').trimEnd()
}

/** The options and the other words that a macro is called with. */
export function argumentsOf(name: ByteString, options: string, words: readonly ByteString[]): Arguments {
  const found = new Map<string, ByteString>([['0', name]])
  const others: ByteString[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    const letter = options !== '-' && /^-[A-Za-z]/.test(word) ? word[1] : undefined
    const place = letter === undefined ? -1 : options.indexOf(letter)
    if (place < 0) {
      others.push(word)
      continue
    }
    const takes = options[place + 1] === ':'
    const value = takes ? word.slice(2) || (words[++at] ?? '') : ''
    found.set(`-${letter}`, takes ? `-${letter} ${value}` : `-${letter}`)
    if (takes) found.set(`-${letter}*`, value)
  }
  for (const [index, word] of others.entries()) found.set(String(index + 1), word)
  return found.set('*', others.join(' ')).set('**', words.join(' ')).set('#', String(others.length))
}
