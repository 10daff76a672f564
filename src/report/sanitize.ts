/**
 * Makes text from patches and repositories safe to print: no terminal escapes, nothing invisible,
 * nothing that reorders.
 */

/**
 * Controls, what is invisible or reorders (soft hyphen, zero-width, bidirectional, tags),
 * separators, lone surrogates, blank fillers.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu

/** In a JSON text, whose own line feeds stay. */
export function escapeUnsafe(json: string): string {
  return json.replace(UNSAFE, (character) => {
    if (character === '\n') return character
    return [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join('')
  })
}

/**
 * For one line on a terminal; a tab becomes a blank, anything else that is not for reading its
 * code.
 */
export function forTerminal(text: string): string {
  return text.replaceAll('\t', ' ').replace(UNSAFE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}

/** For text of several lines: line feeds stay, and tabs, which only move. */
export function linesForTerminal(text: string): string[] {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''))
  if (lines.at(-1) === '') lines.pop()
  return lines.map((line) => line.split('\t').map(forTerminal).join('\t'))
}

/**
 * What could move or hide something on a terminal: any control but colours, tabs and line ends, and
 * what reorders.
 */
const MOVING = /(?!\u001b\[[0-9;]*m|\r?\n|\t)[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu

/**
 * For whatever is about to be written: what slipped through so far. A record may be of somebody
 * else's making, and holds what it likes.
 */
export function forOutput(text: string): string {
  return text.replace(MOVING, forTerminal)
}

/** A word of a command that a person may copy into a shell. */
export function shellWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word
  if (word.search(UNSAFE) < 0) return `'${word.replaceAll("'", "'\\''")}'`
  // bash(1), QUOTING: the only way to write what is not for reading.
  const escaped = word
    .replace(/[\\']/g, '\\$&')
    .replace(UNSAFE, (character) => `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`)
  return `$'${escaped}'`
}

/** The same of a path, which must not be taken for an option. */
export function shellPath(path: string): string {
  return shellWord(path.startsWith('-') ? `./${path}` : path)
}

const ENTITIES: Record<string, string> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '`': '&#96;' },
}

/** For HTML, as text or in a quoted attribute. */
export function forHtml(text: string): string {
  return forTerminal(text).replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? '')
}

/** Without what stands for a password in an address: it may be a token. */
export function withoutPasswords(text: string): string {
  return text.replace(/(?<=\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@]*@/gi, '')
}
