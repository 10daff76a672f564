/** What %prep applies, in the order of its lines: read as text, never run. */
import { UserError } from '../../../errors.ts'
import { type ByteString, toText } from '../../../model/bytes.ts'
import type { Problem } from '../../../model/patch.ts'
import type { DisabledPatch } from '../../../model/queue.ts'
import { type PatchCommand, patchCommandOf, rpmPatchOf } from './patch-command.ts'
import { APPLY_LISTED } from './patch-macros.ts'
import { type Command, commandsIn } from './shell-words.ts'
import {
  type AppliedFile,
  BUILD_DIRECTORY,
  placeText,
  SOURCE_DIRECTORY,
  type SpecPatch,
  type SpecPlace,
  sourceNamed,
} from './spec.ts'
import { Surroundings } from './surroundings.ts'

export interface PrepLine {
  text: ByteString
  place: SpecPlace
  isFromComment: boolean
}

export interface PrepSetting {
  /** By number. */
  patches: ReadonlyMap<number, SpecPatch>
  /** The package's files. */
  names: readonly ByteString[]
  /** The directory that %setup unpacks, where it names none. */
  top: ByteString
}

/** Loops of a spec run no more commands. */
const MAX_COMMANDS = 100_000
/** Functions of shell call each other no deeper. */
const MAX_CALLS = 16

/** @throws UserError where it cannot be told what is applied. */
export function appliedBy(
  lines: readonly PrepLine[],
  setting: PrepSetting,
): Pick<Prep, 'applied' | 'elsewhere' | 'notes'> {
  const prep = new Prep(setting)
  prep.run(commandsOf(lines))
  for (const { place } of lines.filter(({ isFromComment, text }) => isFromComment && text.startsWith(APPLY_LISTED)))
    prep.note(place, 'a macro in a comment applies patches: rpm expands it, and only its first line is a comment')
  return prep
}

type PrepCommand = Command<SpecPlace>

/** The words of the command that hands its output over. */
interface Piped {
  program: ByteString
  words: ByteString[]
}

/** They hand over files as they are, unpacked or by name. */
const COPYING =
  /^(?:.*\/)?(?:z|xz|bz|zstd)?cat$|^(?:.*\/)?(?:gzip|gunzip|bzip2|bunzip2|xz|unxz|zstd|unzstd|echo|printf|ls)$/
/** Words in front of a program that change nothing of what it applies. */
const WRAPPER = /^[A-Za-z_]\w*=|^(?:env|command|exec|nice|sudo|eval)$/
/** A line of words that may apply patches in a way that is not understood. */
const MAY_APPLY =
  /(?:^|\s)quilt (?:push|import)\b|^(?:\S*\/)?(?:ba|da)?sh\b.*\bpatch\b|^(?:find|parallel)\b.*\bpatch\s+-/

