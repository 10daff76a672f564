/** Reads what `rebaseline.yaml` says; a key that nobody knows is an error, and so is a slip of the pen. */
import { UserError } from '../errors.ts'
import { PATCH_CLASSES, type PatchClass } from '../model/audit.ts'
import { type Config, NO_CONFIG, type Setting } from '../model/config.ts'
import { FORMATS, type FormatName } from '../model/queue.ts'
import { readGate } from './gates.ts'
import { parseYaml, type YamlNode } from './yaml.ts'

/** What a key adds to the configuration. */
type KeyReader = (value: YamlNode) => Partial<Config>

/** A further key is one more line here, and a field of `Config`. */
const KEYS: Readonly<Record<string, KeyReader>> = {
  name: (value) => ({ name: wordsOf(value, 'name: is followed by what the queue is called') }),
  queue: (value) => ({ queue: wordsOf(value, 'queue: is followed by what lists the queue, from here') }),
  format: (value) => ({ format: formatOf(value) }),
  upstream: (value) => ({ upstream: wordsOf(value, 'a clone, a URL, or a directory of release tarballs') }),
  base: (value) => ({ base: baseOf(value) }),
  tags: (value) => ({ tags: wordsOf(value, "a glob that the upstream's releases fit, such as v*") }),
  record: (value) => ({ record: wordsOf(value, 'the file that attempts are recorded in') }),
  gates: (value) => ({ gates: itemsOf(value).map(readGate) }),
  sections: (value) => ({ sections: mapOf(value, classOf) }),
  retire: (value) => ({ retire: mapOf(value, conditionsOf) }),
}

/**
 * `file`: how messages name it.
 *
 * @throws UserError with the file, the line and the column of what is not understood.
 */
export function readConfig(file: string, text: string): Config {
  const root = parseYaml(text, file)
  if (root === null) return { ...NO_CONFIG, file }
  if (root.kind !== 'map')
    throw new UserError(`${root.at}: no key is there`, `the keys are ${Object.keys(KEYS).join(', ')}`)
  const parts = root.entries.map(({ key, value }) => {
    const read = Object.hasOwn(KEYS, key.words) ? KEYS[key.words] : undefined
    if (read) return read(value)
    throw new UserError(
      `${key.at}: the key "${key.words}" is not known`,
      `the keys are ${Object.keys(KEYS).join(', ')}`,
    )
  })
  return Object.assign({ ...NO_CONFIG, file }, ...parts)
}

function wordsOf(node: YamlNode, hint: string): Setting {
  if (node.kind !== 'words' || node.words === '') throw new UserError(`${node.at}: words are missing`, hint)
  if (/[\0-\x1f\x7f]/.test(node.words))
    throw new UserError(`${node.at}: a control character is among the words`, 'leave it out')
  return { value: node.words, line: node.line }
}

function formatOf(node: YamlNode): Setting<FormatName> {
  const { value, line } = wordsOf(node, FORMATS_KNOWN)
  const format = FORMATS.find((one) => one === value)
  if (format) return { value: format, line }
  throw new UserError(`${node.at}: "${value}" is no format`, FORMATS_KNOWN)
}

const FORMATS_KNOWN = `the formats are ${FORMATS.join(', ')}`

/** git-check-ref-format(1): what git would take for more than a name is none. */
function baseOf(node: YamlNode): Setting {
  const hint = 'write the name of a tag or a branch, or the id of a commit'
  const base = wordsOf(node, hint)
  if (!/^[-@]|[\s~^:?*[\\]|\.\.|@\{/.test(base.value)) return base
  throw new UserError(`${node.at}: "${base.value}" names no release`, hint)
}

function itemsOf(node: YamlNode): YamlNode[] {
  if (node.kind === 'list') return node.items
  throw new UserError(`${node.at}: a list is missing`, 'write one item a line, each behind "- "')
}

function mapOf<Value>(node: YamlNode, read: (value: YamlNode) => Value): Map<string, Setting<Value>> {
  if (node.kind !== 'map')
    throw new UserError(`${node.at}: names with their values are missing`, 'write one "name: value" a line')
  return new Map(node.entries.map(({ key, value }) => [key.words, { value: read(value), line: key.line }]))
}

function classOf(node: YamlNode): PatchClass {
  const { value } = wordsOf(node, CLASSES)
  const found = PATCH_CLASSES.find((one) => one === value)
  if (found) return found
  throw new UserError(`${node.at}: "${value}" is no class of patches`, CLASSES)
}

const CLASSES = `the classes are ${PATCH_CLASSES.join(', ')}`

function conditionsOf(node: YamlNode): string[] {
  const items = node.kind === 'list' ? node.items : [node]
  return items.map((one) => wordsOf(one, 'write when the patch is to leave, such as "base >= 4.19"').value)
}
