/**
 * Runs the command without a start of Node: a process runs it again and again (`warm-host.ts`).
 *
 * A run that ends with work left, or dies, takes its process with it; the next one gets another.
 */
import { execFileSync, spawn } from 'node:child_process'
import {
  closeSync,
  constants,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const pathOf = (name: string) => fileURLToPath(new URL(`../../dist/${name}`, import.meta.url))

export interface WarmRequest {
  cwd: string
  args: readonly string[]
  environment: Readonly<Record<string, string>>
}

export interface CommandResult {
  code: number | null
  stdout: string
  stderr: string
}

const STREAMS = ['stdout', 'stderr']

/** A process that waits to run the command, until it has ended. */
class WarmProcess {
  readonly #home = mkdtempSync(join(tmpdir(), 'rebaseline-warm-'))
  readonly #requests: number
  readonly #answers: number
  readonly #streams = STREAMS.map((name) => openSync(join(this.#home, name), 'a'))
  isOver = false

  constructor() {
    const [requests, answers] = [join(this.#home, 'requests'), join(this.#home, 'answers')]
    execFileSync('mkfifo', [requests, answers])
    // Whoever ends, the other one reads it from the pipe: neither keeps what the other writes to.
    this.#requests = openSync(requests, constants.O_RDWR)
    const toRead = openSync(requests, constants.O_RDONLY)
    const both = openSync(answers, constants.O_RDWR)
    const toWrite = openSync(answers, constants.O_WRONLY)
    this.#answers = openSync(answers, constants.O_RDONLY)
    const args = [pathOf('warm-host.js'), pathOf('warm-cli.cjs'), pathOf('cli.js'), this.#home]
    spawn(process.execPath, args, { env: {}, stdio: ['ignore', ...this.#streams, toRead, toWrite] }).unref()
    for (const one of [toRead, both, toWrite]) closeSync(one)
  }

  /** @throws Error where the process dies without a word. */
  run(request: WarmRequest): CommandResult {
    writeSync(this.#requests, `${JSON.stringify(request)}\n`)
    const answer = this.#readAnswer()
    const [stdout = '', stderr = ''] = STREAMS.map((name) => readFileSync(join(this.#home, name), 'utf8'))
    for (const one of this.#streams) ftruncateSync(one)
    if (this.isOver) this.#close()
    if (answer === null) throw new Error(`the command died in ${request.cwd}: ${request.args.join(' ')}\n${stderr}`)
    return { code: answer.code, stdout, stderr }
  }

  /** Null where the process dies without a word. What it does as it ends has been done, too. */
  #readAnswer(): { code: number } | null {
    const chunk = Buffer.alloc(1 << 12)
    let text = ''
    while (!this.isOver && !text.endsWith('"isLast":false}\n')) {
      const length = readSync(this.#answers, chunk)
      text += chunk.toString('latin1', 0, length)
      this.isOver = length === 0
    }
    return text === '' ? null : JSON.parse(text)
  }

  #close(): void {
    for (const one of [this.#requests, this.#answers, ...this.#streams]) closeSync(one)
    rmSync(this.#home, { recursive: true, force: true })
  }
}

let waiting: WarmProcess | null = null

/** Runs the command in the process that waits, and waits for it. */
export function runWarm(request: WarmRequest): CommandResult {
  if (waiting === null || waiting.isOver) waiting = new WarmProcess()
  return waiting.run(request)
}
