#!/usr/bin/env node
/**
 * The only file that reads the arguments and the environment, writes to the streams and sets the
 * exit code.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { homedir, tmpdir, userInfo } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { isSea } from 'node:sea'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { Command, CommanderError, Help } from 'commander'
import packaged from '../package.json' with { type: 'json' }
import { registerAttempt } from './commands/attempt.ts'
import { registerAudit } from './commands/audit.ts'
import { registerComplete } from './commands/complete.ts'
import type { CommandContext } from './commands/context.ts'
import { registerDoctor } from './commands/doctor.ts'
import { registerEffort } from './commands/effort.ts'
import { registerExport } from './commands/export.ts'
import { registerFind } from './commands/find.ts'
import { registerHelp, wholeHelp } from './commands/help.ts'
import { registerHistory } from './commands/history.ts'
import { registerInit } from './commands/init.ts'
import { registerMan } from './commands/man.ts'
import { registerOverrule } from './commands/overrule.ts'
import { locatorOf, type PlaceOptions } from './commands/place.ts'
import { registerRecord } from './commands/record.ts'
import { registerReport } from './commands/report.ts'
import { registerResolve } from './commands/resolve.ts'
import { registerScan } from './commands/scan.ts'
import { registerServe } from './commands/serve.ts'
import { registerShow } from './commands/show.ts'
import { registerTry } from './commands/try.ts'
import { UsageError, UserError } from './errors.ts'
import { toBytes, toText } from './model/bytes.ts'
import { foldHelp } from './report/help/fold-help.ts'
import { forOutput, forTerminal, linesForTerminal, withoutPasswords } from './report/sanitize.ts'
import { progressToText } from './report/text/progress.ts'
import type { ScanContext } from './scan/scan.ts'
import { heightOf, wantsColor, widthOf } from './terminal/medium.ts'
import { showInPager } from './terminal/pager.ts'

const EXIT_USAGE = 1
const EXIT_BUG = 1
const EXIT_IMPOSSIBLE = 2

/** Seconds that git may say nothing; a timer takes no more (nodejs.org, setTimeout). */
const GIT_PATIENCE = 600
const MAX_SECONDS = 2_000_000

const { version } = packaged
const program = new Command('rebaseline')
  .description(
    'Says for every patch of a patch queue whether a new upstream release has it already, breaks it, or just moves it.',
  )
  .version(version)
  .option('--color <when>', 'colours: auto, always, never', 'auto')
  .option('--quiet', 'say nothing but what was asked for: no notes, no progress')
  .option('--verbose', 'print every git command on standard error, for bug reports')
  .configureHelp({
    showGlobalOptions: true,
    // That a switch is off where nobody sets it need not be said.
    optionDescription: (option) => new Help().optionDescription(option).replace(/ \(default: (?:false|\[\])\)$/, ''),
  })
  .option('--no-pager', 'write long texts straight to the terminal')
  .exitOverride()
  .configureOutput({ writeErr: () => {}, writeOut: (text) => write(foldHelp(text, widthOf(process.stdout))) })
  .showHelpAfterError(false)

main(process.argv).catch((error: unknown) => {
  // What a program left behind may keep our pipes open, and must not keep us.
  process.exit(report(error))
})

async function main(argv: string[]): Promise<void> {
  // A reader that has seen enough (head, less) is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    process.exit(report(new UserError(`the output cannot be written: ${error.message}`, NO_ROOM)))
  })
  process.once('SIGINT', () => {
    // In a pager it ends a search, and not the command.
    if (!hasPaged) process.exit(130)
  })
  process.once('SIGTERM', () => process.exit(143))
  process.once('SIGHUP', () => process.exit(129))
  // What works for a scan ends with it, and by itself: the channel keeps nothing alive.
  process.once('disconnect', () => process.exit(EXIT_IMPOSSIBLE))
  process.channel?.unref()
  const context = makeContext(argv)
  registerInit(program, context)
  registerTry(program, context)
  registerResolve(program, context)
  registerExport(program, context)
  registerAudit(program, context)
  registerFind(program, context)
  registerShow(program, context)
  registerOverrule(program, context)
  registerHistory(program, context)
  registerEffort(program, context)
  registerReport(program, context)
  registerAttempt(program, context)
  registerRecord(program, context)
  registerScan(program, context)
  registerServe(program, context)
  registerDoctor(program, context)
  registerComplete(program, context)
  registerHelp(program, context)
  registerMan(program, context)
  for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => {} })
  if (argv.length <= 2) {
    context.write(foldHelp(wholeHelp(program), context.output.width))
    context.setExitCode(EXIT_USAGE)
    return
  }
  await program.parseAsync(argv)
}