/** Texts that "<<" begins are no commands. */
function commandsOf(lines: readonly PrepLine[]): PrepCommand[] {
  const commands: PrepCommand[] = []
  let until: string | null = null
  let before = ''
  for (const { text: line, place } of lines) {
    const text = before + line
    // A comment goes on in no line; any other does behind a backslash.
    const [, continued] = /^(?!\s*#)(.*)\\$/s.exec(text) ?? []
    before = continued === undefined ? '' : `${continued} `
    if (continued !== undefined) continue
    if (until !== null) {
      if (text.trim() === until) until = null
      continue
    }
    for (const command of commandsIn(text, place)) commands.push(command)
    const [, word] = /(?<!<)<<-?\s*['"\\]?(\w+)/.exec(text.replace(/#.*/, '')) ?? []
    until = word ?? null
  }
  return commands
}

class Prep {
  readonly applied: AppliedFile[] = []
  readonly notes: Problem[] = []
  /** Applied to the tree of another source. */
  readonly elsewhere: DisabledPatch[] = []
  readonly #patches: ReadonlyMap<number, SpecPatch>
  readonly #around: Surroundings
  /** The functions of shell that apply patches, with their commands. */
  readonly #functions = new Map<ByteString, PrepCommand[]>()
  #calls = 0
  #count = 0
  /** How many "if" are open. */
  #ifs = 0
  /** What the command before hands over. */
  #piped: Piped = { program: '', words: [] }

  constructor({ patches, names, top }: PrepSetting) {
    this.#patches = patches
    this.#around = new Surroundings(names, top)
  }

  note({ file, line }: SpecPlace, message: string): void {
    const isKnown = this.notes.some((note) => note.line === line && note.message === message)
    if (!isKnown) this.notes.push({ file, line, message, hint: 'see that it is what you mean' })
  }

  run(commands: readonly PrepCommand[]): void {
    for (let at = 0; at < commands.length; at++) {
      const command = commands[at] as PrepCommand
      if (++this.#count > MAX_COMMANDS)
        throw new UserError(
          `${placeText(command.place)}: %prep runs more than ${MAX_COMMANDS} commands`,
          'mend its loops',
        )
      const [first = ''] = command.words
      if (first === 'for') at = this.#loop(commands, at)
      else if (commands[at + 1]?.words[0] === '(' && commands[at + 2]?.words[0] === ')')
        at = this.#function(commands, at)
      else this.#command(this.#expanded(command))
    }
  }

  #expanded(command: PrepCommand): PrepCommand {
    const { words, input } = command
    const [file = null] = input === null ? [] : this.#around.expand([input])
    return { ...command, words: this.#around.expand(words), input: file }
  }

  #loop(commands: readonly PrepCommand[], at: number): number {
    const [, name = '', , ...words] = commands[at]?.words ?? []
    const end = closing(commands, at, ['for', 'while', 'until'], 'done')
    const body = commands.slice(at + 1, end)
    for (const value of this.#around.expand(words).flatMap((word) => this.#around.filesOf(word) ?? [word])) {
      this.#around.set(name, value)
      this.run(body)
    }
    return end
  }

  /** Its commands count where it is called. */
  #function(commands: readonly PrepCommand[], at: number): number {
    const end = closing(commands, at + 3, ['{'], '}')
    const body = commands.slice(at + 4, end)
    if (body.some(({ words }) => /\bpatch|\bgit (?:am|apply)\b/i.test(words.join(' '))))
      this.#functions.set(commands[at]?.words[0] ?? '', body)
    return end
  }

  #command(command: PrepCommand): void {
    const { words, place } = command
    const [first = ''] = words
    const piped = this.#piped
    const input = command.input === null ? [] : [command.input]
    this.#piped = { program: first, words: command.isPiped ? [...words.slice(1), ...input] : [] }
    if (first === 'if') this.#ifs++
    else if (first === 'fi') this.#ifs--
    else if (this.#around.takes(words)) return
    else if (first === APPLY_LISTED) this.#applyListed(words, place)
    else if (first.startsWith('%')) this.#macro(words, place)
    else {
      const body = this.#functions.get(first)
      if (body) this.#called(body, words, place)
      else this.#program(command, piped)
    }
  }

  #applyListed([, number, option = '']: readonly ByteString[], place: SpecPlace): void {
    const strip = /^-p\s*(\d{1,3})$/.exec(option)?.[1] ?? null
    const command = { strip: strip === null ? null : Number(strip), reversed: false, directory: '' }
    if (strip === null)
      this.note(place, 'patches are applied without -p, which leaves of each name its last part; read as -p1')
    this.#add(this.#patch(Number(number), place).name, command, place)
  }

  #macro(words: readonly ByteString[], place: SpecPlace): void {
    const command = rpmPatchOf(words)
    if (command) for (const number of command.numbers) this.#add(this.#patch(number, place).name, command, place)
    else if (/patch/i.test(words[0] ?? ''))
      throw new UserError(
        `${placeText(place)}: ${toText(words[0] ?? '')} is a macro that nobody defines here`,
        'it may apply patches: define it in the spec, or name the queue that rpmspec -P prints',
      )
  }

  #patch(number: number, place: SpecPlace): SpecPatch {
    const found = this.#patches.get(number)
    if (found) return found
    throw new UserError(`${placeText(place)}: %patch of number ${number}, which no line lists`, 'rpm refuses it, too')
  }

  /** A function runs with its words; one that decides by itself is taken as it is meant to be. */
  #called(body: readonly PrepCommand[], words: readonly ByteString[], place: SpecPlace): void {
    if (body.some(({ words: [first = ''] }) => /^(?:case|if|while|until|shift)$/.test(first))) {
      this.#meant(body, words, place)
      return
    }
    if (this.#calls >= MAX_CALLS) throw untold(place)
    this.#calls++
    for (const [index, word] of words.entries()) this.#around.set(String(index), word)
    for (const all of ['@', '*']) this.#around.set(all, words.slice(1).join(' '))
    this.run(body.map((command) => ({ ...command, place })))
    this.#calls--
  }

  /** "ApplyPatch x.patch" of Fedora's kernel: looks how the file is packed, then applies it with -p1. */
  #meant(body: readonly PrepCommand[], words: readonly ByteString[], place: SpecPlace): void {
    const isPlain = !body.some(({ words: inner }) => inner.some((word) => /^-p(?!1$)\d|^-R$|^--reverse$/.test(word)))
    const names = words.slice(1).filter((name) => /\.(?:patch|diff)(?:\.\w+)?$/.test(name))
    if (!isPlain && names.length > 0) throw untold(place)
    for (const name of names) {
      this.note(place, `${toText(words[0] ?? '')} is a function of shell: taken as patch -p1`)
      this.#add(sourceNamed(name) ?? name, { strip: 1, reversed: false, directory: '' }, place)
    }
    if (words.some((word) => /[$`]/.test(word)))
      this.note(place, 'a function of shell may apply what is no file of the package: left out')
  }

  #program(command: PrepCommand, piped: Piped): void {
    const { place } = command
    const words = withoutWrapper(command.words)
    const isForEach = words[0] === 'xargs'
    const found = patchCommandOf(isForEach ? words.slice(words.findIndex(isPatchProgram)) : words)
    if (!found) {
      if (MAY_APPLY.test(words.join(' '))) throw untold(place)
      return
    }
    const named = found.files.filter((path) => path !== '')
    const given = named.length > 0 ? named : command.input === null ? piped.words : [command.input]
    const files = given.flatMap((path) => this.#around.filesOf(path) ?? [path])
    const ours = files.flatMap((path) => sourceNamed(path) ?? [])
    if (ours.some((name) => name.includes('$'))) throw untold(place)
    if (ours.length > 0 && given === piped.words && !COPYING.test(piped.program))
      this.note(place, `${toText(piped.program)} changes what is applied: the patch is read as it stands in its file`)
    for (const name of ours) this.#add(name, found, place)
    if (ours.length > 0) return
    if (isForEach || files.some((path) => /[$`]/.test(path) || path.includes(SOURCE_DIRECTORY))) throw untold(place)
    this.note(place, 'applies what is no file of the package: left out')
  }

  #add(name: ByteString, { strip, reversed, directory }: Omit<PatchCommand, 'files'>, place: SpecPlace): void {
    if (this.#ifs > 0) this.note(place, 'an "if" of shell decides whether this is applied: taken as applied')
    const below = this.#around.directoryOf(directory)
    if (below === null) {
      const where = this.#around.here.replace(BUILD_DIRECTORY, 'the build directory')
      this.note(place, `${toText(name)} is applied outside of the source tree, in ${toText(where)}: left out`)
      this.elsewhere.push({ name: toText(name), reason: 'applied outside of the source tree' })
      return
    }
    this.applied.push({ name, strip, reversed, directory: below, place })
  }
}

function withoutWrapper(words: readonly ByteString[]): readonly ByteString[] {
  const first = words.findIndex((word) => !WRAPPER.test(word))
  return first < 0 ? [] : words.slice(first)
}

function isPatchProgram(word: ByteString): boolean {
  return /^(?:.*\/)?(?:patch|gpatch|git)$/.test(word)
}

function untold(place: SpecPlace): UserError {
  return new UserError(
    `${placeText(place)}: it cannot be told which patch is applied`,
    'what only a run of the shell would tell is not understood: name the file, or use %patch',
  )
}

/** The place of the command that closes what begins at `from`; the last one where none does. */
function closing(commands: readonly PrepCommand[], from: number, opening: readonly string[], end: string): number {
  let depth = 0
  for (let at = from; at < commands.length; at++) {
    const [first = ''] = commands[at]?.words ?? []
    if (opening.includes(first)) depth++
    else if (first === end && --depth <= 0) return at
  }
  return commands.length - 1
}
