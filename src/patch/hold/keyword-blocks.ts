/**
 * Blocks that one word opens and another ends: of shell, make, CMake, Kconfig, Lua, Ruby, templates.
 * Pure.
 */
import type { ByteString } from '../../model/bytes.ts'

/** Words that open a block, whichever language it is. */
const OPENS = new Set(
  'if unless for foreach while until case with define function macro def do begin switch select'.split(' '),
)
const WORD = /^\s*(?:\{%-?\s*|<\?(?:php)?\s*|<%-?\s*)?([a-z]+)\b/
/** Behind a word that ends a block: nothing, brackets, or where its output goes. A label has a colon. */
const ENDS = /^\s*(?:\{%-?\s*|<\?(?:php)?\s*|<%-?\s*)?(fi|done|esac|end[a-z]*)\s*(?:$|[();<>|&#]|-?%\}|%>|\?>)/
const LOOPS = ['for', 'while', 'until', 'select', 'foreach']

/** The lines that open such blocks and those that end them; of what does not end there is none. */
export function keywordBlocks(lines: readonly ByteString[]): { opened: Set<number>; closed: Set<number> } {
  const [opened, closed] = [new Set<number>(), new Set<number>()]
  const open: { word: string; at: number }[] = []
  for (const [at, line] of lines.entries()) {
    const end = ENDS.exec(line)?.[1]
    const word = WORD.exec(line)?.[1]?.replace(/^ifn?(?:eq|def)$/, 'if') ?? ''
    if (end !== undefined) {
      const from = open.findLastIndex((one) => endsWith(one.word, end))
      const [ended] = from < 0 ? [] : open.splice(from)
      if (ended) {
        opened.add(ended.at)
        closed.add(at)
      }
    } else if (OPENS.has(word) && !/\b(?:fi|done|esac|end)[\s;)]*$/.test(line)) open.push({ word, at })
  }
  return { opened, closed }
}

function endsWith(word: string, end: string): boolean {
  if (end === 'fi') return word === 'if'
  if (end === 'esac') return word === 'case'
  if (end === 'done') return LOOPS.includes(word)
  if (end === 'endef') return word === 'define'
  return end === 'end' || end === `end${word}`
}
