/**
 * Starts git: one-shot calls that need stdin, bytes or an exit code, and the processes that stay.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { UserError } from '../errors.ts'
import { CONFIG_ARGUMENTS } from './environment.ts'

/** Where a git process runs and what it sees. */
export interface GitContext {
  cwd: string
  env: Record<string, string>
}

export interface GitResult {
  code: number
  stdout: Buffer
  stderr: string
}

/** Each with the directory that it runs in. */
const running = new Map<ChildProcessWithoutNullStreams, string>()
/** Directories of jobs that have failed: nothing is begun there any more. */
const ended = new Set<string>()
process.once('exit', stopGit)

/**
 * Ends every git process of ours, for when a job cannot go on: what still writes must not get in
 * the way of cleaning up.
 */
export function stopGit(): void {
  for (const child of running.keys()) child.kill('SIGKILL')
}

/** Ends the git processes of one job, waits for them, and lets it start no others. */
export async function stopGitOf({ cwd }: GitContext): Promise<void> {
  ended.add(cwd)
  const children = [...running].flatMap(([child, directory]) => (directory === cwd ? [child] : []))
  const closed = children.map((child) => new Promise((resolve) => child.once('close', resolve)))
  for (const child of children) child.kill('SIGKILL')
  await Promise.all(closed)
}

/** The long-lived kind. The caller reads and writes its streams; it dies with us. */
export function startGit(
  context: GitContext,
  args: readonly string[],
  wrapper: readonly string[] = [],
): ChildProcessWithoutNullStreams {
  if (ended.has(context.cwd)) throw new Error('the job has ended')
  const [command = 'git', ...rest] = [...wrapper, 'git', ...CONFIG_ARGUMENTS, ...args]
  const child = spawn(command, rest, { cwd: context.cwd, env: context.env, shell: false, windowsHide: true })
  if (!child.stdin) {
    child.once('error', () => {})
    throw noFilesLeft()
  }
  running.set(child, context.cwd)
  child.once('close', () => running.delete(child))
  // A process that ends early makes our writes fail; its exit code and stderr tell why.
  child.stdin.on('error', () => {})
  return child
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
  // What feeds the process may fail itself, and then it must not be waited for.
  const fed = pipeline(options.from ?? Readable.from([toBuffer(options.input)]), child.stdin).then(
    () => null,
    (error: Error) => error,
  )
  const [stdout, stderr, code] = await Promise.all([collect(child.stdout), collect(child.stderr), exitOf(child)])
  const result = { code, stdout, stderr: stderr.toString('latin1') }
  if (!(options.accept ?? [0]).includes(code)) throw failure(args, result)
  const broken = await fed
  if (broken && (broken as NodeJS.ErrnoException).code !== 'EPIPE') throw broken
  return result
}

/** No answer of git has more bytes; a program that floods us is none. */
const MAX_OUTPUT = 1 << 29

export async function collect(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer)
    size += (chunk as Buffer).length
    if (size > MAX_OUTPUT) throw new UserError('git prints without end', 'is the git on the PATH git itself?')
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

export function failure(args: readonly string[], result: GitResult): Error {
  const words = result.stderr.trim().split('\n').slice(0, 3).join('; ') || 'no message'
  if (
    /unable to (?:read|unpack)|missing|bad object|not a tree object|could not get object info|inflate|corrupt|loose object|promisor/i.test(
      words,
    )
  ) {
    return new UserError(`the upstream repository lacks an object: ${words}`, HOW_TO_GET_OBJECTS)
  }
  return new Error(`git ${args[0]} ended with ${result.code}: ${words}`)
}

function toBuffer(input: string | Buffer = ''): Buffer {
  return typeof input === 'string' ? Buffer.from(input) : input
}
