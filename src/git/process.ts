/**
 * Starts git: one-shot calls that need stdin, bytes or an exit code, and the processes that stay.
 */
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { UserError } from '../errors.ts'
import { CONFIG_ARGUMENTS } from './environment.ts'

/** Where a git process runs, what it sees, and whose it is. */
export interface GitContext {
  cwd: string
  env: Record<string, string>
  processes: GitProcesses
}

export interface GitResult {
  code: number
  stdout: Buffer
  stderr: string
}

/** A process that one after the other makes use of. */
export interface Lent {
  /** Whether it lives, and nothing is asked of it. */
  isAtRest: () => boolean
  end: () => void
}

/** The processes of one job, which end with it: git's, and what unpacks tarballs. */
export class GitProcesses {
  readonly #running = new Set<ChildProcess>()
  readonly #idle = new Map<string, Lent[]>()
  /** Milliseconds that git may say nothing while it is waited for. */
  readonly patience: number
  readonly #trace: (command: string) => void
  #hasEnded = false

  /** `trace`: told of every command of git's that is begun. */
  constructor(patience: number, trace: (command: string) => void = () => {}) {
    this.patience = patience
    this.#trace = trace
  }

  /** Tells of a command of git's, without what all of them begin with. */
  tell(args: readonly string[], directory: string): void {
    this.#trace(`git -C ${directory} ${args.join(' ')}`)
  }

  add(child: ChildProcess): void {
    this.#running.add(child)
    child.once('close', () => this.#running.delete(child))
  }

  /** A process of a kind that nobody needs for the moment, else a new one. */
  lend<Process extends Lent>(kind: string, start: () => Process): Process {
    const idle = this.#idle.get(kind) ?? []
    for (let process = idle.pop(); process; process = idle.pop()) if (process.isAtRest()) return process as Process
    return start()
  }

  /** Keeps it for the next one who needs such; ends it where it cannot be used again. */
  giveBack(kind: string, process: Lent): void {
    const idle = this.#idle.get(kind) ?? []
    this.#idle.set(kind, idle)
    if (process.isAtRest()) idle.push(process)
    else process.end()
  }

  /** @throws Error where the job has ended: nothing is begun any more. */
  check(): void {
    if (this.#hasEnded) throw new Error('the job has ended')
  }

  /** Ends them all at once: what still writes must not get in the way of cleaning up. */
  stop(): void {
    this.#hasEnded = true
    for (const child of this.#running) endGroup(child)
  }

  /** The same, and waits for them. */
  async stopped(): Promise<void> {
    const closed = [...this.#running].map((child) => new Promise((resolve) => child.once('close', resolve)))
    this.stop()
    await Promise.all(closed)
  }
}

/**
 * Ends a process that was started with `detached`, and those that it began itself: `git ls-remote`
 * begins a git-upload-pack, which would go on, and keep our pipes open.
 */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // All of them have ended.
  }
}

/** The long-lived kind. The caller reads and writes its streams; it dies with us. */
export function startGit(
  context: GitContext,
  args: readonly string[],
  wrapper: readonly string[] = [],
): ChildProcessWithoutNullStreams {
  context.processes.check()
  context.processes.tell(args, context.cwd)
  const [command = 'git', ...rest] = [...wrapper, 'git', ...CONFIG_ARGUMENTS, ...args]
  const { cwd, env } = context
  const child = spawn(command, rest, { cwd, env, shell: false, detached: true })
  if (!child.stdin) {
    child.once('error', () => {})
    throw noFilesLeft()
  }
  context.processes.add(child)
  // A process that ends early makes our writes fail; its exit code and stderr tell why.
  child.stdin.on('error', () => {})
  return child
}

/** Ends a process that says nothing for too long while something is expected of it. */
export class Silence {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #patience: number
  #timer: NodeJS.Timeout | null = null
  #isBroken = false
  #isOver = false

  constructor(child: ChildProcessWithoutNullStreams, { processes }: GitContext) {
    this.#child = child
    this.#patience = processes.patience
    const heard = () => this.#timer?.refresh()
    child.stdout.on('data', heard)
    // What it complains of is no answer, and must not fill the pipe.
    child.stderr.resume()
    child.once('close', () => {
      this.#isOver = true
      this.rest()
    })
  }

  /** From now on something is expected; never of a process that has ended. */
  expect(): void {
    if (this.#isOver) return
    this.#timer ??= setTimeout(() => {
      this.#isBroken = true
      endGroup(this.#child)
    }, this.#patience)
  }

  /** Nothing is expected any more. */
  rest(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }

  /** Why it was ended; null where it was not. */
  get error(): UserError | null {
    return this.#isBroken ? silenceOf(this.#patience) : null
  }
}

/** What to say of a git that said nothing for so many milliseconds. */
export function silenceOf(patience: number): UserError {
  return new UserError(
    `git has said nothing for ${Math.round(patience / 1000)} seconds`,
    'is the repository on a disk or network that hangs? REBASELINE_GIT_TIMEOUT takes other seconds',
  )
}

/**
 * One call. `accept` lists the exit codes that are an answer, by default 0 alone; any other is a
 * bug of ours or a broken repository, and throws with git's own words.
 */
export async function runGit(
  context: GitContext,
  args: readonly string[],
  options: { input?: string | Buffer; accept?: readonly number[]; from?: Readable } = {},
): Promise<GitResult> {
  const child = startGit(context, args)
  const silence = new Silence(child, context)
  // What feeds the process may fail itself, and then it must not be waited for.
  let broken: NodeJS.ErrnoException | null = null
  const fed = pipeline(options.from ?? Readable.from([toBuffer(options.input)]), child.stdin)
    .catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') broken = error
    })
    // As long as it is fed it has nothing to say.
    .then(() => silence.expect())
  const [stdout, stderr, code] = await Promise.all([collect(child.stdout), collect(child.stderr), exitOf(child)])
  const result = { code, stdout, stderr: stderr.toString('latin1') }
  if (silence.error) throw silence.error
  if (broken && !isEarlyEnd(broken)) throw broken
  if (!(options.accept ?? [0]).includes(code)) throw failure(args, result)
  await fed
  if (broken) throw broken
  return result
}

const IS_IT_GIT = 'is the git on the PATH git itself?'

/** What to say of a git that floods us. */
export function endless(): UserError {
  return new UserError('git prints without end', IS_IT_GIT)
}

/** What to say of a git that ended while an answer was awaited. */
export function endedEarly(command: string): UserError {
  return new UserError(
    `git ${command} ended without an answer`,
    `was it killed, because memory ran out? Or ${IS_IT_GIT}`,
  )
}

/** Of a process that ends before it is fed its own words tell more. */
function isEarlyEnd({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ERR_STREAM_PREMATURE_CLOSE'
}

/** No answer of git has more bytes; a program that floods us is none. */
export const MAX_OUTPUT = 1 << 29

export async function collect(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer)
    size += (chunk as Buffer).length
    if (size > MAX_OUTPUT) throw endless()
  }
  return Buffer.concat(chunks)
}

