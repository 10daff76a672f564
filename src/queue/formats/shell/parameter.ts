/** `${name…}`: what bash makes of it (bash(1), "Parameter Expansion"). */
import type { ByteString } from '../../../model/bytes.ts'
import { fits, piecesOf, prefixesOf } from './pattern.ts'
import { isUnknown, type Scope, type Value } from './scope.ts'

/** What the expansion of a parameter needs of what stands around. */
export interface Operands {
  scope: Scope
  line: number
  /** What an operand, as it is written, stands for. */
  text: (operand: ByteString) => ByteString
  /** The same as a pattern. */
  pattern: (operand: ByteString) => ByteString
}

const NOTHING: Value = { fields: [], isList: false }

/** `expression`: what stands between the braces. Unset is empty, as in the shell. */
export function expandParameter(expression: ByteString, around: Operands): Value {
  const { scope, line } = around
  const [whole = '', length, indirect, name = '', subscript] =
    /^(#(?=[\w@*]))?(!)?([A-Za-z_]\w*|[0-9]+|[@*#?$!-])(\[[^\]]*\])?/.exec(expression) ?? []
  const open = (): Value => ({
    fields: [{ text: scope.unknown(`\${${expression}}`), line, condition: null }],
    isList: false,
  })
  if (whole === '') return open()
  const isAll = name === '@' || name === '*'
  const value = elementOf(scope.get(indirect ? (scope.text(name) ?? '') : name), isAll ? '[@]' : subscript)
  if (value === null || (indirect !== undefined && subscript !== undefined)) return open()
  if (length !== undefined) return { ...NOTHING, fields: [{ text: lengthOf(value, subscript), line, condition: null }] }
  const operation = expression.slice(whole.length)
  if (operation === '') return value ?? NOTHING
  const byDefault = /^:?[-=+?]/.exec(operation)
  if (byDefault) return defaulted(value, operation, name, around)
  const change = changeOf(operation, around)
  if (change === null || value.fields.some(({ text }) => isUnknown(text))) return change === null ? open() : value
  return { ...value, fields: value.fields.map((field) => ({ ...field, text: change(field.text) })) }
}

/** The value of `name[subscript]`; null where only a shell can tell. */
function elementOf(value: Value | undefined, subscript: ByteString | undefined): Value | null {
  if (!value) return NOTHING
  if (subscript === '[@]' || subscript === '[*]') return value
  // A list without a subscript is its first word.
  if (subscript === undefined) return value.isList ? { fields: value.fields.slice(0, 1), isList: false } : value
  const [, number] = /^\[(-?\d{1,6})\]$/.exec(subscript) ?? []
  const field = number === undefined ? undefined : value.fields.at(Number(number))
  return number === undefined ? null : { fields: field ? [field] : [], isList: false }
}

function lengthOf({ fields }: Value, subscript: ByteString | undefined): ByteString {
  return String(subscript === undefined ? (fields[0]?.text.length ?? 0) : fields.length)
}

/** `:-`, `:=`, `:+`, `:?` and the same without the colon, which ask whether it is set at all. */
function defaulted(value: Value, operation: ByteString, name: ByteString, around: Operands): Value {
  const isSet = operation.startsWith(':') ? (value.fields[0]?.text ?? '') !== '' : value.fields.length > 0
  const kind = operation.replace(/^:/, '')[0]
  if (kind === '+' ? !isSet : isSet || kind === '?') return kind === '+' ? NOTHING : value
  const text = around.text(operation.replace(/^:?./s, ''))
  const other: Value = { fields: [{ text, line: around.line, condition: null }], isList: false }
  if (kind === '=') around.scope.set(name, other)
  return other
}

/** What an operation does to a text; null where it is not known. */
function changeOf(operation: ByteString, around: Operands): ((text: ByteString) => ByteString) | null {
  const spend = (steps: number) => around.scope.spend(steps)
  const [cut] = /^(?:##?|%%?)/.exec(operation) ?? []
  if (cut !== undefined) {
    const pieces = piecesOf(around.pattern(operation.slice(cut.length)))
    return (text) =>
      cut.startsWith('#') ? cutFront(pieces, text, cut === '##', spend) : cutBack(pieces, text, cut === '%%', spend)
  }
  if (operation.startsWith('/')) return replacing(operation, around)
  const [, offset, length] = /^:\s*(-?\d{1,6})(?::(-?\d{1,6}))?$/.exec(operation.replace(/^: -/, ':-')) ?? []
  if (offset !== undefined)
    return (text) => substring(text, Number(offset), length === undefined ? null : Number(length))
  if (operation === '^^') return (text) => text.replace(/[a-z]/g, (one) => one.toUpperCase())
  if (operation === ',,') return (text) => text.replace(/[A-Z]/g, (one) => one.toLowerCase())
  if (operation === '^') return (text) => text.replace(/^[a-z]/, (one) => one.toUpperCase())
  return operation === ',' ? (text) => text.replace(/^[A-Z]/, (one) => one.toLowerCase()) : null
}

type Pieces = ReturnType<typeof piecesOf>
type Spend = (steps: number) => void

function cutFront(pieces: Pieces, text: ByteString, isLongest: boolean, spend: Spend): ByteString {
  let cut = 0
  for (const length of prefixesOf(pieces, text, spend)) {
    cut = length
    if (!isLongest) break
  }
  return text.slice(cut)
}

function cutBack(pieces: Pieces, text: ByteString, isLongest: boolean, spend: Spend): ByteString {
  const places = Array.from({ length: text.length + 1 }, (_, at) => at)
  const from = (isLongest ? places : places.reverse()).find((at) => fits(pieces, text.slice(at), spend))
  return from === undefined ? text : text.slice(0, from)
}

function substring(text: ByteString, offset: number, length: number | null): ByteString {
  const from = offset < 0 ? text.length + offset : offset
  if (from < 0) return ''
  return length === null ? text.slice(from) : text.slice(from, length < 0 ? length : from + length)
}

/** `/pattern/text`: the first place; `//`: all; `/#` and `/%`: at the front, at the end. */
function replacing(operation: ByteString, around: Operands): (text: ByteString) => ByteString {
  const [, how = '', pattern = '', written] = /^\/([/#%]?)((?:\\.|[^/\\])*)(?:\/(.*))?$/s.exec(operation) ?? []
  const pieces = piecesOf(around.pattern(pattern))
  const by = written === undefined ? '' : around.text(written)
  const spend = (steps: number) => around.scope.spend(steps)
  return (text) => {
    let out = ''
    for (let at = 0; at < text.length; ) {
      const longest = how === '%' && !fits(pieces, text.slice(at), spend) ? 0 : longestAt(pieces, text.slice(at), spend)
      if (longest === 0) {
        if (how === '#') return text
        out += text[at++]
        continue
      }
      out += by
      at += longest
      if (how !== '/') return out + text.slice(at)
    }
    return out
  }
}

function longestAt(pieces: Pieces, text: ByteString, spend: Spend): number {
  let longest = 0
  for (const length of prefixesOf(pieces, text, spend)) longest = length
  return longest
}
