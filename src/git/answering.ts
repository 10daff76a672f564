/** A git process that stays, and answers one question after the other. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { collect, exitOf, type GitContext, type GitResult, type Lent, Silence, startGit } from './process.ts'

/** How one command of git's is talked to. */
export interface Dialogue<Answer> {
  args: readonly string[]
  wrapper?: readonly string[]
  /** Takes what arrives; returns the answer when all of it is there, null before. */
  read: (chunk: Buffer) => Answer | null
  /** What to say where the process ended while an answer was awaited. */
  ended: (result: GitResult) => Error
}

export class AnsweringProcess<Answer> implements Lent {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #silence: Silence
  readonly #read: Dialogue<Answer>['read']
  /** Why there is no process any more. */
  #failed: Error | null = null
  #waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | null = null

  constructor(context: GitContext, { args, wrapper = [], read, ended }: Dialogue<Answer>) {
    this.#read = read
    this.#child = startGit(context, args, wrapper)
    this.#silence = new Silence(this.#child, context)
    const complaints = collect(this.#child.stderr)
    this.#child.stdout.on('data', (chunk: Buffer) => this.#receive(chunk))
    Promise.all([exitOf(this.#child), complaints]).then(
      ([code, stderr]) => {
        const result = { code, stdout: Buffer.alloc(0), stderr: stderr.toString('latin1') }
        this.#fail(this.#silence.error ?? ended(result))
      },
      (error: Error) => this.#fail(error),
    )
  }

  isAtRest(): boolean {
    return this.#failed === null && this.#waiting === null
  }

  /** One question at a time. */
  ask(question: string): Promise<Answer> {
    if (this.#failed) return Promise.reject(this.#failed)
    const answer = new Promise<Answer>((resolve, reject) => {
      this.#waiting = { resolve, reject }
    })
    this.#silence.expect()
    this.#child.stdin.write(question)
    return answer
  }

  end(): void {
    this.#child.stdin.end()
  }

  #fail(error: Error): void {
    this.#failed ??= error
    this.#waiting?.reject(this.#failed)
  }

  #receive(chunk: Buffer): void {
    if (this.#failed) return
    try {
      const answer = this.#read(chunk)
      if (answer === null) return
      const waiting = this.#waiting
      this.#waiting = null
      this.#silence.rest()
      waiting?.resolve(answer)
    } catch (error) {
      this.#fail(error as Error)
    }
  }
}
