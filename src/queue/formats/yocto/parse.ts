/** The statements of a BitBake file that set variables or take in others (BitBake User Manual, chapter 3). */
import type { ByteString } from '../../../model/bytes.ts'

export type BitBakeLine =
  | { kind: 'set'; name: ByteString; operator: ByteString; value: ByteString; line: number }
  | { kind: 'include'; path: ByteString; isRequired: boolean; line: number }
  | { kind: 'inherit'; classes: ByteString[] }

/** Stands for a backslash at the end of a line: it is taken out, and lines are counted by it. */
export const CONTINUED = '\x01'

const ASSIGNMENT =
  /^(?:export[ \t]+)?([\w${}.:+/~-]+?)[ \t]*(:=|\?\?=|\?=|\+=|=\+|\.=|=\.|=)[ \t]*(["'])(.*)\3[ \t\x01]*$/s
const FUNCTION = /^(?:(?:fakeroot|python)\s+)*[\w.${}:+-]*\s*\(\s*\)\s*\{\s*$/

/**
 * Functions, flags and all else are left out. Blanks at the end of a line are none, as for BitBake:
 * a line goes on though some stand behind its backslash.
 */
export function parseBitBake(text: ByteString): BitBakeLine[] {
  const found: BitBakeLine[] = []
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at++) {
    const line = at + 1
    let whole = withoutEnd(lines[at] ?? '')
    if (/^\s*#/.test(whole) || whole.trim() === '') continue
    if (FUNCTION.test(whole)) {
      while (at + 1 < lines.length && !/^\}/.test(lines[++at] ?? ''));
      continue
    }
    if (/^(?:async\s+)?def\s/.test(whole)) {
      while (at + 1 < lines.length && /^(?:[ \t]|#|$)/.test(lines[at + 1] ?? '')) at++
      continue
    }
    const parts = [whole]
    while (/\\$/.test(whole) && at + 1 < lines.length) {
      whole = withoutEnd(lines[++at] ?? '')
      parts.push(whole)
    }
    const joined = parts.map((part, index) => (index < parts.length - 1 ? part.slice(0, -1) : part)).join(CONTINUED)
    const statement = statementOf(joined, line)
    if (statement) found.push(statement)
  }
  return found
}

/** A line without the blanks at its end; bytes above 0x7f are none, though a text's may be. */
function withoutEnd(line: ByteString): ByteString {
  let end = line.length
  while (end > 0 && ' \t\r\f\v'.includes(line[end - 1] ?? '')) end--
  return line.slice(0, end)
}

function statementOf(text: ByteString, line: number): BitBakeLine | null {
  const [, how, path] = /^(require|include|include_all)[ \t]+(\S+)/.exec(text) ?? []
  if (path !== undefined) return { kind: 'include', path, isRequired: how === 'require', line }
  const [, classes] = /^inherit(?:_defer)?[ \t]+(.*)$/s.exec(text) ?? []
  if (classes !== undefined) return { kind: 'inherit', classes: classes.split(/[\s\x01]+/) }
  const [, name, operator, , value] = ASSIGNMENT.exec(text) ?? []
  if (name === undefined || operator === undefined || value === undefined) return null
  return { kind: 'set', name, operator, value, line }
}
