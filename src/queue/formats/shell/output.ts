/** What a few plain commands print, worked out without running them. */
import type { ByteString } from '../../../model/bytes.ts'
import { type Field, isUnknown } from './scope.ts'

/** What a text with variables in it stands for. */
type TextOf = (text: ByteString) => ByteString

/** Numbers that are counted. */
const MAX_COUNT = 1000

/** `$((…))`, `$(printf …)` of one value, `$(seq …)`; null for all else. */
export function outputOf(source: ByteString, textOf: TextOf): ByteString | null {
  const [, sum] = /^\$\(\((.*)\)\)$/s.exec(source) ?? []
  if (sum !== undefined) return numberOf(sum, textOf)?.toString() ?? null
  const [, , format, value] =
    /^\$\(\s*printf\s+(["']?)([\w.-]*%(?:0?\d)?[ds][\w.-]*)\1\s+([^\s;|&]+)\s*\)$/.exec(source) ?? []
  if (format !== undefined && value !== undefined) return printed(format, unquoted(value, textOf))
  const [, padded, bounds] = /^\$\(\s*seq\s+(-w\s+)?([^\s;|&-]+(?:\s+[^\s;|&-]+)?)\s*\)$/.exec(source) ?? []
  return bounds === undefined ? null : sequence(bounds.split(/\s+/), padded !== undefined, textOf)
}

/** The variable of `for ((p=1; p<=9; p++))` and its values; null where only a shell can tell them. */
export function countedBy(head: ByteString, textOf: TextOf): { variable: ByteString; fields: Field[] | null } {
  const [, start = '', test = '', step = ''] = /^\(\(([^;]*);([^;]*);([^;]*)\)\)$/.exec(head) ?? []
  const [, variable = '', from = ''] = /^\s*([A-Za-z_]\w*)\s*=(.+)$/s.exec(start) ?? []
  const [, tested, operator, to = ''] = /^\s*(\w+)\s*(<=?)(.+)$/s.exec(test) ?? []
  const isByOne = [`${variable}++`, `++${variable}`, `${variable}+=1`].includes(step.replace(/\s+/g, ''))
  const [first, last] = [numberOf(from, textOf), numberOf(to, textOf)]
  const isCounted = tested === variable && isByOne && first !== null && last !== null
  const values = isCounted ? valuesOf(first, operator === '<' ? last - 1 : last) : null
  return { variable, fields: values?.map((value) => ({ text: String(value), line: 0, condition: null })) ?? null }
}

/** A number, or two of them added or taken off; `10#` in front says that it is decimal. */
function numberOf(expression: ByteString, textOf: TextOf): number | null {
  // A name is a variable without its dollar, too.
  const text = textOf(expression.replace(/(?<![\w${])[A-Za-z_]\w*/g, (name) => `\${${name}}`))
  const [, first, operator, second] = /^\s*([\d#]+)\s*(?:([+-])\s*([\d#]+)\s*)?$/.exec(text) ?? []
  const [one, other] = [decimalOf(first), second === undefined ? 0 : decimalOf(second)]
  if (isUnknown(text) || one === null || other === null) return null
  return operator === '-' ? one - other : one + other
}

/** Null for what the shell would read as octal. */
function decimalOf(text: ByteString | undefined): number | null {
  const [, digits] = /^(?:10#(?=\d)0*(?=\d))?(0|[1-9]\d{0,8})$/.exec(text ?? '') ?? []
  return digits === undefined ? null : Number(digits)
}

function valuesOf(first: number, last: number): number[] | null {
  const count = Math.max(0, last - first + 1)
  return count > MAX_COUNT ? null : Array.from({ length: count }, (_, step) => first + step)
}

function printed(format: ByteString, value: ByteString): ByteString | null {
  const [whole = '', zero, width = '0', kind] = /%(0?)(\d?)([ds])/.exec(format) ?? []
  const isNumber = /^\d{1,9}$/.test(value)
  if (isUnknown(value) || (kind === 'd' && (!isNumber || /^0\d/.test(value)))) return null
  return format.replace(whole, () => value.padStart(Number(width), zero === '0' && kind === 'd' ? '0' : ' '))
}

function sequence(bounds: readonly ByteString[], isPadded: boolean, textOf: TextOf): ByteString | null {
  const texts = bounds.map((bound) => unquoted(bound, textOf))
  if (texts.some((text) => !/^\d{1,9}$/.test(text))) return null
  const values = valuesOf(texts.length > 1 ? Number(texts[0]) : 1, Number(texts.at(-1)))
  const width = isPadded ? Math.max(...texts.map(({ length }) => length)) : 0
  return values?.map((value) => String(value).padStart(width, '0')).join('\n') ?? null
}

function unquoted(word: ByteString, textOf: TextOf): ByteString {
  return textOf(word.replace(/^(["'])(.*)\1$/s, '$2'))
}
