/** What the words of a script become: variables, braces, splitting and file names, as bash has them. */
import type { ByteString } from '../../../model/bytes.ts'
import { ShellTextError, type Word, type WordPart, wordOf } from './lex.ts'
import { outputOf } from './output.ts'
import { expandParameter } from './parameter.ts'
import { type Field, type Scope, splitField } from './scope.ts'

/** What a format tells the reader of a script. */
export interface Surroundings {
  scope: Scope
  /** The files that a pattern names, sorted by their bytes; a backslash stands in front of what is no star. */
  glob: (pattern: ByteString) => ByteString[]
  /** What a command prints, where that is known without running it: `$(ver_cut 1-2)`. */
  output: (source: ByteString) => ByteString | null
}

const MAX_WORDS = 10_000
/** Groups of braces in one word. */
const MAX_BRACES = 8

/** The fields of some words, as the arguments of a command. */
export function expandWords(words: readonly Word[], around: Surroundings): Field[] {
  const fields: Field[] = []
  for (const word of words) {
    for (const field of expandWord(word, around)) fields.push(field)
    if (fields.length > MAX_WORDS) throw new ShellTextError(word.line, 'too many words to follow')
  }
  return fields
}

/** The one text of a word where nothing is split, as behind `=`. */
export function expandText(word: Word, around: Surroundings): ByteString {
  return expandFields(word, around, true)
    .filter(({ condition }) => condition === null)
    .map(({ text }) => text)
    .join(' ')
}

/** A word as a pattern: a backslash stands in front of what was quoted. */
export function expandPattern(word: Word, around: Surroundings): ByteString {
  return word.parts
    .map((part) => (part.kind === 'text' && !part.isQuoted ? part.text : quoted(textOf(part, around))))
    .join('')
}

function quoted(text: ByteString): ByteString {
  return text.replace(/[\\*?[\]]/g, '\\$&')
}

function textOf(part: WordPart, around: Surroundings): ByteString {
  return expandText({ parts: [part], line: 0 }, around)
}

function expandWord(word: Word, around: Surroundings): Field[] {
  const alternatives = expandBraces(word.parts, 0)
  return alternatives.flatMap((parts) => expandFields({ parts, line: word.line }, around, false))
}

/** A field that grows: its text, and the same as a pattern. */
interface Growing extends Field {
  pattern: ByteString
  hasStar: boolean
  /** Quoted text makes a field even of nothing. */
  isThere: boolean
}

