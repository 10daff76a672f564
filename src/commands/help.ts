/** `rebaseline help`: of a command what `--help` says, and topics that no command is about. */
import type { Command } from 'commander'
import { UsageError } from '../errors.ts'
import { foldHelp } from '../report/help/fold-help.ts'
import { topicsToText, topicToText } from '../report/help/topic-text.ts'
import { TOPICS } from '../report/help/topics.ts'
import type { CommandContext } from './context.ts'

export function registerHelp(program: Command, context: CommandContext): void {
  program
    .helpCommand(false)
    .command('help')
    .summary('explain a command or a topic')
    .description('Prints the help of a command; or explains verdicts, fates, formats and the like.')
    .argument('[words...]', `a command; or a topic: ${TOPICS.map(({ name }) => name).join(', ')}`)
    .action((words: string[]) => runHelp(program, words, context))
  program.addHelpText('after', `\n${topicsToText(TOPICS).trimEnd()}`)
}

function runHelp(program: Command, words: readonly string[], context: CommandContext): void {
  const topic = TOPICS.find(({ name }) => words.length === 1 && name === words[0])
  if (topic) {
    context.write(topicToText(topic, context.output))
    return
  }
  const command = words.reduce<Command | undefined>(
    (above, word) => above?.commands.find((one) => one.name() === word),
    program,
  )
  if (!command)
    throw new UsageError(
      `no command and no topic is called "${words.join(' ')}"`,
      `the topics are ${TOPICS.map(({ name }) => name).join(', ')}; "rebaseline --help" lists the commands`,
    )
  context.write(foldHelp(wholeHelp(command), context.output.width))
}

/** The help with what stands behind it: examples and exit codes. */
export function wholeHelp(command: Command): string {
  return `${command.helpInformation().trimEnd()}\n${helpBehind(command)}`
}

/** What was given to commander by `addHelpText('after')`. */
export function helpBehind(command: Command): string {
  let text = ''
  const write = (more: string) => {
    text += more
  }
  // Its types leave out that a command is an emitter.
  const emitter = command as unknown as Pick<NodeJS.EventEmitter, 'emit'>
  emitter.emit('afterHelp', { error: false, command, write })
  return text
}
