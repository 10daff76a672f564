/** What is compiled only on a condition, or not at all: `#if`, make's `ifeq`, comments. Pure. */
import type { ByteString } from '../model/bytes.ts'

const OPENS = /^\s*(?:#\s*if|ifn?eq\b|ifn?def\b)/
const CLOSES = /^\s*(?:#\s*endif\b|endif\b)/
const TURNS = /^\s*#\s*(?:else|elif)\b/

/**
 * For every line the conditions that it stands under, as one string; '' for none. Only lines that `counts` says open and close
 * them, so that what both sides of a comparison have says nothing.
 */
export function conditionsOf(lines: readonly ByteString[], counts: (at: number) => boolean): string[] {
  const open: string[] = []
  return lines.map((line, at) => {
    if (!counts(at)) return open.join('\n')
    if (OPENS.test(line)) open.push(line.trim())
    else if (CLOSES.test(line)) {
      // What closes a condition of the other side leaves lines outside that were inside.
      if (open.length > 0 && !open.at(-1)?.startsWith('/*')) open.pop()
      else open.push(line.trim())
    } else if (TURNS.test(line)) open.push(line.trim())
    else if (opensComment(line)) open.push('/*')
    else if (line.includes('*/') && open.at(-1) === '/*') open.pop()
    return open.join('\n')
  })
}

function opensComment(line: ByteString): boolean {
  const from = line.lastIndexOf('/*')
  return from >= 0 && line.indexOf('*/', from) < 0
}
