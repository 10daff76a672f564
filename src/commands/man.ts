/** `rebaseline man`: writes the manual pages, made from the commands as they are. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { commandToMan, type ManCommand, topicToMan } from '../report/help/man.ts'
import { TOPICS } from '../report/help/topics.ts'
import type { CommandContext } from './context.ts'
import { helpBehind } from './help.ts'

export function registerMan(program: Command, context: CommandContext): void {
  program
    .command('man', { hidden: true })
    .summary('write the manual pages')
    .description('Writes a manual page for each command and each topic.')
    .requiredOption('--output <directory>', 'where to write them: man1 and man7 are made in it')
    .option('--date <seconds>', 'the date on the pages, counted from 1970 (default: today)', Number)
    .action(({ output, date = context.now() / 1000 }: ManOptions) =>
      writePages(program, { directory: resolve(context.cwd, output), now: date * 1000 }, context),
    )
}

interface ManOptions {
  output: string
  date?: number
}

interface Pages {
  directory: string
  /** The time that is written on them. */
  now: number
}

function writePages(program: Command, { directory, now }: Pages, context: CommandContext): void {
  const commands = program.createHelp().visibleCommands(program)
  const pages = [
    ...commands.map((command) => `rebaseline-${command.name()}.1`),
    ...TOPICS.map(({ name }) => `rebaseline-${name}.7`),
  ]
  const write = (page: string, text: string) => {
    const section = join(directory, `man${page.at(-1)}`)
    mkdirSync(section, { recursive: true })
    writeFileSync(join(section, page), text)
    context.write(`${join(section, page)}\n`)
  }
  write('rebaseline.1', commandToMan(toMan(program), [], pages, now))
  for (const command of commands) {
    const below = command
      .createHelp()
      .visibleCommands(command)
      .filter((one) => one.name() !== 'help')
    write(`rebaseline-${command.name()}.1`, commandToMan(toMan(command), below.map(toMan), ['rebaseline.1'], now))
  }
  for (const topic of TOPICS) write(`rebaseline-${topic.name}.7`, topicToMan(topic, ['rebaseline.1'], now))
}

function toMan(command: Command): ManCommand {
  const help = command.createHelp()
  return {
    name: nameOf(command),
    summary: command.summary() || command.description(),
    description: command.description(),
    usage: command.usage(),
    options: help.visibleOptions(command).map(({ flags, description }) => ({ term: flags, description })),
    arguments: help.visibleArguments(command).map((one) => ({ term: one.name(), description: one.description })),
    behind: command.parent === null ? '' : helpBehind(command),
  }
}

function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`
}
