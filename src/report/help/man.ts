/** Manual pages, as mdoc(7) has them. */
import { filled } from './topic-text.ts'
import type { Topic } from './topics.ts'

/** A command, or the command below another, as a page shows it. */
export interface ManCommand {
  /** "rebaseline history flow". */
  name: string
  summary: string
  description: string
  /** What stands behind the name: "[options] <from> <to>". */
  usage: string
  options: readonly ManTerm[]
  arguments: readonly ManTerm[]
  /** Examples and what else is told behind the help. */
  behind: string
}

export interface ManTerm {
  term: string
  description: string
}

/** The page of a command, with those below it. `now`: milliseconds since 1970. */
export function commandToMan(command: ManCommand, below: readonly ManCommand[], also: string[], now: number): string {
  const { name, summary } = command
  const page = name.replaceAll(' ', '-')
  return join([
    ...head(page, 1, now),
    ...['.Sh NAME', `.Nm ${page}`, `.Nd ${escaped(summary.replace(/\.$/, ''))}`],
    ...['.Sh SYNOPSIS', `.Nm ${name}`, ...synopsis(command)],
    ...['.Sh DESCRIPTION', ...paragraphs(command.description), ...termsOf(command)],
    ...below.flatMap((one) => [`.Ss ${escaped(one.name)}`, ...bodyOf(one)]),
    ...behindOf(command.behind),
    ...seeAlso(also),
  ])
}

/** The page of a topic. */
export function topicToMan({ name, summary, parts }: Topic, also: string[], now: number): string {
  const body = parts.flatMap((part, at) => {
    const begin = at === 0 ? [] : ['.Pp']
    if (typeof part === 'string') return [...begin, ...sentences(part)]
    if ('code' in part) return literal(part.code.split('\n'))
    return list(Object.entries(part.terms).map(([term, description]) => ({ term, description })))
  })
  const page = `rebaseline-${name}`
  const top = [...head(page, 7, now), '.Sh NAME', `.Nm ${page}`, `.Nd ${escaped(summary)}`]
  return join([...top, '.Sh DESCRIPTION', ...body, ...seeAlso(also)])
}

function head(page: string, section: number, now: number): string[] {
  const date = new Date(now)
  const month = date.toLocaleString('en', { month: 'long', timeZone: 'UTC' })
  return [`.Dd ${month} ${date.getUTCDate()}, ${date.getUTCFullYear()}`, `.Dt ${page.toUpperCase()} ${section}`, '.Os']
}

function synopsis({ usage }: ManCommand): string[] {
  const words = usage.match(/\[[^\]]*\]|<[^>]*>/g) ?? []
  return words.map((word) => {
    const name = word.slice(1, -1).replace('...', ' ...')
    return word.startsWith('[') ? `.Op Ar ${escaped(name)}` : `.Ar ${escaped(name)}`
  })
}

function bodyOf(command: ManCommand): string[] {
  const { name, usage, summary, description, behind } = command
  const said = paragraphs(description || `${summary[0]?.toUpperCase()}${summary.slice(1)}.`)
  return [...literal([`${name} ${usage}`]), ...said, ...termsOf(command), ...behindOf(behind)]
}

function termsOf({ options, arguments: args }: ManCommand): string[] {
  const terms = [...args, ...options]
  return terms.length === 0 ? [] : list(terms)
}

function list(terms: readonly ManTerm[]): string[] {
  const items = terms.flatMap(({ term, description }) => [`.It ${termOf(term)}`, ...sentences(description)])
  return ['.Bl -tag -width Ds', ...items, '.El']
}

/** "-q, --quiet", "--onto <commit...>", "patch". */
function termOf(term: string): string {
  const parts = term.match(/--?[\w-]+|[[<][^\]>]*[\]>]|[^\s,]+/g) ?? []
  return parts
    .map((part) => {
      if (part.startsWith('-')) return `Fl ${escaped(part.slice(1))}`
      const name = part.replace(/^[[<]|[\]>]$/g, '').replace('...', ' ...')
      return part.startsWith('[')
        ? `Op Ar ${escaped(name)}`
        : part.startsWith('<')
          ? `Ar ${escaped(name)}`
          : `Sy ${escaped(part)}`
    })
    .join(' ')
}

/** Blocks that are indented are shown as they are; what is left is told in sentences. */
function behindOf(text: string): string[] {
  const lines = text.split('\n')
  const parts: string[] = []
  let code: string[] = []
  const flush = () => {
    if (code.length > 0) parts.push(...literal(code))
    code = []
  }
  for (const line of lines) {
    if (/^ {2}/.test(line)) code.push(line.slice(2))
    else {
      flush()
      if (line !== '') parts.push('.Pp', ...sentences(line))
    }
  }
  flush()
  return parts
}

function literal(lines: readonly string[]): string[] {
  return ['.Bd -literal -offset indent', ...lines.map((line) => escapeLine(line)), '.Ed']
}

/** By section, and in each by name. */
function seeAlso(pages: readonly string[]): string[] {
  if (pages.length === 0) return []
  const sections = pages.map((page) => page.split('.').reverse().join(' ')).sort()
  const names = sections.map((one, at) => {
    const [section, name] = one.split(' ')
    return `.Xr ${name} ${section}${at === pages.length - 1 ? '' : ' ,'}`
  })
  return ['.Sh SEE ALSO', ...names]
}

function paragraphs(text: string): string[] {
  return text
    .split('\n\n')
    .flatMap((part, at) => [...(at === 0 ? [] : ['.Pp']), ...sentences(part.replaceAll('\n', ' '))])
}

/** mdoc(7): each sentence begins a line, and no line of text is long. */
function sentences(text: string): string[] {
  const told = text
    .replace(/\s+/g, ' ')
    .trim()
    .split(/(?<=[a-z0-9)"'][.!?])\s+(?=\S)/)
  return told.flatMap((sentence) => filled(sentence, 76)).map(escapeLine)
}

/** A line that begins with a control character of roff(7) would be a request. */
function escapeLine(line: string): string {
  return /^[.']/.test(line) ? `\\&${escaped(line)}` : escaped(line)
}

/** What roff(7) would take for more than text; a name before "()" is no function's here. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\e').replaceAll('()', '\\&()')
}

function join(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`
}
