/** Help in the columns of a terminal: what commander leaves as it was written. */
import { fold } from '../layout.ts'

const EXAMPLE = /^( {2}\$ .*?) {2,}(\S.*)$/
const COMMENT = ' '.repeat(6)

/** Prose is folded anew, and what an example is for goes below it where it has no room; a command stays whole. */
export function foldHelp(text: string, width: number): string {
  const lines: string[] = []
  for (const line of joined(text.split('\n'))) {
    const [, example, comment] = EXAMPLE.exec(line) ?? []
    if (line.length <= width || (/^ /.test(line) && example === undefined)) lines.push(line)
    else if (example === undefined) lines.push(...fold(line, width, ''))
    else lines.push(example, ...fold(comment ?? '', width, COMMENT))
  }
  return lines.join('\n')
}

/** Lines of prose that end within a sentence, with those that end it. */
function joined(lines: readonly string[]): string[] {
  const whole: string[] = []
  let isOpen = false
  for (const line of lines) {
    const isProse = /^\S/.test(line)
    if (isOpen && isProse) whole.push(`${whole.pop()} ${line}`)
    else whole.push(line)
    isOpen = isProse && !/[.:;]$/.test(line)
  }
  return whole
}
