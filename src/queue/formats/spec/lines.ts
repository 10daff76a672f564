/** The lines of a spec that count: conditions decided, files included, macros expanded. */
import { UserError } from '../../../errors.ts'
import { type ByteString, toText } from '../../../model/bytes.ts'
import type { Problem } from '../../../model/patch.ts'
import { evaluate } from './expression.ts'
import { LineJoiner } from './macro-syntax.ts'
import type { Macros } from './macros.ts'
import { placeText, type SpecPlace } from './spec.ts'

export interface SpecLine {
  text: ByteString
  place: SpecPlace
  /** The condition that switches it off; null where it counts. What does not count is not expanded. */
  unless: string | null
  /** Whether a comment's macros made it: it stood behind a #, in the spec. */
  isFromComment: boolean
}

/** Hands over the text of a file that a spec includes, and its name; null where it is not there. */
export type Include = (path: ByteString) => Promise<{ file: string; text: ByteString } | null>

/** Files include each other no deeper. */
const MAX_INCLUDES = 16
/** Conditions nest no deeper. */
const MAX_CONDITIONS = 256

/** The machine that a spec is read for; rpm's own names. */
const ARCHITECTURES = ['x86_64', 'amd64', 'ia32e']

interface Condition {
  isTaken: boolean
  /** Whether a branch was taken already. */
  wasTaken: boolean
  /** Whether the whole of it is in a branch that does not count. */
  isDead: boolean
  hasElse: boolean
  /** As written: "%if 0%{?rhel} >= 8 (xen.spec:3)". */
  text: string
  place: SpecPlace
  /** Whether its value is not known. */
  isUnknown: boolean
}

const CONDITIONAL = /^\s*%(if|ifarch|ifnarch|ifos|ifnos|elif|elifarch|elifos|else|endif)(?:\s+([\s\S]*))?$/
/** Lines in a branch that decide which patches are applied. */
const DECISIVE = /^\s*(?:patch\d*\s*:|%patch|%autosetup|%autopatch|%include)|\bpatch\s+-|\bgit\s+(?:am|apply)\b/i

