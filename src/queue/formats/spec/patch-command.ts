/** What a command applies: patch(1), git-am(1), git-apply(1), and rpm's own %patch. */
import type { ByteString } from '../../../model/bytes.ts'

export interface PatchCommand {
  /** The files that its words name. */
  files: ByteString[]
  strip: number | null
  reversed: boolean
  /** Below where it is run. */
  directory: ByteString
}

/** The long options of patch(1) and git that take a value, and the short ones for them. */
const VALUES: Readonly<Record<string, string>> = {
  ...{ strip: 'p', input: 'i', directory: 'd', fuzz: 'F', suffix: 'z', prefix: 'B', output: 'o', 'reject-file': 'r' },
  ...{ 'version-control': 'V', ifdef: 'D', include: 'I', exclude: 'X', 'basename-prefix': 'Y' },
}
/** They only look. */
const LOOKING = new Set(['--dry-run', '--check', '--stat', '--numstat', '--summary', '--abort', '--skip', '--continue'])

/** Null where a command applies nothing. */
export function patchCommandOf(words: readonly ByteString[]): PatchCommand | null {
  const [program = '', ...rest] = words
  const name = program.replace(/^.*\//, '')
  if (name === 'patch' || name === 'gpatch') return patchOf(rest)
  return name === 'git' ? gitOf(rest) : null
}

function patchOf(words: readonly ByteString[]): PatchCommand | null {
  const { values, flags, others } = optionsOf(words, 'pidFzBorVDYg')
  if (flags.some((flag) => LOOKING.has(flag) || flag === '-v' || flag === '--version')) return null
  const input = values.get('i')
  return {
    // "patch ORIGINAL PATCH": the second word is the patch.
    files: input === undefined ? others.slice(1, 2) : [input],
    strip: numberOf(values.get('p')),
    reversed: flags.includes('-R') || flags.includes('--reverse'),
    directory: values.get('d') ?? '',
  }
}

function gitOf(words: readonly ByteString[]): PatchCommand | null {
  let at = 0
  let directory = ''
  for (; words[at]?.startsWith('-'); at++) {
    const option = words[at]
    if (option !== '-C' && option !== '-c') continue
    at++
    if (option === '-C') directory = words[at] ?? ''
  }
  const command = words[at]
  if (command !== 'am' && command !== 'apply') return null
  // git -C N of am and apply is a count of lines of context.
  const { values, flags, others } = optionsOf(words.slice(at + 1), 'pCS')
  if (flags.some((flag) => LOOKING.has(flag))) return null
  const below = [directory, values.get('d') ?? ''].filter((part) => part !== '').join('/')
  const isReversed = flags.includes('-R') || flags.includes('--reverse')
  return {
    files: others.filter((word) => word !== '-'),
    strip: numberOf(values.get('p')) ?? 1,
    reversed: isReversed,
    directory: below,
  }
}

/** rpm's %patch: "%patch3 -p1", "%patch -P 3 -p1 -R", "%patch 3 4 -p1"; null where the line is none. */
export function rpmPatchOf(words: readonly ByteString[]): (PatchCommand & { numbers: number[] }) | null {
  const [, attached] = /^%patch(\d*)$/.exec(words[0] ?? '') ?? []
  if (attached === undefined) return null
  const numbers: ByteString[] = attached === '' ? [] : [attached]
  const { values, flags, others } = optionsOf(words.slice(1), 'pdFzbomP', (option, value) => {
    if (option === 'P') numbers.push(value)
  })
  numbers.push(...others)
  const strip = numberOf(values.get('p')) ?? 0
  const directory = values.get('d') ?? ''
  const numbered = (numbers.length === 0 ? ['0'] : numbers).map(Number)
  return { files: [], numbers: numbered, strip, reversed: flags.includes('-R'), directory }
}

interface Options {
  values: Map<string, ByteString>
  flags: ByteString[]
  others: ByteString[]
}

/** `takes`: the short options that take a value; `each` hears of every one of them. */
function optionsOf(
  words: readonly ByteString[],
  takes: string,
  each: (option: string, value: ByteString) => void = () => {},
): Options {
  const found: Options = { values: new Map(), flags: [], others: [] }
  const take = (option: string, value: ByteString) => {
    found.values.set(option, value)
    each(option, value)
  }
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    const [, long, value] = /^--([\w-]+)(?:=(.*))?$/s.exec(word) ?? []
    const letter = long === undefined ? undefined : VALUES[long]
    if (word === '-' || !word.startsWith('-')) found.others.push(word)
    else if (letter !== undefined) take(letter, value ?? words[++at] ?? '')
    else if (long !== undefined) found.flags.push(word)
    else at = shortOptions(word, { takes, take, flags: found.flags, words, at })
  }
  return found
}

/** "-p1", "-sRp1", "-p 1": flags, and one that takes the rest or the next word. */
function shortOptions(
  word: ByteString,
  setting: {
    takes: string
    take: (option: string, value: ByteString) => void
    flags: ByteString[]
    words: readonly ByteString[]
    at: number
  },
): number {
  for (let letter = 1; letter < word.length; letter++) {
    const option = word[letter] ?? ''
    if (!setting.takes.includes(option)) setting.flags.push(`-${option}`)
    else {
      const rest = word.slice(letter + 1)
      setting.take(option, rest === '' ? (setting.words[setting.at + 1] ?? '') : rest)
      return rest === '' ? setting.at + 1 : setting.at
    }
  }
  return setting.at
}

function numberOf(text: ByteString | undefined): number | null {
  return text !== undefined && /^\d{1,3}$/.test(text) ? Number(text) : null
}
