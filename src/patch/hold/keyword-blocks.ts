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
  const open = new OpenWords()
  for (const [at, line] of lines.entries()) {
    const end = ENDS.exec(line)?.[1]
    const word = WORD.exec(line)?.[1]?.replace(/^ifn?(?:eq|def)$/, 'if') ?? ''
    if (end !== undefined) {
      const from = open.end(end)
      if (from === null) continue
      opened.add(from)
      closed.add(at)
    } else if (OPENS.has(word) && !/\b(?:fi|done|esac|end)[\s;)]*$/.test(line)) open.begin(word, at)
  }
  return { opened, closed }
}

/** Words that wait for their end. Most languages have none: so those of each kind are counted. */
class OpenWords {
  readonly #open: { word: string; at: number }[] = []
  readonly #counts = new Map<string, number>()

  begin(word: string, at: number): void {
    this.#open.push({ word, at })
    this.#count(word, 1)
  }

  /** The line of the word that is ended, with which all behind it are; null where there is none. */
  end(end: string): number | null {
    if (![...this.#counts].some(([word, count]) => count > 0 && endsWith(word, end))) return null
    for (let last = this.#open.pop(); last; last = this.#open.pop()) {
      this.#count(last.word, -1)
      if (endsWith(last.word, end)) return last.at
    }
    return null
  }

  #count(word: string, by: number): void {
    this.#counts.set(word, (this.#counts.get(word) ?? 0) + by)
  }
}

function endsWith(word: string, end: string): boolean {
  if (end === 'fi') return word === 'if'
  if (end === 'esac') return word === 'case'
  if (end === 'done') return LOOPS.includes(word)
  if (end === 'endef') return word === 'define'
  return end === 'end' || end === `end${word}`
}