/** A line that a program would make, and that speaks of patches. */
const PROGRAM = /^\s*%(?:\{lua:|\()[\s\S]*patch/i

export class LineReader {
  readonly #macros: Macros
  readonly #include: Include
  readonly #use: (line: SpecLine) => void
  readonly #conditions: Condition[] = []
  #depth = 0
  /** The conditions whose value is not known: they are taken as false. */
  readonly notes: Problem[] = []

  /** `use`: takes the lines in their order, those that do not count, too. */
  constructor(macros: Macros, include: Include, use: (line: SpecLine) => void) {
    this.#macros = macros
    this.#include = include
    this.#use = use
  }

  /** @throws UserError where the file is no spec that rpm would read. */
  async read(file: string, text: ByteString): Promise<void> {
    if (++this.#depth > MAX_INCLUDES)
      throw new UserError(`${file}: files include each other more than ${MAX_INCLUDES} deep`, 'mend its %include')
    const open = this.#conditions.length
    const joiner = new LineJoiner()
    let place: SpecPlace = { file, line: 1 }
    const lines = text.split(/\r?\n/)
    for (const [index, raw] of lines.entries()) {
      if (!joiner.isOpen) place = { file, line: index + 1 }
      const whole = joiner.add(raw)
      if (whole !== null) await this.#line(whole, place)
    }
    if (joiner.isOpen) throw new UserError(`${placeText(place)}: a bracket of a macro is not closed`, 'close it')
    const unclosed = this.#conditions[open]
    if (unclosed) throw new UserError(`${placeText(unclosed.place)}: %if without %endif`, 'close it with %endif')
    this.#depth--
  }

  /** Lines that belong together are expanded at once; %if and its like are then lines of their own. */
  async #line(raw: ByteString, place: SpecPlace): Promise<void> {
    this.#macros.place = placeText(place)
    const isAlone = !raw.includes('\n')
    const isConditional = isAlone && CONDITIONAL.test(raw)
    const isExpanded = this.#dead === undefined && !isConditional
    const expanded = isExpanded ? (withoutDnl(raw) ?? this.#macros.expand(raw)) : raw
    if (isExpanded && PROGRAM.test(expanded))
      throw new UserError(
        `${placeText(place)}: a program of the spec may list or apply patches, and is not run`,
        'name the queue that rpmspec -P prints, or put what the program prints in its place',
      )
    const texts = expanded.split('\n')
    const isComment = isAlone && /^\s*#/.test(raw)
    for (const [index, text] of texts.entries())
      await this.#single(text, { place, isFromComment: isComment && index > 0 })
  }

  get #dead(): Condition | undefined {
    return this.#conditions.find(({ isTaken }) => !isTaken)
  }

  async #single(text: ByteString, { place, isFromComment }: Pick<SpecLine, 'place' | 'isFromComment'>): Promise<void> {
    if (this.#conditional(text, place)) return
    const unknown = this.#conditions.find(({ isUnknown }) => isUnknown)
    if (unknown && DECISIVE.test(text)) throw undecided(unknown)
    const unless = this.#dead?.text ?? null
    if (unless !== null) this.#use({ text, place, unless, isFromComment: false })
    else if (!(await this.#included(text, place))) this.#use({ text, place, unless, isFromComment })
  }

  async #included(text: ByteString, place: SpecPlace): Promise<boolean> {
    const [, path] = /^\s*%include\s+(\S+)\s*$/.exec(text) ?? []
    if (path === undefined) return false
    const found = await this.#include(path)
    if (!found)
      throw new UserError(
        `${placeText(place)}: %include of ${toText(path)}, which is not beside the spec`,
        'put the file there: it may list patches',
      )
    await this.read(found.file, found.text)
    return true
  }

  /** Whether the line is one of %if, %else and their like. */
  #conditional(raw: ByteString, place: SpecPlace): boolean {
    const [, word, rest = ''] = CONDITIONAL.exec(raw) ?? []
    if (word === undefined) return false
    if (word.startsWith('if')) this.#begin(word, rest, place)
    else this.#next(word, rest, place)
    return true
  }

  #begin(word: string, rest: ByteString, place: SpecPlace): void {
    if (this.#conditions.length >= MAX_CONDITIONS)
      throw new UserError(`${placeText(place)}: conditions nest deeper than ${MAX_CONDITIONS}`, 'mend its %if')
    const isDead = this.#conditions.some(({ isTaken }) => !isTaken)
    const value = isDead ? false : this.#holds(word, rest)
    if (value === null) this.notes.push(untold(word, rest, place))
    this.#conditions.push({
      isTaken: value === true,
      wasTaken: value === true,
      isDead,
      hasElse: false,
      text: toText(`%${word} ${rest.trim()} (${placeText(place)})`),
      place,
      isUnknown: value === null,
    })
  }

  #next(word: string, rest: ByteString, place: SpecPlace): void {
    const condition = this.#conditions.at(-1)
    if (!condition) throw new UserError(`${placeText(place)}: %${word} without %if`, 'take it out, or add its %if')
    if (word === 'endif') {
      this.#conditions.pop()
      return
    }
    if (condition.hasElse) throw new UserError(`${placeText(place)}: %${word} behind %else`, 'mend the order')
    condition.isTaken = false
    if (word === 'else') condition.hasElse = true
    if (condition.isDead || condition.wasTaken) return
    const value = word === 'else' ? true : this.#holds(word.replace('el', ''), rest)
    if (value === null) {
      condition.isUnknown = true
      this.notes.push(untold(word, rest, place))
    }
    condition.isTaken = value === true
    condition.wasTaken = condition.isTaken
  }

  /** Null where the value is not known. */
  #holds(word: string, rest: ByteString): boolean | null {
    const text = this.#macros.expand(rest).trim()
    if (word === 'if') return evaluate(text)?.isTrue ?? null
    const names = text.split(/[\s,]+/)
    const isNamed = word.endsWith('os') ? names.includes('linux') : ARCHITECTURES.some((name) => names.includes(name))
    return isNamed !== word.startsWith('ifn')
  }
}

/** A patch that is switched off by %dnl, as a comment; null where the line is none. */
function withoutDnl(raw: ByteString): ByteString | null {
  const [, tag] = /^\s*%dnl\s+(patch\d*\s*:[^\n]*)$/i.exec(raw) ?? []
  return tag === undefined ? null : `#${tag}`
}

function untold(word: string, rest: ByteString, { file, line }: SpecPlace): Problem {
  return {
    file,
    line,
    message: `the value of %${word} ${toText(rest.trim())} is not known, and is taken as false`,
    hint: 'no program of a spec is run; the patches do not depend on it',
  }
}

/** The value decides which patches are applied: it is not guessed. */
function undecided({ text }: Condition): UserError {
  return new UserError(
    `${text}: the value of this condition is not known, and patches depend on it`,
    'a program of the spec is never run: name the queue that rpmspec -P prints, or put the value in its place',
  )
}
