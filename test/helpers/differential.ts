/** Patches that are made up, applied by us, by git apply and by patch(1): where do they differ? */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TreeFiles } from '../../src/attempt/files.ts'
import { settleNames } from '../../src/attempt/settle-names.ts'
import { fromBytes, toBytes } from '../../src/model/bytes.ts'
import { pathsOf } from '../../src/model/patch.ts'
import { STRICT } from '../../src/patch/apply/apply.ts'
import { readPatch } from '../../src/patch/read/read-patch.ts'

export type Random = (below: number) => number

/** A small generator of numbers that are the same for the same seed (mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** A patch, and the file that it is tried on; null: there is none. */
export interface MadePatch {
  patch: string
  target: string | null
  /** Without lines of context, git apply must be told so. */
  hasContext: boolean
}

const FILE = 'dir/file.c'
const WORDS = [
  'if (x)',
  '{',
  '}',
  '',
  '\treturn 0;',
  'break;',
  'int y;',
  'caf\xe9',
  '-- ',
  '++ z',
  '@@ -1 +1 @@',
  'a\r',
]

/** Needs a directory to make the diff in. */
export function makePatch(random: Random, directory: string): MadePatch {
  const line = () => WORDS[random(WORDS.length)] ?? ''
  const lines = Array.from({ length: random(40) }, (_, at) => (random(3) === 0 ? line() : `line ${at}`))
  const edit = (from: readonly string[], edits: number) => {
    const edited = [...from]
    for (let count = 0; count < edits; count++) {
      const added = Array.from({ length: random(3) }, line)
      edited.splice(random(edited.length + 1), random(3), ...added)
    }
    return edited
  }
  const toText = (some: readonly string[]) => some.map((one) => `${one}\n`).join('')
  const cut = (text: string) => (random(6) === 0 ? text.slice(0, -1) : text)
  const [old, wanted] = [cut(toText(lines)), cut(toText(edit(lines, 1 + random(3))))]
  const context = random(5)
  const isPlain = random(2) === 0
  const targets = [old, old, cut(toText(edit(lines, 1))), toText(['top', 'top', ...lines]), wanted]
  const target = old === '' && random(2) === 0 ? null : (targets[random(targets.length)] ?? old)
  const patch = diffOf(directory, old, wanted, context)
  return { patch: isPlain ? toPlain(patch) : patch, target, hasContext: context > 0 }
}

function diffOf(directory: string, old: string, wanted: string, context: number): string {
  for (const [side, text] of Object.entries({ a: old, b: wanted })) {
    mkdirSync(join(directory, side, 'dir'), { recursive: true })
    writeFileSync(join(directory, side, FILE), toBytes(text))
  }
  const args = ['diff', '--no-index', '--text', '--no-prefix', `-U${context}`, 'a', 'b']
  return fromBytes(spawnSync('git', args, { cwd: directory }).stdout)
}

/** As diff -u writes it. */
function toPlain(patch: string): string {
  const [header, ...rest] = patch.split(/^(?=@@ )/m)
  const names = (header ?? '').split('\n').filter((line) => /^(?:---|\+\+\+) /.test(line))
  const dated = names.map((name) => `${name}\t2024-05-06 07:08:09.000000000 +0000\n`)
  return [...dated, ...rest].join('')
}

/** Whether GNU patch is there to be compared with. */
export function hasPatch(): boolean {
  return spawnSync('patch', ['--version']).error === undefined
}

/** What one of the three made of it: the file; null where it refused. */
export interface Outcomes {
  ours: string | null
  git: string | null
  patch: string | null
}

export async function applyAll(made: MadePatch, directory: string): Promise<Outcomes> {
  return {
    ours: await byUs(made),
    git: byCommand(made, directory, 'git', ['apply', '-p1', ...(made.hasContext ? [] : ['--unidiff-zero'])]),
    patch: byCommand(made, directory, 'patch', ['-p1', '-s', '-f', '-F0', '--no-backup-if-mismatch', '-i']),
  }
}

