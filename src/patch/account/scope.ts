/** What a line of a file stands in: its function or section, and the condition around it. Pure. */
import type { ByteString } from '../../model/bytes.ts'

const OPENS = /^\s*(?:#\s*if(?:n?def)?\b|if(?:n?eq|n?def)\b)/
const TURNS = /^\s*(?:#\s*(?:else|elif)\b|else\b)/
const CLOSES = /^\s*(?:#\s*endif\b|endif\b)/

/** Two places with the same one are in the same function and under the same condition. */
export function scopeOf(lines: readonly ByteString[], at: number, isTop: boolean): string {
  return `${conditionOf(lines, at)}\0${isTop ? '' : holderOf(lines, at)}`
}

/** The innermost condition that is open there, with the branch of it; empty where none is. */
function conditionOf(lines: readonly ByteString[], at: number): ByteString {
  let depth = 0
  let branch = ''
  for (let above = at - 1; above >= 0; above--) {
    const line = lines[above] ?? ''
    if (CLOSES.test(line)) depth++
    else if (OPENS.test(line)) {
      if (depth === 0) return `${line.trim()} ${branch}`
      depth--
    } else if (depth === 0 && branch === '' && TURNS.test(line) && /^\S|^\s*#/.test(line)) branch = line.trim()
  }
  return ''
}

/** The nearest line above that begins at the margin: a function's head, a section, a rule's target. */
function holderOf(lines: readonly ByteString[], at: number): ByteString {
  for (let above = at - 1; above >= 0; above--) {
    const line = lines[above] ?? ''
    if (/^[A-Za-z_[$.][^;]*$/.test(line.trimEnd()) && !/^[A-Za-z_]\w*:\s*$/.test(line)) return line.trim()
    if (/^}/.test(line)) return ''
  }
  return ''
}

/** Whether lines stand at the margin: what they are part of is the file. */
export function isTopLevel(lines: readonly ByteString[]): boolean {
  const telling = lines.filter((line) => /\w/.test(line))
  return telling.length > 0 && telling.some((line) => /^\S/.test(line)) && /^\S/.test(telling[0] ?? '')
}
