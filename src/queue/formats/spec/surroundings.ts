/** Where the commands of %prep are, and what their variables hold. */
import type { ByteString } from '../../../model/bytes.ts'
import { BUILD_DIRECTORY, SOURCE_DIRECTORY, sourceNamed } from './spec.ts'

export class Surroundings {
  readonly #names: readonly ByteString[]
  readonly #variables = new Map<string, ByteString>([
    ['RPM_SOURCE_DIR', SOURCE_DIRECTORY],
    ['RPM_BUILD_DIR', BUILD_DIRECTORY],
  ])
  /** The source tree, which "%setup -n" may name. */
  #top: ByteString
  /** Where one is; null where that is not known. */
  #here: ByteString | null = BUILD_DIRECTORY
  #before: ByteString | null = BUILD_DIRECTORY
  readonly #left: (ByteString | null)[] = []
  /** Whether "%setup -c" made a directory in which the source's own may stand. */
  #isNested = false
  #isSetUp = false

  constructor(names: readonly ByteString[], top: ByteString) {
    this.#names = names
    this.#top = pathFrom(BUILD_DIRECTORY, top) ?? BUILD_DIRECTORY
  }

  get here(): string {
    return this.#here ?? 'a directory that is not known'
  }

  set(name: string, value: ByteString): void {
    this.#variables.set(name, value)
  }

  /** Words with the variables that are known in their places. */
  expand(words: readonly ByteString[]): ByteString[] {
    return words.flatMap((word) => {
      if (!word.includes('$')) return [word]
      const value = word.replace(/\$(?:(\w+|[@*])|\{(\w+)\})/g, (whole, plain, braced) => {
        return this.#variables.get(plain ?? braced) ?? whole
      })
      return /^\$(?:\{?\w+\}?|[@*])$/.test(word) ? value.split(/\s+/).filter((part) => part !== '') : [value]
    })
  }

  /** The package's files that a pattern stands for; null where the word is no pattern of them. */
  filesOf(word: ByteString): ByteString[] | null {
    const pattern = sourceNamed(word)
    if (pattern === null || !/[*?[]/.test(pattern) || pattern.length > 200) return null
    return this.#names.filter((name) => fits(name, pattern)).map((name) => `${SOURCE_DIRECTORY}/${name}`)
  }

  /** Whether a command changes where one is, or a variable. */
  takes([first = '', ...words]: readonly ByteString[]): boolean {
    if (/^(?:local|export|declare|readonly)$/.test(first)) {
      for (const word of words) this.takes([word])
      return true
    }
    const [, name, value = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(first) ?? []
    if (name !== undefined && words.length === 0) this.set(name, value)
    else if (first === '%setup') this.#setUp(words)
    else if (first === '(') this.#left.push(this.#here)
    else if (first === ')') this.#here = this.#left.pop() ?? this.#here
    else if (first === 'cd') this.#go(words.find((word) => !word.startsWith('-P') && word !== '-L') ?? '')
    else if (first === 'pushd') {
      this.#left.push(this.#here)
      this.#go(words[0] ?? '')
    } else if (first === 'popd') this.#here = this.#left.pop() ?? this.#here
    else return false
    return true
  }

  /** The directory below the source tree; null where it is outside of it. */
  directoryOf(path: ByteString): ByteString | null {
    const there = this.#here === null ? null : path === '' ? this.#here : pathFrom(this.#here, path)
    // Without %setup nobody says where the source is: it is where one is.
    const top = this.#isSetUp ? this.#top : BUILD_DIRECTORY
    if (there === top) return ''
    return there?.startsWith(`${top}/`) ? there.slice(top.length + 1) : null
  }

  #setUp(words: readonly ByteString[]): void {
    const named = words.findIndex((word) => word.startsWith('-n'))
    const name = named < 0 ? null : (words[named] ?? '').slice(2) || (words[named + 1] ?? '')
    const directory = name === null ? this.#top : pathFrom(BUILD_DIRECTORY, name)
    if (!this.#isSetUp && directory !== null) this.#top = directory
    this.#isSetUp = true
    this.#isNested = words.includes('-c')
    this.#here = directory
  }

  #go(path: ByteString): void {
    const to =
      path === '-' ? this.#before : this.#here === null || path.includes('$') ? null : pathFrom(this.#here, path)
    // What "-c" unpacked has a directory of its own, where one goes there at once.
    if (this.#isNested && to !== null && this.#here === this.#top) this.#top = to
    this.#isNested = false
    this.#before = this.#here
    this.#here = to
  }
}

/** A path from a directory, "." and ".." followed; null where it leaves the root. */
function pathFrom(directory: ByteString, path: ByteString): ByteString | null {
  const parts = path.startsWith('/') ? [] : directory.split('/').slice(1)
  for (const part of path.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return null
    } else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

/** As glob(7): "*", "?" and "[a-z]"; in time of the name's length times the pattern's. */
function fits(name: ByteString, pattern: ByteString): boolean {
  const pieces = pattern.match(/\[!?[^\]]+\]|[\s\S]/g) ?? []
  let reached = new Set([0])
  const skipStars = (places: Set<number>) => {
    for (const place of places) if (pieces[place] === '*') places.add(place + 1)
    return places
  }
  for (const letter of name) {
    const next = new Set<number>()
    for (const place of skipStars(reached)) {
      const piece = pieces[place]
      if (piece === '*') next.add(place)
      else if (piece !== undefined && takesLetter(piece, letter)) next.add(place + 1)
    }
    reached = next
  }
  return skipStars(reached).has(pieces.length)
}

function takesLetter(piece: string, letter: string): boolean {
  if (piece === '?') return true
  if (piece.length === 1) return piece === letter
  const isNegated = piece[1] === '!'
  const inner = piece.slice(isNegated ? 2 : 1, -1)
  const isIn = [...inner].some((one, at) => {
    return (
      one === letter ||
      (inner[at + 1] === '-' && inner[at + 2] !== undefined && one <= letter && letter <= (inner[at + 2] ?? ''))
    )
  })
  return isIn !== isNegated
}
