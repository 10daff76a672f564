/** Mails as they are made by git and packed by mailers: the tree is the one that git am(1) leaves. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rebuildQueue } from '../../src/attempt/rebuild.ts'
import { openScratch } from '../../src/git/scratch.ts'
import { listTree } from '../../src/git/tree.ts'
import { readQueue } from '../../src/queue/read-queue.ts'
import { type Random, randomOf } from '../helpers/differential.ts'
import { gitSetting } from '../helpers/git-setting.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const directory = temporaryDirectory()
const repository = join(directory, 'repository')
mkdirSync(repository)
const IDENTITY = ['-c', 'user.name=J\u00fcrgen', '-c', 'user.email=j@example.org']
const git = (...args: string[]) =>
  execFileSync('git', [...IDENTITY, ...args], { cwd: repository, stdio: ['ignore', 'pipe', 'ignore'] }).toString(
    'latin1',
  )
git('init', '--quiet', '--initial-branch=main')

const LINES = [
  ...[
    'plain',
    '',
    'From here on it holds.',
    '-- ',
    '>From x',
    '.',
    'tab\there',
    'blank behind ',
    ' blank in front',
    '---',
  ],
  ...[
    'Gr\xfc\xdfe',
    '\xc3\xa9t\xc3\xa9',
    'a=3Db',
    'x'.repeat(90),
    'Subject: none',
    '~',
    '-- >8 --',
    'diff --git a/x b/x',
    '@@ -1 +1 @@',
  ],
]
const BODIES = [
  ...[
    '',
    'Why.',
    'From here on.\n\nFrom the top: 10:00',
    '>From x',
    'Gr\u00f6\u00dfe',
    'Index: no',
    'a = b',
    '  indented\n\nlast',
  ],
]
const SUBJECTS = [
  'Fill it',
  'Gr\u00f6\u00dfe \u2014 and a subject that goes on and on until it has to be folded by git',
  '[net] Mend: it',
  'a=b',
]

const OPTIONS: readonly string[][] = [
  ...[[], [], ['--attach'], ['--inline'], ['--no-signature'], ['--no-stat', '--minimal'], ['--unified=0']],
  ...[
    ['--in-reply-to=<a@b>', '--add-header=X-Test: From here'],
    ['--signature=-- of\nAnn'],
    ['--notes', '--binary', '--full-index'],
  ],
]

const pick = <One>(random: Random, all: readonly One[]): One => all[random(all.length)] as One

function commitOne(random: Random, files: Map<string, string[]>): void {
  const name = pick(random, ['a.txt', 'lib/b.c', 'c'])
  const lines = files.get(name) ?? []
  for (let count = 1 + random(3); count > 0; count--)
    lines.splice(random(lines.length + 1), random(3), ...Array.from({ length: random(4) }, () => pick(random, LINES)))
  lines.push(`${random(1e9)}`)
  files.set(name, lines)
  mkdirSync(join(repository, 'lib'), { recursive: true })
  writeFileSync(join(repository, name), lines.join('\n') + (random(4) === 0 ? '' : '\n'), 'latin1')
  git('add', '--all')
  git('commit', '--quiet', '--allow-empty-message', '--message', `${pick(random, SUBJECTS)}\n\n${pick(random, BODIES)}`)
}

/** The mail as some mailer sends it on: its text encoded. */
function packed(random: Random, mail: string): string {
  const [, head = '', body = ''] = /^([\s\S]*?\n)\n([\s\S]*)$/.exec(mail) ?? []
  const fields = head.replace(/^(?:MIME-Version|Content-Type|Content-Transfer-Encoding):.*\n/gm, '')
  const as = (encoding: string, text: string) =>
    `${fields}MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: ${encoding}\n\n${text}`
  if (/^Content-Type: multipart/m.test(head)) return mail
  switch (random(5)) {
    case 0:
      return as(
        'base64',
        `${Buffer.from(body, 'latin1')
          .toString('base64')
          .replace(/(.{76})/g, '$1\n')}\n\n`,
      )
    case 1:
      return as('quoted-printable', quoted(body))
    case 2:
      return as('8bit', body)
    case 3:
      return mail.replace(/\n/g, '\r\n')
    default:
      return mail
  }
}

/** RFC 2045, 6.7: lines of at most 76 characters, no blank at their ends. */
function quoted(body: string): string {
  const code = (one: string) => `=${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  const lines = body.split('\n').map((line) => {
    const safe = line
      .replace(/[^ -<>-~\t]/g, code)
      .replace(/[ \t]$/, code)
      .replace(/^From /, '=46rom ')
    return safe.replace(/(.{70}(?:=[0-9A-F]{2})?)(?<!=.?)(?=.)/g, '$1=\n')
  })
  return lines.join('\n')
}

async function treeOf(named: string, base: string): Promise<Map<string, string | null>> {
  const setting = gitSetting()
  const home = join(directory, `scratch-${Math.random()}`)
  try {
    const scratch = await openScratch(home, repository, setting)
    const queue = await readQueue(named)
    const rebuilt = await rebuildQueue(scratch, await listTree(scratch, base), queue)
    const failed = rebuilt.find(({ rebuild }) => rebuild.kind === 'failed' || rebuild.kind === 'unreadable')
    if (failed) throw new Error(JSON.stringify(failed.rebuild))
    return new Map(
      rebuilt.flatMap(({ changes }) => [...changes].map(([path, { after }]) => [path, after?.blob ?? null] as const)),
    )
  } finally {
    await setting.processes.stopped()
  }
}

/** The files after git am, by path; null where it does not take the mails. */
function treeOfAm(mailbox: string, base: string): Map<string, string> | null {
  git('checkout', '--quiet', '--detach', base)
  try {
    git('am', '--quiet', mailbox)
  } catch {
    git('am', '--abort')
    return null
  }
  const entries = git('ls-tree', '-r', '-z', 'HEAD')
    .split('\0')
    .filter((one) => one !== '')
  return new Map(entries.map((entry) => [entry.split('\t')[1] ?? '', entry.split(/[ \t]/)[2] ?? '']))
}

describe('a mailbox', () => {
  it.each(Array.from({ length: Number(process.env.RUNS ?? 12) }, (_, at) => at + 1))(
    'leaves what git am leaves, %i',
    async (seed) => {
      const random = randomOf(seed)
      git('checkout', '--quiet', '--orphan', `run-${seed}`)
      git('rm', '-r', '--quiet', '--force', '--ignore-unmatch', '.')
      const files = new Map<string, string[]>()
      commitOne(random, files)
      const base = git('rev-parse', 'HEAD').trim()
      for (let count = 1 + random(4); count > 0; count--) commitOne(random, files)
      const mails = git('format-patch', '--stdout', ...pick(random, OPTIONS), `${base}..HEAD`).split(
        /^(?=From [0-9a-f]{40} Mon Sep 17 00:00:00 2001$)/m,
      )
      const path = join(directory, `${seed}.mbox`)
      writeFileSync(path, mails.map((mail) => packed(random, mail)).join(''), 'latin1')
      const expected = treeOfAm(path, base)
      if (expected === null) return
      for (const [name, blob] of await treeOf(path, base))
        expect([name, blob]).toEqual([name, expected.get(name) ?? null])
    },
  )
})
