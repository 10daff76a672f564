/** The commands of lines of shell, as far as %prep needs them: read, never run (sh(1)). */
import type { ByteString } from '../../../model/bytes.ts'

export interface Command<Place> {
  /** Without quotes; a parenthesis, a brace and a word such as "do" are commands of their own. */
  words: ByteString[]
  /** The file that "<" names. */
  input: ByteString | null
  /** Whether its output is the next command's input. */
  isPiped: boolean
  place: Place
}

/** They stand in front of a command, and are none. */
const KEYWORDS = new Set(['do', 'then', 'else', 'if', 'elif', 'while', 'until', '{', '!', 'time'])
const TOKEN =
  /\s+|(#.*)|(\d*>&\d*-?|&?\d*>{1,2}|<<<|<<-?|<)|(&&|\|\||\||;;|;|&|\(|\))|((?:[^\s<>|;&()"'\\]|\\.|"(?:[^"\\]|\\.)*"?|'[^']*'?|\\$)+)/gsy

/** `line`: without line feeds that a backslash hides. */
export function commandsIn<Place>(line: ByteString, place: Place): Command<Place>[] {
  const commands: Command<Place>[] = []
  let current: Command<Place> = { words: [], input: null, isPiped: false, place }
  const end = (isPiped: boolean) => {
    current.isPiped = isPiped
    if (current.words.length > 0 || current.input !== null) commands.push(current)
    current = { words: [], input: null, isPiped: false, place }
  }
  let redirection: string | null = null
  for (const [whole, comment, redirects, operator, word] of line.matchAll(TOKEN)) {
    if (comment !== undefined) {
      if (!/\S$/.test(line.slice(0, line.indexOf(whole)))) break
    } else if (redirects !== undefined)
      redirection = redirects.includes('&') && /\d|-$/.test(redirects) ? null : redirects
    else if (operator !== undefined) {
      end(operator === '|')
      if (/[()]/.test(operator)) commands.push({ words: [operator], input: null, isPiped: false, place })
    } else if (word !== undefined) {
      const plain = unquoted(word)
      if (redirection === '<') current.input = plain
      else if (redirection === null) current.words.push(plain)
      redirection = null
      if (current.words.length === 1 && KEYWORDS.has(plain)) end(false)
    }
  }
  end(false)
  return commands
}

function unquoted(word: ByteString): ByteString {
  return word.replace(/\\(.)|"((?:[^"\\]|\\.)*)"?|'([^']*)'?|\\$/gs, (_, escaped, double, single) => {
    return escaped ?? double?.replace(/\\(["\\$`])/g, '$1') ?? single ?? ''
  })
}