async function byUs({ patch, target }: MadePatch): Promise<string | null> {
  const listing = {
    name: 'p',
    section: '',
    owner: null,
    comment: null,
    strip: 1,
    reversed: false,
    directory: '',
    listed: null,
  }
  const [read] = settleNames([readPatch(listing, 1, toBytes(patch))], (path) => path === FILE && target !== null)
  if (read === undefined || read.content.kind === 'unreadable') return null
  const source = { mode: '100644', content: target ?? '' }
  const files = new TreeFiles(async (path) => (path === FILE && target !== null ? source : null))
  await files.fetch(pathsOf(read))
  const outcome = files.apply(read, STRICT)
  if (outcome.kind === 'failed') return null
  const written = outcome.writes.find(({ path }) => path === FILE)
  return written ? (written.content === null ? '' : fromBytes(written.content)) : (target ?? '')
}

function byCommand({ patch, target }: MadePatch, directory: string, command: string, args: string[]): string | null {
  const work = join(directory, 'work')
  rmSync(work, { recursive: true, force: true })
  mkdirSync(join(work, 'dir'), { recursive: true })
  if (target !== null) writeFileSync(join(work, FILE), toBytes(target))
  writeFileSync(join(directory, 'p'), toBytes(patch))
  const env = {
    PATH: process.env.PATH,
    LC_ALL: 'C',
    GIT_CEILING_DIRECTORIES: directory,
    GIT_CONFIG_GLOBAL: '/dev/null',
  }
  const { status, error } = spawnSync(command, [...args, join(directory, 'p')], { cwd: work, env })
  if (error) throw error
  if (status !== 0) return null
  return existsSync(join(work, FILE)) ? fromBytes(readFileSync(join(work, FILE))) : ''
}

/**
 * What is wrong with our outcome; null where nothing is. Where we differ from both others, or from
 * one of them, it is for one of these reasons:
 * - a hunk without context has many places: only what git and patch(1) agree on is asked of us;
 * - git apply looks over a missing line feed at the end of a file: we refuse, as patch(1) does;
 * - patch(1) makes a file that git's diff changes: we refuse, as git apply does;
 * - what git's diff fills, an empty file by its id, is not there: we put nothing on top of another;
 * - both want a hunk that has no context behind its changes at the end of a file: we take it where
 *   it says, since a hunk may have lost its context, and upstream may have added lines behind it.
 */
export function faultOf({ patch, target, hasContext }: MadePatch, { ours, git, patch: gnu }: Outcomes): string | null {
  if (ours === null && target !== '' && /^index e69de29/m.test(patch)) return null
  const atEnd = leftBehind(patch)
  if (atEnd !== null && ours !== null && !ours.endsWith(atEnd) && git?.endsWith(atEnd)) return null
  if (git !== null && git === gnu && ours !== git) return 'git apply and patch(1) agree, and we differ'
  if (!hasContext) return null
  const endsInChange = leftBehind(patch) !== null
  if (ours !== null && git !== null && ours !== git) return 'git apply makes another file of it'
  const isElsewhere = endsInChange && git === null
  if (ours !== null && gnu !== null && ours !== gnu && !isElsewhere) return 'patch(1) makes another file of it'
  const lacksFeed = patch.includes('\\ No newline') || target?.endsWith('\n') === false
  if (ours === null && git !== null && !lacksFeed) return 'git apply takes it'
  if (ours === null && gnu !== null && target !== null) return 'patch(1) takes it'
  return ours !== null && git === null && gnu === null && !endsInChange ? 'neither takes it' : null
}

/** What the last hunk of a patch leaves, where no context is behind its changes; else null. */
function leftBehind(patch: string): string | null {
  const lines = (patch.split(/^@@ .*\n/m).at(-1) ?? '').split('\n').slice(0, -1)
  const told = lines.filter((line) => !line.startsWith('\\'))
  if (!/^[-+]/.test(told.at(-1) ?? '')) return null
  const text = told.flatMap((line) => (line.startsWith('-') ? [] : [`${line.slice(1)}\n`])).join('')
  return lines.at(-1)?.startsWith('\\') ? text.slice(0, -1) : text
}
