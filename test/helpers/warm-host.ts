/**
 * Runs the command again and again in one process, each time as if the process were new.
 *
 * Each run evaluates the whole program anew, with a working directory and an environment of its
 * own. It ends as a process does: where nothing keeps the event loop alive, or by `process.exit`.
 * What is saved is the start of Node, and the compiling of the program.
 */
import type { EventEmitter } from 'node:events'
import { readFileSync, readSync, rmSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { Script } from 'node:vm'
import type { WarmRequest } from './warm-command.ts'

const [REQUESTS, ANSWERS] = [3, 4]
const [bundle = '', shipped = '', home = ''] = process.argv.slice(2)
const code = readFileSync(bundle, 'utf8').replace(/^#!.*/, '')
const start: (load: NodeJS.Require, shippedUrl: string) => void = new Script(
  `(function (require, shippedUrl) {'use strict';${code}\n})`,
  { filename: bundle },
).runInThisContext()
const load = createRequire(shipped)
const exit = process.exit
/** Milliseconds. */
const PATIENCE = 50
const emitters: EventEmitter[] = [process, process.stdout, process.stderr]

process.on('exit', (exitCode) => answer(exitCode, true))
process.on('beforeExit', (exitCode) => {
  endRun(exitCode)
  setImmediate(beginRun)
})
let lastResort: NodeJS.Timeout | undefined
// Where what is left ends soon, as a process of git does that has answered, ours may go on.
process.exit = (exitCode) => {
  process.exitCode = exitCode ?? process.exitCode
  process.on('unhandledRejection', () => {})
  lastResort = setTimeout(() => exit(), PATIENCE).unref()
  return undefined as never
}
const own = emitters.map(listenersOf)
setImmediate(beginRun)

function beginRun(): void {
  const { cwd, args, environment } = readRequest()
  process.chdir(cwd)
  for (const name of Object.keys(process.env)) delete process.env[name]
  Object.assign(process.env, environment)
  process.argv = [process.execPath, shipped, ...args]
  process.exitCode = undefined
  Object.defineProperty(process, 'stdin', { value: Readable.from([]), configurable: true })
  start(load, pathToFileURL(shipped).href)
}

function endRun(exitCode: number): void {
  clearTimeout(lastResort)
  const left = emitters.map((emitter, at) => strangersTo(own[at] ?? new Map(), emitter))
  for (const [name, listener] of left[0] ?? []) if (name === 'exit') listener.call(process, exitCode)
  for (const [at, emitter] of emitters.entries())
    for (const [name, listener] of left[at] ?? []) emitter.off(name, listener)
  answer(exitCode, false)
}

type Listener = (...given: unknown[]) => void

function listenersOf(emitter: EventEmitter): Map<string | symbol, Listener[]> {
  return new Map(emitter.eventNames().map((name) => [name, emitter.rawListeners(name) as Listener[]]))
}

/** Listeners that a run has added. */
function strangersTo(known: ReadonlyMap<string | symbol, Listener[]>, emitter: EventEmitter) {
  return [...listenersOf(emitter)].flatMap(([name, listeners]) =>
    listeners.filter((one) => !known.get(name)?.includes(one)).map((one) => [name, one] as const),
  )
}

function answer(exitCode: number, isLast: boolean): void {
  writeSync(ANSWERS, `${JSON.stringify({ code: exitCode, isLast })}\n`)
}

/** Waits for it; ends the process where nobody will ask any more. */
function readRequest(): WarmRequest {
  const chunk = Buffer.alloc(1 << 16)
  let text = ''
  while (!text.endsWith('\n')) {
    const length = readSync(REQUESTS, chunk)
    if (length === 0) {
      rmSync(home, { recursive: true, force: true })
      process.removeAllListeners('exit')
      exit(0)
    }
    text += chunk.toString('latin1', 0, length)
  }
  return JSON.parse(Buffer.from(text, 'latin1').toString())
}
