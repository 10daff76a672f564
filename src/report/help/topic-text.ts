/** A topic as text: wrapped, its words in a column. */
import { type Medium, pad, styleFor } from '../layout.ts'
import type { Topic, TopicPart } from './topics.ts'

/** No text is wider: lines that are too long are hard to read. */
const MOST_COLUMNS = 100

export function topicToText({ summary, parts }: Topic, medium: Medium): string {
  const style = styleFor(medium)
  const width = Math.min(medium.width, MOST_COLUMNS)
  const blocks = parts.map((part) => linesOf(part, width).join('\n'))
  return `${[style.bold(`${summary[0]?.toUpperCase()}${summary.slice(1)}`), ...blocks].join('\n\n')}\n`
}

/** The topics in a list. */
export function topicsToText(topics: readonly Topic[]): string {
  const rows = topics.map(
    ({ name, summary }) => `  ${pad(name, columnOf(topics.map((topic) => topic.name)))}${summary}`,
  )
  return `Topics (rebaseline help TOPIC):\n${rows.join('\n')}\n`
}

function linesOf(part: TopicPart, width: number): string[] {
  if (typeof part === 'string') return filled(part, width)
  if ('code' in part) return part.code.split('\n').map((line) => `  $ ${line}`)
  const column = columnOf(Object.keys(part.terms))
  return Object.entries(part.terms).flatMap(([term, words]) => {
    const lines = filled(words, width - column - 2)
    return lines.map((line, at) => `  ${pad(at === 0 ? term : '', column)}${line}`)
  })
}

function columnOf(words: readonly string[]): number {
  return Math.max(...words.map(({ length }) => length)) + 2
}

/** Words in lines of at most `width` columns. */
export function filled(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