export function exitOf(child: ChildProcessWithoutNullStreams): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(notStarted(error)))
    child.once('close', (code) => resolve(code ?? -1))
  })
}

function notStarted(error: Error): Error {
  return new UserError(`git cannot be started: ${error.message}`, 'install git 2.38 or newer and put it on the PATH')
}

/** Node makes a process without streams where it cannot open any (EMFILE). */
function noFilesLeft(): Error {
  return new UserError('git cannot be started: too many open files', 'raise the limit, with "ulimit -n 1024"')
}

/** The way out for one whose clone is partial or damaged. */
export const HOW_TO_GET_OBJECTS =
  '"git fetch --refetch --no-filter" in a partial or damaged clone gets them; or give the URL that it came from, or run again if it was being repacked'

/** What can be gone on without. */
export class LackingObject extends UserError {}

export function failure(args: readonly string[], result: GitResult): Error {
  // A signal ended it.
  if (result.code < 0) return endedEarly(args[0] ?? '')
  const words = result.stderr.trim().split('\n').slice(0, 3).join('; ') || 'no message'
  if (
    /unable to (?:read|unpack)|missing|bad object|not a tree object|could not get object info|inflate|corrupt|loose object|promisor/i.test(
      words,
    )
  ) {
    return new LackingObject(`the upstream repository lacks an object: ${words}`, HOW_TO_GET_OBJECTS)
  }
  if (/no space left|out of diskspace|disk quota/i.test(words))
    return new UserError(`git ${args[0]} cannot write: ${words}`, 'the disk is full: make room, and run again')
  return new Error(`git ${args[0]} ended with ${result.code}: ${words}`)
}

function toBuffer(input: string | Buffer = ''): Buffer {
  return typeof input === 'string' ? Buffer.from(input) : input
}
