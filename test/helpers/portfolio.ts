import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { git } from '../../fixtures/build-upstream.ts'

const PARTS = ['landed', 'stays', 'broken'] as const
type Part = (typeof PARTS)[number]

/** What is said of the patches of each queue, by construction. */
export const VERDICTS_OF_PARTS: Record<Part, string> = {
  landed: 'upstreamed',
  stays: 'applies',
  broken: 'conflicting',
}

const linesOf = (name: string, part: Part) => Array.from({ length: 12 }, (_, at) => `${part} of ${name}, line ${at}\n`)
const wish = (name: string, part: Part) => `${part} as ${name} wishes\n`

function patchOf(name: string, part: Part): string {
  const lines = linesOf(name, part)
  const path = `${name}/${part}.txt`
  const context = (from: number, to: number) => lines.slice(from, to).map((line) => ` ${line}`)
  const hunk = [...context(3, 6), `-${lines[6]}`, `+${wish(name, part)}`, ...context(7, 10)].join('')
  return `Subject: ${part} ${name}\n\n---\n--- a/${path}\n+++ b/${path}\n@@ -4,7 +4,7 @@\n${hunk}`
}

/** Upstreams with some queues each, `q1` and so on, of a patch that landed, one that stays, and one that broke. */
export function buildPortfolio(directory: string, upstreams: number, queues: number): string {
  const rows: string[] = []
  for (let at = 0; at < upstreams * queues; at++) {
    const name = `q${at + 1}`
    mkdirSync(join(directory, 'queues', name), { recursive: true })
    for (const part of PARTS) writeFileSync(join(directory, 'queues', name, `${part}.patch`), patchOf(name, part))
    writeFileSync(join(directory, 'queues', name, 'series'), PARTS.map((part) => `${part}.patch\n`).join(''))
    rows.push(`  - {name: ${name}, queue: queues/${name}, upstream: u${at % upstreams}, base: v1.0}\n`)
  }
  for (let at = 0; at < upstreams; at++) {
    const names = rows.flatMap((_, queue) => (queue % upstreams === at ? [`q${queue + 1}`] : []))
    buildUpstream(join(directory, `u${at}`), names)
  }
  const named = Array.from({ length: upstreams }, (_, at) => `  u${at}: {repository: u${at}, onto: ['v2.*']}\n`)
  writeFileSync(join(directory, 'portfolio.yaml'), `upstreams:\n${named.join('')}queues:\n${rows.join('')}`)
  return join(directory, 'portfolio.yaml')
}

function buildUpstream(directory: string, names: readonly string[]): void {
  const put = (name: string, part: Part, line?: string) => {
    mkdirSync(join(directory, name), { recursive: true })
    const lines = linesOf(name, part)
    writeFileSync(join(directory, name, `${part}.txt`), (line === undefined ? lines : lines.with(6, line)).join(''))
  }
  const commit = (message: string) => {
    git(directory, 'add', '--all')
    git(directory, 'commit', '--quiet', '--message', message)
  }
  mkdirSync(directory)
  git(directory, 'init', '--quiet', '--initial-branch=main')
  for (const name of names) for (const part of PARTS) put(name, part)
  commit('start')
  git(directory, 'tag', 'v1.0')
  for (const name of names) {
    put(name, 'landed', wish(name, 'landed'))
    commit(`landed ${name}`)
    put(name, 'broken', `upstream has another idea of ${name}\n`)
    commit(`another way for ${name}`)
  }
  git(directory, 'tag', 'v2.0')
}
