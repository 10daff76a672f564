/**
 * A made-up upstream and a queue for it, the same at every run: for the benchmark without
 * arguments.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { git } from '../../fixtures/build-upstream.ts'

export interface Size {
  files: number
  commits: number
  patches: number
}

const LINES = 200
const BACKPORT_EVERY = 3

/** Makes `directory`/upstream (tags v1.0 and v2.0) and `directory`/queue. */
export function generate(directory: string, { files, commits, patches }: Size): void {
  const upstream = join(directory, 'upstream')
  mkdirSync(upstream, { recursive: true })
  git(upstream, 'init', '--quiet', '--bare')
  const random = randomFrom(4711)
  const pick = (count: number) => Math.floor(random() * count)
  const contents = Array.from({ length: files }, (_, file) =>
    Array.from({ length: LINES }, (_, line) => `f${file} l${line} ${pick(1e6)}`),
  )
  const stream = new Stream()
  stream.commit(
    'refs/heads/main',
    'Begin',
    contents.map((lines, file) => [file, lines]),
  )
  const history = (count: number, from: number) => {
    const changed: { file: number; subject: string; lines: string[] }[] = []
    for (let number = from; number < from + count; number++) {
      const file = pick(files)
      const lines = change(contents[file] ?? [], pick, `upstream ${number}`)
      contents[file] = lines
      stream.commit('refs/heads/main', `area${file % 40}: change number ${number}`, [[file, lines]])
      changed.push({ file, subject: `area${file % 40}: change number ${number}`, lines })
    }
    return changed
  }
  history(Math.floor(commits / 2), 0)
  const base = contents.map((lines) => [...lines])
  stream.tag('v1.0')
  const after = history(Math.ceil(commits / 2), Math.floor(commits / 2))
  stream.tag('v2.0')
  // The first change of a file after the base applies to the base as it is.
  const backports = [...new Map([...after].reverse().map((one) => [one.file, one])).values()]
  stream.reset('refs/heads/queue', 'refs/tags/v1.0')
  const taken = new Set<number>()
  for (let number = 0; number < patches; number++) {
    const backport = number % BACKPORT_EVERY === 0 ? backports.find((one) => !taken.has(one.file)) : undefined
    const file = backport?.file ?? pick(files)
    taken.add(file)
    const lines = backport?.lines ?? change(base[file] ?? [], pick, `distro ${number}`)
    base[file] = lines
    stream.commit('refs/heads/queue', backport?.subject ?? `distro: local change ${number}`, [[file, lines]])
  }
  const { status, stderr } = spawnSync('git', ['fast-import', '--quiet', '--force'], {
    cwd: upstream,
    input: stream.text(),
  })
  if (status !== 0) throw new Error(`git fast-import: ${stderr}`)
  const queue = join(directory, 'queue')
  git(upstream, 'format-patch', '--quiet', '--zero-commit', '--no-signature', '-o', queue, 'v1.0..queue')
  git(upstream, 'update-ref', '-d', 'refs/heads/queue')
  writeFileSync(join(queue, 'series'), `${readdirSync(queue).sort().join('\n')}\n`)
}

function change(lines: readonly string[], pick: (count: number) => number, text: string): string[] {
  const at = pick(lines.length)
  return [...lines.slice(0, at), `${text} a`, `${text} b`, ...lines.slice(at + pick(2))]
}

/** Mulberry32: small, and good enough to spread changes over files. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** A stream for git-fast-import(1). */
class Stream {
  readonly #parts: string[] = []
  #time = 1_600_000_000

  commit(ref: string, subject: string, files: [number, string[]][]): void {
    this.#parts.push(
      `commit ${ref}\ncommitter Bench <bench@example.org> ${this.#time++} +0000\ndata ${subject.length}\n${subject}\n`,
    )
    for (const [file, lines] of files) {
      const content = `${lines.join('\n')}\n`
      this.#parts.push(`M 100644 inline dir${file % 50}/file${file}.txt\ndata ${content.length}\n${content}\n`)
    }
  }

  tag(name: string): void {
    this.#parts.push(`reset refs/tags/${name}\nfrom refs/heads/main\n\n`)
  }

  reset(ref: string, from: string): void {
    this.#parts.push(`reset ${ref}\nfrom ${from}\n\n`)
  }

  text(): string {
    return this.#parts.join('')
  }
}
