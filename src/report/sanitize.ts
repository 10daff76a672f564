/** Makes text from patches and repositories safe to print: no terminal escapes, nothing invisible, nothing that reorders. */

/** Controls, what is invisible or reorders (soft hyphen, zero-width, bidirectional, tags), separators, lone surrogates, blank fillers. */
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

/** For one line on a terminal; a tab becomes a blank, anything else that is not for reading its code. */
export function forTerminal(text: string): string {
  return text.replaceAll('\t', ' ').replace(UNSAFE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}

/** For text of several lines: line feeds stay, and tabs, which only move. */
export function linesForTerminal(text: string): string[] {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''))
  if (lines.at(-1) === '') lines.pop()
  return lines.map((line) => line.split('\t').map(forTerminal).join('\t'))
}

const ENTITIES: Record<string, string> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '`': '&#96;' },
}

/** For HTML, as text or in a quoted attribute. */
export function forHtml(text: string): string {
  return forTerminal(text).replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? '')
}
