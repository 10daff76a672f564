/** Lines that fit a terminal: columns, cutting and wrapping by what characters occupy on it. */
import { createColors } from 'picocolors'
import stringWidth from 'string-width'

/** How wide the reader's terminal is, and whether it takes colour. */
export interface Medium {
  /** Columns; infinite where nothing is to be cut. */
  width: number
  color: boolean
}

export type Style = ReturnType<typeof createColors>

export function styleFor(medium: Medium): Style {
  return createColors(medium.color)
}

/** Cut to `width` columns, with an ellipsis in place of what is missing. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  return `${take(text, width - 1)}…`
}

/** Cut in the middle: both ends of a file name tell. */
export function cutMiddle(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  const tail = Math.floor((width - 1) * 0.4)
  const reversed = [...text].reverse().join('')
  return `${take(text, width - 1 - tail)}…${[...take(reversed, tail)].reverse().join('')}`
}

/** A path without as many folders in its middle as it takes to fit: the file's name stays. */
export function shortPath(path: string, width: number): string {
  const [first, ...rest] = path.split('/')
  if (stringWidth(path) <= width) return path
  // The last folders tell more than the first ones.
  const shorter = rest.slice(1).map((_, at) => `${first}/…/${rest.slice(at + 1).join('/')}`)
  return shorter.find((one) => stringWidth(one) <= width) ?? cutMiddle(path, width)
}

function take(text: string, width: number): string {
  let taken = ''
  let used = 0
  for (const character of text) {
    used += stringWidth(character)
    if (used > width) break
    taken += character
  }
  return taken
}

export function pad(text: string, width: number): string {
  if (width === Number.POSITIVE_INFINITY) return text
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)))
}

/** Words joined into lines of at most `width` columns, each begun by `indent`. */
export function wrap(words: readonly string[], width: number, indent: string): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of words) {
    if (line !== '' && stringWidth(indent) + stringWidth(line) + 2 + stringWidth(word) > width) {
      lines.push(indent + line)
      line = word
    } else line = line === '' ? word : `${line}  ${word}`
  }
  if (line !== '') lines.push(indent + line)
  return lines
}

/** A sentence in lines of at most `width` columns, each begun by `indent`; no word is broken. */
export function fold(text: string, width: number, indent: string): string[] {
  const lines: string[] = []
  let line = indent
  for (const word of text.split(' ')) {
    const longer = line === indent ? indent + word : `${line} ${word}`
    if (line !== indent && stringWidth(longer) > width) {
      lines.push(line)
      line = indent + word
    } else line = longer
  }
  return [...lines, line]
}

/** `left`, and `right` at the edge of the terminal where both fit. */
export function spread(left: string, right: string, width: number): string {
  if (right === '') return left
  const gap = width - stringWidth(left) - stringWidth(right)
  if (gap === Number.POSITIVE_INFINITY) return `${left}  ${right}`
  return gap >= 2 ? left + ' '.repeat(gap) + right : `${left}\n${right}`
}

/** A share of a whole, in whole per cent; never 100 % of something that is not whole. */
export function percent(share: number): string {
  if (share > 0 && share < 0.005) return 'less than 1 %'
  return `${share === 1 ? 100 : Math.min(99, Math.round(share * 100))} %`
}

/** With a comma between thousands. */
export function count(number: number): string {
  return number.toLocaleString('en')
}

export function plural(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`
}

/** A command to go on with, and in a few words why. */
export type NextCommand = readonly [command: string, why: string]

/** "next", and the commands: each whole on a line of its own, why it is named where that fits. */
export function nextLines(wanted: readonly (NextCommand | false)[], { width, color }: Medium): string[] {
  const commands = wanted.filter((command) => command !== false)
  const style = styleFor({ width, color })
  const longest = Math.max(0, ...commands.map(([command]) => stringWidth(command)))
  const rowsOf = (column: number) => commands.map(([command, why]) => `${pad(command, column)}   ${why}`)
  const fits = (row: string) => stringWidth(row) + 6 <= width
  const rows = rowsOf(longest).every(fits) ? rowsOf(longest) : rowsOf(0)
  return commands.map(([command], at) => {
    const row = rows[at] ?? ''
    return `${at === 0 ? style.bold('next') : '    '}  ${fits(row) ? row : command}`
  })
}

/** Words as the beginning of a sentence. */
export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