function expandFields(word: Word, around: Surroundings, isWhole: boolean): Field[] {
  const fresh = (): Growing => {
    return { text: '', line: word.line, condition: null, pattern: '', hasStar: false, isThere: false }
  }
  let last = fresh()
  const done: Growing[] = []
  for (const part of word.parts) {
    const isSplit = !isWhole && !part.isQuoted
    const pieces = fieldsOf(part, word.line, around, isSplit)
    // Blanks at the ends of what is split end the field.
    pieces.forEach((piece, index) => {
      if (index > 0) {
        done.push(last)
        last = fresh()
      }
      const isPlain = part.kind !== 'text' || part.isQuoted
      last.text += piece.text
      last.line = part.kind === 'variable' && piece.line > 0 ? piece.line : last.line
      last.condition ??= piece.condition
      last.pattern += isPlain ? quoted(piece.text) : piece.text
      last.hasStar ||= !isPlain && /[*?[]/.test(piece.text)
      last.isThere ||= part.isQuoted || piece.text !== ''
      around.scope.spend(piece.text.length + 1)
    })
    if (pieces.length === 0 && part.kind === 'variable' && part.isQuoted && !/\[@\]$|^@$/.test(part.expression))
      last.isThere = true
  }
  done.push(last)
  return done.filter(({ isThere }) => isThere || isWhole).flatMap((field) => withFiles(field, around, isWhole))
}

function withFiles(
  { text, line, condition, pattern, hasStar }: Growing,
  around: Surroundings,
  isWhole: boolean,
): Field[] {
  const names = hasStar && !isWhole ? around.glob(pattern) : []
  return names.length === 0 ? [{ text, line, condition }] : names.map((name) => ({ text: name, line, condition }))
}

/** What a part stands for: one text, or several fields. */
function fieldsOf(part: WordPart, line: number, around: Surroundings, isSplit: boolean): Field[] {
  const plain = (text: ByteString): Field => ({ text, line, condition: null })
  if (part.kind === 'text') return [plain(part.text)]
  if (part.kind === 'command') {
    const textOf = (text: ByteString) => expandText(wordOf(text, line), around)
    const output = around.output(part.source) ?? outputOf(part.source, textOf) ?? around.scope.unknown(part.source)
    return isSplit ? splitField(plain(output)) : [plain(output)]
  }
  const operand = (text: ByteString) => wordOf(text, line)
  const value = expandParameter(part.expression, {
    scope: around.scope,
    line,
    text: (text) => expandText(operand(text), around),
    pattern: (text) => expandPattern(operand(text), around),
  })
  const isAll = /^(?:[A-Za-z_]\w*\[@\]|@)/.test(part.expression)
  if (isSplit) return value.fields.flatMap((field) => (value.isList ? [field] : splitField(field)))
  if (isAll || !value.isList) return isAll ? value.fields : value.fields.slice(0, 1)
  return [
    plain(
      value.fields
        .filter(({ condition }) => condition === null)
        .map(({ text }) => text)
        .join(' '),
    ),
  ]
}

/** `a{b,c}d` and `{1..3}`: one list of parts per alternative. */
function expandBraces(parts: readonly WordPart[], depth: number): WordPart[][] {
  const at = parts.findIndex((part) => part.kind === 'text' && !part.isQuoted && part.text.includes('{'))
  if (at < 0) return [[...parts]]
  const group = braceGroup(parts, at)
  if (!group) return [[...parts]]
  if (depth > MAX_BRACES) throw new ShellTextError(1, 'too many braces in a word')
  const all = group.alternatives.flatMap((alternative) =>
    expandBraces([...group.before, ...alternative, ...group.after], depth + 1),
  )
  if (all.length > MAX_WORDS) throw new ShellTextError(1, 'too many words to follow')
  return all
}

interface BraceGroup {
  before: WordPart[]
  alternatives: WordPart[][]
  after: WordPart[]
}

/** The first group of braces from a part on; null where what stands there is none. */
function braceGroup(parts: readonly WordPart[], at: number): BraceGroup | null {
  const first = parts[at]
  if (first?.kind !== 'text') return null
  const open = first.text.indexOf('{')
  const before = [...parts.slice(0, at), { ...first, text: first.text.slice(0, open) }]
  const rest = [{ ...first, text: first.text.slice(open + 1) }, ...parts.slice(at + 1)]
  const alternatives: WordPart[][] = [[]]
  let depth = 0
  for (const [index, part] of rest.entries()) {
    if (part.kind !== 'text' || part.isQuoted) {
      alternatives.at(-1)?.push(part)
      continue
    }
    let from = 0
    for (let place = 0; place < part.text.length; place++) {
      const next = part.text[place]
      if (next === '{') depth++
      if ((next !== ',' && next !== '}') || (depth > 0 && next === ',')) continue
      if (next === '}' && depth-- > 0) continue
      alternatives.at(-1)?.push({ ...part, text: part.text.slice(from, place) })
      from = place + 1
      if (next === '}') {
        const after = [{ ...part, text: part.text.slice(from) }, ...rest.slice(index + 1)]
        return alternatives.length > 1 ? { before, alternatives, after } : sequence(before, alternatives, after)
      }
      alternatives.push([])
    }
    alternatives.at(-1)?.push({ ...part, text: part.text.slice(from) })
  }
  return null
}

/** `{1..12}`, `{01..12}`. */
function sequence(before: WordPart[], [only = []]: WordPart[][], after: WordPart[]): BraceGroup | null {
  const text = only.map((part) => (part.kind === 'text' ? part.text : '?')).join('')
  const [, from, to] = /^(\d{1,6})\.\.(\d{1,6})$/.exec(text) ?? []
  if (from === undefined || to === undefined) return null
  const [first, last] = [Number(from), Number(to)]
  const count = Math.min(Math.abs(last - first) + 1, MAX_WORDS)
  const width = from.startsWith('0') || to.startsWith('0') ? Math.max(from.length, to.length) : 0
  const alternatives = Array.from({ length: count }, (_, step): WordPart[] => {
    const value = String(first + (last < first ? -step : step)).padStart(width, '0')
    return [{ kind: 'text', text: value, isQuoted: true }]
  })
  return { before, alternatives, after }
}