function makeContext(argv: readonly string[]): CommandContext & ScanContext {
  // Once is enough.
  const noted = new Set<string>()
  return {
    // The single executable is Node and the script in one.
    program: [process.execPath, ...(isSea() ? [] : argv.slice(1, 2))],
    cwd: workingDirectory(),
    cache: join(homeOf('XDG_CACHE_HOME', '.cache'), 'rebaseline'),
    temporary: tmpdir(),
    state: join(homeOf('XDG_STATE_HOME', '.local/state'), 'rebaseline'),
    record: process.env.REBASELINE_DB || null,
    path: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    version,
    get build() {
      return createHash('sha256')
        .update(readFileSync(isSea() ? process.execPath : fileURLToPath(import.meta.url)))
        .digest('hex')
    },
    output: { width: widthOf(process.stdout), color: wantsColor(argv) },
    height: heightOf(process.stdout),
    write,
    page,
    warn: (message) => {
      if (program.opts().quiet || noted.has(message)) return
      noted.add(message)
      sayBeside(`note: ${forTerminal(message)}`)
    },
    trace: (command) => {
      if (program.opts().verbose) sayBeside(`${process.uptime().toFixed(3)} ${forTerminal(withoutPasswords(command))}`)
    },
    writePatch: (patch) => {
      clearProgress()
      if (process.stdout.isTTY) page(`${linesForTerminal(toText(patch)).join('\n')}\n`)
      else process.stdout.write(toBytes(patch))
    },
    readInput: () => buffer(process.stdin),
    user: userInfo().username,
    progress: showProgress,
    now: () => Date.now(),
    setExitCode: (code) => {
      process.exitCode = code
    },
    get gitPatience() {
      return gitPatience()
    },
    onExit: (cleanUp) => {
      process.once('exit', cleanUp)
      return () => process.off('exit', cleanUp)
    },
  }
}

/** REBASELINE_GIT_TIMEOUT, or ten minutes. @throws UsageError where it is no whole number of seconds. */
function gitPatience(): number {
  const seconds = Number(process.env.REBASELINE_GIT_TIMEOUT || GIT_PATIENCE)
  if (Number.isInteger(seconds) && seconds > 0 && seconds <= MAX_SECONDS) return seconds * 1000
  throw new UsageError(
    `REBASELINE_GIT_TIMEOUT=${process.env.REBASELINE_GIT_TIMEOUT} is no whole number of seconds`,
    `give 1 to ${MAX_SECONDS}, or leave it out`,
  )
}

function workingDirectory(): string {
  try {
    return process.cwd()
  } catch {
    throw new UserError('the working directory is gone', 'change to one that is there')
  }
}

/** XDG Base Directory Specification: a relative path is to be ignored. */
function homeOf(variable: string, otherwise: string): string {
  const named = process.env[variable] ?? ''
  return isAbsolute(named) ? named : join(homedir(), otherwise)
}

function write(text: string): void {
  clearProgress()
  process.stdout.write(forOutput(text))
}

let hasPaged = false

function page(text: string): void {
  const isPaged = program.opts<{ pager: boolean }>().pager && isLong(text)
  if (isPaged) clearProgress()
  hasPaged ||= isPaged
  if (!isPaged || !showInPager(forOutput(text), process.env)) write(text)
}

/** Whether a text and the prompt behind it do not fit the terminal; never where nobody watches. */
function isLong(text: string): boolean {
  const [width, height] = [widthOf(process.stdout), heightOf(process.stdout)]
  const rows = text.split('\n').map((line) => Math.max(1, Math.ceil(line.length / width)))
  return height !== null && rows.reduce((sum, count) => sum + count, 0) > height
}

