/** A YAML file as a tree of maps, lists and words, each of which knows where it stands. */
import { isMap, isScalar, isSeq, LineCounter, type ParsedNode, parseDocument } from 'yaml'
import { UserError } from '../errors.ts'

/** What stands in a YAML file, and where: "rebaseline.yaml:4:5". */
export type YamlNode = { at: string; line: number } & (
  | { kind: 'words'; words: string }
  | { kind: 'list'; items: YamlNode[] }
  | { kind: 'map'; entries: { key: YamlNode & { kind: 'words' }; value: YamlNode }[] }
)

const WORDS_ONLY = 'write plain words, lists and "key: value" pairs, without anchors, tags and aliases'

/** A deep nest of brackets or dashes brings the parser down, and with it the process. */
const LONGEST_LINE = 1000
const MOST_BRACKETS = 200

/**
 * `file`: how messages name it. `mostBrackets`: more for a file that is the user's own. Every scalar
 * is its words (YAML 1.2, failsafe schema): 4.10 stays 4.10, and no stays no. Null for a file that
 * says nothing. @throws UserError for what is no YAML.
 */
export function parseYaml(text: string, file: string, mostBrackets = MOST_BRACKETS): YamlNode | null {
  checkLimits(text, file, mostBrackets)
  const lines = new LineCounter()
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines, prettyErrors: false })
  const placeOf = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { at: `${file}:${line}:${col}`, line }
  }
  const [error] = [...document.errors, ...document.warnings]
  if (error) throw new UserError(`${placeOf(error.pos[0]).at}: ${firstLine(error.message)}`, WORDS_ONLY)
  const { contents } = document
  return contents === null || isEmpty(contents) ? null : toNode(contents as ParsedNode, placeOf)
}

function checkLimits(text: string, file: string, mostBrackets: number): void {
  const tooLong = text.split('\n').findIndex((line) => line.length > LONGEST_LINE)
  if (tooLong >= 0)
    throw new UserError(
      `${file}:${tooLong + 1}:${LONGEST_LINE}: a line has more than ${LONGEST_LINE} characters`,
      'break it',
    )
  if ((text.match(/[[{]/g)?.length ?? 0) > mostBrackets)
    throw new UserError(
      `${file}: it has more than ${mostBrackets} opening brackets`,
      'write lists with "-", one item a line',
    )
}

function toNode(node: ParsedNode | null, placeOf: (offset: number) => { at: string; line: number }): YamlNode {
  const place = placeOf(node?.range[0] ?? 0)
  if (isScalar(node)) return { ...place, kind: 'words', words: String(node.value ?? '').trim() }
  if (isSeq(node)) {
    return { ...place, kind: 'list', items: node.items.map((item) => toNode(item as ParsedNode, placeOf)) }
  }
  if (!isMap(node)) throw new UserError(`${place.at}: this is no word, list or map`, WORDS_ONLY)
  const entries = node.items.map(({ key, value }) => {
    const name = toNode(key as ParsedNode, placeOf)
    if (name.kind !== 'words') throw new UserError(`${name.at}: a key must be a word`, WORDS_ONLY)
    const missing = { ...placeOf((key as ParsedNode).range[0]), kind: 'words', words: '' } as const
    return { key: name, value: value === null ? missing : toNode(value as ParsedNode, placeOf) }
  })
  return { ...place, kind: 'map', entries }
}

function isEmpty(node: unknown): boolean {
  return isScalar(node) && (node.value === null || node.value === '')
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message
}
