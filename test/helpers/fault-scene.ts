import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { git } from '../../fixtures/build-upstream.ts'
import { rebaseline } from './cli.ts'

/** Changes to the functions of a file, by what is looked for and what stands there then. */
export type Edits = Readonly<Record<string, readonly [old: string, now: string][]>>

/** A file of three functions, that faults can be put into. */
function functionsOf(name: string): string {
  return ['one', 'two', 'three']
    .map(
      (one) =>
        `int ${name}_${one}(int a)\n{\n    int sum = ${name}_base();\n\n    sum += a; /* ${one} */\n\n    return sum;\n}\n`,
    )
    .join('\n')
}

/** In a function: keep the low byte only, keep seven bits of it, or refuse negative numbers. */
export const bound = (one: string): [string, string] => [`sum += a; /* ${one} */`, `sum += a & 0xff; /* ${one} */`]
export const narrow = (one: string): [string, string] => [`a & 0xff; /* ${one} */`, `a & 0x7f; /* ${one} */`]

/** An upstream with faults, fixes and branches, and a queue on it. */
export class FaultScene {
  readonly directory: string
  readonly upstream: string
  #clock = 1_600_000_000

  constructor(directory: string, files: readonly string[] = ['net']) {
    this.directory = directory
    this.upstream = join(directory, 'upstream')
    mkdirSync(join(directory, 'queue'), { recursive: true })
    mkdirSync(this.upstream)
    git(this.upstream, 'init', '--quiet', '--initial-branch=main')
    for (const file of files) writeFileSync(join(this.upstream, `${file}.c`), functionsOf(file))
    this.#record('first version', '')
  }

  /** Changes files and makes a commit of it; its id comes back. */
  commit(subject: string, body: string, edits: Edits): string {
    this.#edit(edits)
    return this.#record(subject, body)
  }

  /** Any git command in the upstream. */
  git(...args: string[]): string {
    return git(this.upstream, ...args)
  }

  /** A patch of commits, or of edits, on top of the patches before it. */
  carry(name: string, header: string, what: { of?: readonly string[]; edits?: Edits; on: string; in?: string }): void {
    const queue = join(this.directory, what.in ?? 'queue')
    mkdirSync(queue, { recursive: true })
    const listed = this.#listed(queue)
    this.git('checkout', '--quiet', '--detach', what.on)
    for (const one of listed) this.git('apply', '--index', join(queue, one))
    const before = this.git('write-tree')
    for (const sha of what.of ?? []) {
      this.git('diff-tree', '-p', `--output=${join(this.directory, 'one.diff')}`, sha)
      this.git('apply', '--index', '--3way', join(this.directory, 'one.diff'))
    }
    this.#edit(what.edits ?? {})
    this.git('diff-tree', '-p', `--output=${join(this.directory, 'one.diff')}`, before, this.git('write-tree'))
    writeFileSync(join(queue, name), `${header}\n\n${readFileSync(join(this.directory, 'one.diff'), 'utf8')}`)
    writeFileSync(join(queue, 'series'), [...listed, name].map((one) => `${one}\n`).join(''))
    this.git('reset', '--quiet', '--hard')
    this.git('checkout', '--quiet', 'main')
  }

  /** What an audit says, as JSON. */
  audit(base: string, onto: string, ...more: string[]) {
    const place = ['--queue', 'queue', '--upstream', 'upstream', '--base', base, '--onto', onto]
    const result = rebaseline(this.directory, ['audit', ...place, '--security', '--json', ...more])
    if (result.code !== 0) throw new Error(result.stderr)
    return JSON.parse(result.stdout)
  }

  #listed(queue: string): string[] {
    try {
      return readFileSync(join(queue, 'series'), 'utf8').split('\n').filter(Boolean)
    } catch {
      return []
    }
  }

  #edit(edits: Edits): void {
    for (const [file, pairs] of Object.entries(edits)) {
      const path = join(this.upstream, file)
      const changed = pairs.reduce(
        (text, [old, now]) => {
          if (text.split(old).length !== 2) throw new Error(`"${old}" is not once in ${file}`)
          return text.replace(old, now)
        },
        readFileSync(path, 'utf8'),
      )
      writeFileSync(path, changed)
    }
    this.git('add', '--all')
  }

  #record(subject: string, body: string): string {
    this.#clock += 86_400
    const message = body === '' ? subject : `${subject}\n\n${body}`
    this.git('add', '--all')
    this.git('commit', '--quiet', '--allow-empty', '--date', `${this.#clock} +0000`, '--message', message)
    return this.git('rev-parse', 'HEAD')
  }
}