let progressShown = false
let begun: { step: string; at: number } | null = null

function showProgress(step: string, done?: number, total?: number): void {
  if (process.stderr.isTTY !== true || process.env.TERM === 'dumb' || program.opts().quiet) return
  const now = Date.now()
  if (begun?.step !== step) begun = { step, at: now }
  // A line that wraps could not be taken back.
  const text = progressToText({ step, done, total, elapsed: now - begun.at }, widthOf(process.stderr) - 1)
  process.stderr.write(`\r\x1b[K${text}`)
  progressShown = true
}

function clearProgress(): void {
  if (progressShown) process.stderr.write('\r\x1b[K')
  progressShown = false
}

/** Beside the progress, so that the two do not mix. */
function sayBeside(text: string): void {
  clearProgress()
  process.stderr.write(`${text}\n`)
}

/** Prints what went wrong and returns the exit code for it. */
function report(error: unknown): number {
  clearProgress()
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0
    const command = program.commands.find((one) => one.name() === process.argv[2])
    process.stderr.write(
      `rebaseline: ${forTerminal(error.message.replace(/^error: /, '').replaceAll('\n', ' '))}\n  hint: see rebaseline ${command ? `${command.name()} ` : ''}--help\n`,
    )
    return EXIT_USAGE
  }
  if (error instanceof UserError) {
    process.stderr.write(`rebaseline: ${forTerminal(error.message)}\n  hint: ${forTerminal(located(error.hint))}\n`)
    return error instanceof UsageError ? EXIT_USAGE : EXIT_IMPOSSIBLE
  }
  const { syscall, path, code = '', message } = error as NodeJS.ErrnoException
  if (code.startsWith('SQLITE_')) {
    process.stderr.write(`rebaseline: the record cannot be used: ${forTerminal(message)}\n`)
    process.stderr.write(`  hint: ${hintForRecord(code)}\n`)
    return EXIT_IMPOSSIBLE
  }
  if (syscall && /^E[A-Z]+$/.test(code)) {
    process.stderr.write(`rebaseline: ${forTerminal(path ? `${path}: ` : '')}${syscall} fails with ${code}\n`)
    process.stderr.write(
      `  hint: ${HINTS[code] ?? 'check the path and its permissions, or name another place (--db, --output)'}\n`,
    )
    return EXIT_IMPOSSIBLE
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(
    `rebaseline: this is a bug in rebaseline ${version}; please report it with what follows\n${stack.split('\n').map(forTerminal).join('\n')}\n`,
  )
  return EXIT_BUG
}

/** A hint whose commands find the same queue and record as the one that failed. */
function located(hint: string): string {
  const childOf = (command: Command, word: string) => command.commands.find((one) => one.name() === word) ?? command
  const { queue, db } = program.args.reduce(childOf, program).opts<PlaceOptions>()
  const place = locatorOf({ ...(queue === undefined ? {} : { queue }), ...(db === undefined ? {} : { db }) })
  return hint.replace(/"(rebaseline (?:show|resolve|overrule|history|attempt \w+))([^"]*)"/g, (whole, verb, rest) =>
    rest.endsWith('--help') ? whole : `"${verb}${place}${rest}"`,
  )
}

const NO_ROOM = 'is the disk full?'
const HINTS: Record<string, string> = {
  ENOSPC: 'the disk is full: make room, or name another place (--db, XDG_CACHE_HOME)',
  EMFILE: 'too many open files: raise the limit, with "ulimit -n 1024"',
}

/** sqlite.org/rescode.html */
function hintForRecord(code: string): string {
  if (/^SQLITE_(?:BUSY|LOCKED)/.test(code))
    return 'another program has it open and writes: wait for it, or end it, and run again'
  if (code === 'SQLITE_FULL') return 'the disk is full: make room, and run again; what was recorded before is whole'
  return 'is its directory not writable, or the file damaged? restore it from a backup, or start a new one with --db'
}
