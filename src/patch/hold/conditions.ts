/**
 * What holds only on a condition, or not at all: `#if`, make's `ifeq`, Helm's `{{ if }}`, comments.
 * Pure.
 */
import type { ByteString } from '../../model/bytes.ts'

const OPENS = /^\s*(?:#\s*if|ifn?eq\b|ifn?def\b|\{\{-?\s*(?:if|with|range)\b)/
const CLOSES = /^\s*(?:#\s*endif\b|endif\b|\{\{-?\s*end\b)/
const TURNS = /^\s*(?:#\s*(?:else|elif)\b|\{\{-?\s*else\b)/

/**
 * For every line the conditions that it stands under, as one string; '' for none. Only those that a
 * line opens or turns of which `counts` says so: what both sides of a comparison have says nothing.
 */
export function conditionsOf(lines: readonly ByteString[], counts: (at: number) => boolean): string[] {
  const open: Condition[] = []
  return lines.map((line, at) => {
    const text = line.trim()
    const one = { text, counts: counts(at) }
    if (OPENS.test(line)) open.push(one)
    else if (CLOSES.test(line)) {
      // What closes a condition of the other side leaves lines outside that were inside.
      if (open.length === 0 || isComment(open.at(-1))) open.push(one)
      else open.pop()
    } else if (TURNS.test(line)) turn(open, one)
    else if (turnsQuotation(line)) {
      if (open.at(-1)?.text === QUOTES) open.pop()
      else open.push({ text: QUOTES, counts: counts(at) })
    } else if (opensComment(line)) open.push({ text: '/*', counts: counts(at) })
    else if (line.includes('*/') && isComment(open.at(-1))) open.pop()
    return open.flatMap((condition) => (condition.counts ? [condition.text] : [])).join('\n')
  })
}

interface Condition {
  text: string
  counts: boolean
}

/** From here on the other case of the innermost condition holds. */
function turn(open: Condition[], one: Condition): void {
  const last = open.pop()
  open.push(last ? { text: `${last.text} ${one.text}`, counts: last.counts || one.counts } : one)
}

function isComment(condition: Condition | undefined): boolean {
  return condition?.text === '/*'
}

/** What Python puts round a text of several lines: code in it is none. */
const QUOTES = '"""'

function turnsQuotation(line: ByteString): boolean {
  return line.split(QUOTES).length % 2 === 0
}

function opensComment(line: ByteString): boolean {
  const from = line.lastIndexOf('/*')
  return from >= 0 && line.indexOf('*/', from) < 0
}

/** Of every line how many braces are open in front of it. */
export function depthsOf(lines: readonly ByteString[]): number[] {
  let depth = 0
  return lines.map((line) => {
    const before = depth
    for (const brace of line.match(/[{}]/g) ?? []) depth += brace === '{' ? 1 : -1
    return before
  })
}
