/** What `patch`, `git apply` and `git am` of a script would apply. */
import type { ByteString } from '../../../model/bytes.ts'
import { type Call, resolvePath } from './call.ts'
import type { Field } from './scope.ts'

export interface Applying {
  /** Their whole paths. */
  files: Field[]
  /** Null where the command does not say it. */
  strip: number | null
  reversed: boolean
  directory: ByteString
  /** The command that changes a patch on its way, "sed"; null where none does. */
  changedBy: ByteString | null
}

/** Options of patch(1) that take a word of their own. */
const WITH_WORD = 'BDFVYdgioprxz'
const LONG_WITH_WORD = /^--(?:strip|directory|input|fuzz|prefix|suffix|output|reject-file|get|ifdef|version-control)$/
/** Commands that pass a file on as it is; gunzip and its like unpack it. */
const PASSES_ON = /^(?:cat|[bglx]?zcat|zstdcat|bzcat|xzcat|lzcat|gzip|gunzip|bzip2|bunzip2|xz|unxz|zstd)$/

/** Null for a command that applies nothing. */
export function applyingOf(call: Call): Applying | null {
  if (call.name === 'patch' || call.name.endsWith('/patch') || call.name === 'gpatch') return ofPatch(call)
  return call.name === 'git' ? ofGit(call) : null
}

function ofPatch(call: Call): Applying | null {
  const { options, rest } = optionsOf(call.words)
  if (options.has('--dry-run') || options.has('-v') || options.has('--version')) return null
  const directory = options.get('-d') ?? options.get('--directory')
  const from = resolvePath(call.directory, directory?.text ?? '')
  // patch(1) changes to its directory before it opens what it is told by name.
  const named = options.get('-i') ?? options.get('--input') ?? rest[1]
  const isNamed = named !== undefined && named.text !== '-'
  return {
    ...(isNamed ? { files: [resolved(named, from)], changedBy: null } : inputOf(call, call.input ?? undefined)),
    strip: levelOf(options.get('-p') ?? options.get('--strip')),
    reversed: options.has('-R') || options.has('--reverse'),
    directory: from,
  }
}

function ofGit(call: Call): Applying | null {
  const { directory, verb, words } = gitVerb(call)
  if (verb !== 'apply' && verb !== 'am') return null
  const { options, rest } = optionsOf(words)
  const asks = ['--check', '--stat', '--numstat', '--summary', '--abort', '--skip', '--continue', '--quit']
  if (asks.some((option) => options.has(option)) && !options.has('--apply')) return null
  const below = options.get('--directory')
  const named = rest.map((file) => resolved(file, directory))
  const given = named.length > 0 ? { files: named, changedBy: null } : inputOf(call, call.input ?? undefined)
  return {
    ...given,
    strip: levelOf(options.get('-p')) ?? 1,
    reversed: options.has('-R') || options.has('--reverse'),
    directory: resolvePath(directory, below?.text ?? ''),
  }
}

/** The command of git, and what stands behind it. */
export function gitVerb({ words, directory }: Call): { verb: ByteString; words: Field[]; directory: ByteString } {
  let from = directory
  for (let at = 0; at < words.length; at++) {
    const { text } = words[at] as Field
    if (text === '-C') from = resolvePath(from, words[++at]?.text ?? '')
    else if (text === '-c') at++
    else if (!text.startsWith('-')) return { verb: text, words: words.slice(at + 1), directory: from }
  }
  return { verb: '', words: [], directory: from }
}

function resolved(file: Field, directory: ByteString): Field {
  return { ...file, text: resolvePath(directory, file.text) }
}

/** What the shell opens, from where the command is started. */
function inputOf({ piped, directory }: Call, input: Field | undefined): Pick<Applying, 'files' | 'changedBy'> {
  if (input) return { files: [resolved(input, directory)], changedBy: null }
  if (!piped) return { files: [], changedBy: null }
  const last = piped.input ?? piped.words.findLast(({ text }) => !text.startsWith('-') && text !== '')
  if (!last) return inputOf(piped, undefined)
  return { files: [resolved(last, directory)], changedBy: PASSES_ON.test(piped.name) ? null : piped.name }
}

function levelOf(option: Field | undefined): number | null {
  return option && /^\d{1,2}$/.test(option.text) ? Number(option.text) : null
}

/** Options by name with their words, also of clusters such as `-Np1`; and what is no option. */
function optionsOf(words: readonly Field[]): { options: Map<ByteString, Field>; rest: Field[] } {
  const options = new Map<ByteString, Field>()
  const rest: Field[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as Field
    const { text } = word
    const [, long, value] = /^(--[\w-]+)(?:=(.*))?$/s.exec(text) ?? []
    if (text === '--') return { options, rest: [...rest, ...words.slice(at + 1)] }
    if (long !== undefined) {
      const own = value === undefined && LONG_WITH_WORD.test(long) ? words[++at] : undefined
      options.set(long, own ?? { ...word, text: value ?? '' })
    } else if (!text.startsWith('-') || text === '-') rest.push(word)
    else at += readCluster(word, words[at + 1], options)
  }
  return { options, rest }
}

/** `-Np1`, `-p 1`: how many further words it takes. */
function readCluster(word: Field, next: Field | undefined, options: Map<ByteString, Field>): 0 | 1 {
  for (let place = 1; place < word.text.length; place++) {
    const letter = word.text[place] ?? ''
    if (!WITH_WORD.includes(letter)) {
      options.set(`-${letter}`, { ...word, text: '' })
      continue
    }
    const value = word.text.slice(place + 1)
    if (value !== '') options.set(`-${letter}`, { ...word, text: value })
    else if (next) options.set(`-${letter}`, next)
    return value === '' && next ? 1 : 0
  }
  return 0
}
