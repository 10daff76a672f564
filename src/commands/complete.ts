/** `rebaseline complete`: scripts for shells, and the words that they ask for at a TAB. */
import type { Argument, Command, Option } from 'commander'
import { UsageError } from '../errors.ts'
import { type Candidate, candidatesFor, type Sought, type TypedPlace } from '../jobs/complete.ts'
import { forTerminal } from '../report/sanitize.ts'
import { BASH } from './complete-bash.ts'
import type { CommandContext } from './context.ts'

const EXAMPLE = `
Examples:
  $ source <(rebaseline complete bash)                                        in ~/.bashrc
  $ source <(rebaseline complete zsh)                                         in ~/.zshrc, behind compinit
  $ rebaseline complete fish > ~/.config/fish/completions/rebaseline.fish

Releases of the upstream, attempts, and patches of the newest attempt are completed, too; nothing is fetched for that.`

const SHELLS = ['bash', 'zsh', 'fish']

/** What scripts of @bomb.sh/tab take: no file is meant, or a file may be. */
const DIRECTIVES = { words: 4, files: 0 }

/** By what stands for a value in the help: "--onto <commit...>", "[patch]". */
const MEANINGS: Readonly<Record<string, readonly Sought[] | 'file'>> = {
  commit: ['release'],
  release: ['release'],
  from: ['release'],
  to: ['release'],
  number: ['attempt'],
  attempt: ['attempt'],
  'show attempt': ['attempt', 'patch'],
  patch: ['patch'],
  name: ['patch'],
  what: ['patch'],
  ...{
    path: 'file',
    file: 'file',
    directory: 'file',
    repository: 'file',
    queues: 'file',
    patches: 'file',
    sources: 'file',
  },
}

export function registerComplete(program: Command, context: CommandContext): void {
  program
    .command('complete')
    .summary('print the script that completes words in bash, zsh or fish')
    .description('Prints what a shell needs to complete commands, options and their values.')
    .argument('[words...]', `the shell: ${SHELLS.join(', ')}; or, behind "--", the words that are typed so far`)
    .addHelpText('after', EXAMPLE)
    .action(async (words: string[]) => {
      const typed = rawArguments(program)
      if (typed[1] === '--') context.write(await complete(program, typed.slice(2), context))
      else await writeScript(words, context)
    })
}

/** As they were typed, behind the program's name. */
function rawArguments(program: Command): string[] {
  return (program as Command & { rawArgs: string[] }).rawArgs.slice(2)
}

async function writeScript(words: readonly string[], context: CommandContext): Promise<void> {
  const [shell = ''] = words
  if (words.length !== 1 || !SHELLS.includes(shell))
    throw new UsageError('for which shell?', `say one of: ${SHELLS.join(', ')}`)
  if (shell === 'bash') context.write(BASH)
  else (await import('@bomb.sh/tab')).script(shell, 'rebaseline', 'rebaseline')
}

/** What was typed, up to the word at which the cursor stands. */
interface Typed {
  command: Command
  /** How many arguments of the command are there. */
  count: number
  /** The option whose value is awaited. */
  awaited: Option | null
  place: TypedPlace
}

/** The candidates, a line each, and whether a file may be meant: what tab's scripts read. */
async function complete(program: Command, words: readonly string[], context: CommandContext): Promise<string> {
  const current = words.at(-1) ?? ''
  const typed = readTyped(program, words.slice(0, -1))
  const { candidates, mayBeFile } = await candidatesAt(typed, current, context)
  const lines = candidates
    .filter(({ value }) => value.startsWith(current) && isPlain(value))
    .map(({ value, description }) => `${value}\t${forTerminal(description)}\n`)
  return `${lines.join('')}:${mayBeFile && lines.length === 0 ? DIRECTIVES.files : DIRECTIVES.words}\n`
}

/** Shells put a candidate on the command line as it is, and may expand it: others are never offered. */
function isPlain(value: string): boolean {
  return /^[\w@%+=,./-]+$/.test(value)
}

function readTyped(program: Command, words: readonly string[]): Typed {
  const typed: Typed = { command: program, count: 0, awaited: null, place: {} }
  for (const word of words) {
    const option = word.startsWith('-') ? optionOf(program, typed.command, word) : null
    if (option) typed.awaited = (option.required || option.optional) && !word.includes('=') ? option : null
    else if (typed.awaited) {
      note(typed.place, typed.awaited, word)
      if (!typed.awaited.variadic) typed.awaited = null
    } else if (!word.startsWith('-')) {
      const below = typed.count === 0 ? typed.command.commands.find((one) => one.name() === word) : undefined
      if (below) typed.command = below
      else typed.count++
    }
  }
  return typed
}

function optionOf(program: Command, command: Command, word: string): Option | null {
  const [flag] = word.split('=')
  return [...command.options, ...program.options].find(({ short, long }) => short === flag || long === flag) ?? null
}

function note(place: TypedPlace, option: Option, value: string): void {
  const key = option.attributeName()
  if (key === 'queue' || key === 'db' || key === 'upstream') place[key] = value
}

interface Answer {
  candidates: Candidate[]
  mayBeFile: boolean
}

async function candidatesAt(
  { command, count, awaited, place }: Typed,
  current: string,
  context: CommandContext,
): Promise<Answer> {
  const [flag = '', value] = current.split('=')
  const named = value === undefined ? null : optionOf(command, command, flag)
  if (named) {
    const { candidates } = await meant(named, named.flags, place, context)
    return { candidates: candidates.map((one) => ({ ...one, value: `${flag}=${one.value}` })), mayBeFile: false }
  }
  if (awaited && !current.startsWith('-')) return await meant(awaited, awaited.flags, place, context)
  const help = command.createHelp()
  if (current.startsWith('-')) {
    const options = [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)].flatMap(
      ({ long, description }) => (long ? [{ value: long, description }] : []),
    )
    return { candidates: options, mayBeFile: false }
  }
  const below =
    count === 0 ? help.visibleCommands(command).map((one) => ({ value: one.name(), description: one.summary() })) : []
  const argument = argumentAt(command, count)
  const own = argument ? await meant(argument, nameOf(command, argument), place, context) : NOTHING
  return { candidates: [...below, ...own.candidates], mayBeFile: own.mayBeFile }
}

const NOTHING: Answer = { candidates: [], mayBeFile: false }

function argumentAt(command: Command, at: number): Argument | undefined {
  const { registeredArguments } = command
  const last = registeredArguments.at(-1)
  return registeredArguments[at] ?? (last?.variadic ? last : undefined)
}

/** With its command, where it means more there than elsewhere. */
function nameOf(command: Command, argument: Argument): string {
  const full = `${command.name()} ${argument.name()}`
  return full in MEANINGS ? full : argument.name()
}

/** What may stand for a value: its choices, or what its name in the help means. */
async function meant(
  { argChoices }: Pick<Option, 'argChoices'>,
  shown: string,
  place: TypedPlace,
  context: CommandContext,
): Promise<Answer> {
  if (argChoices) return { candidates: argChoices.map((value) => ({ value, description: '' })), mayBeFile: false }
  const [name = shown] = /(?<=[<[]@?)[a-z]+/.exec(shown) ?? []
  const meaning = MEANINGS[name] ?? []
  if (meaning === 'file') return { candidates: [], mayBeFile: true }
  const found = await Promise.all(meaning.map((sought) => candidatesFor(sought, place, context)))
  return { candidates: found.flat(), mayBeFile: false }
}
