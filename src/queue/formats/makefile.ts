/** The variables of a makefile, read as text: no function that asks a shell is followed. */
import type { ByteString } from '../../model/bytes.ts'

export interface MakeValue {
  text: ByteString
  line: number
  /** Whether it is set only where a condition holds, or from values that differ. */
  isConditional: boolean
}

const MAX_DEPTH = 20
const MAX_VALUE = 1 << 20

/** Reads assignments; recipes and `define` blocks are left out (GNU make manual, 6.5). */
export function readMakefile(text: ByteString): Map<ByteString, MakeValue> {
  const values = new Map<ByteString, MakeValue>()
  const lines = text.split('\n')
  let depth = 0
  for (let at = 0; at < lines.length; at++) {
    const line = at + 1
    const parts = [lines[at] ?? '']
    while (parts.at(-1)?.endsWith('\\') && at + 1 < lines.length) parts.push(lines[++at] ?? '')
    const whole = parts.map((part, place) => (place + 1 < parts.length ? part.slice(0, -1) : part)).join(' ')
    if (/^\s*(?:ifeq|ifneq|ifdef|ifndef)\b/.test(whole)) depth++
    else if (/^\s*endif\b/.test(whole)) depth = Math.max(0, depth - 1)
    else if (/^\s*define\b/.test(whole)) while (at + 1 < lines.length && !/^\s*endef\b/.test(lines[++at] ?? ''));
    else if (!whole.startsWith('\t')) {
      const [begin = '', name, operator] =
        /^ *(?:export +|override +)*([A-Za-z0-9_.+-]+)\s*(::?:?=|\?=|\+=|=)\s*/.exec(whole) ?? []
      if (name !== undefined && operator !== undefined)
        set(values, name, operator, { text: withoutComment(whole.slice(begin.length)), line, isConditional: depth > 0 })
    }
  }
  return values
}

/** A value, as far as a comment. */
function withoutComment(text: ByteString): ByteString {
  const comment = text.search(/(?:^|\s)#/)
  return (comment < 0 ? text : text.slice(0, comment)).trimEnd()
}

function set(values: Map<ByteString, MakeValue>, name: ByteString, operator: ByteString, value: MakeValue): void {
  const before = values.get(name)
  if (operator === '?=' && before) return
  if (operator === '+=' && before) {
    const text = `${before.text} ${value.text}`.slice(0, MAX_VALUE)
    values.set(name, { ...before, text, isConditional: before.isConditional || value.isConditional })
  } else values.set(name, before?.isConditional ? { ...value, isConditional: true } : value)
}

/** A value with `$(NAME)` and `${NAME}` put in; null where only make could tell. */
export function expandMake(values: ReadonlyMap<ByteString, MakeValue>, text: ByteString, depth = 0): ByteString | null {
  if (depth > MAX_DEPTH || text.length > MAX_VALUE) return null
  let isKnown = true
  const out = text.replace(/\$\(([\w.+-]+)\)|\$\{([\w.+-]+)\}/g, (_, round, curly) => {
    const value = values.get(round ?? curly)
    const inner = value && !value.isConditional ? expandMake(values, value.text, depth + 1) : null
    if (inner === null || inner.length > MAX_VALUE) isKnown = false
    return inner ?? ''
  })
  return isKnown && !out.includes('$') && out.length <= MAX_VALUE ? out : null
}
