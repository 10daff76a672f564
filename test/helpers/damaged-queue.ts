/** Damages a file of a queue, and reads what comes of it; nothing on disk changes. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { queueAt } from '../../src/queue/locate.ts'
import { openPlace } from '../../src/queue/place.ts'
import { readLocated } from '../../src/queue/read-queue.ts'
import { unknownQueue } from '../../src/queue/unknown.ts'
import type { Random } from './differential.ts'

/** What means something to one reader or another, or to none. */
const PIECES = [
  ...[
    '\0',
    '\n',
    '../',
    '+',
    '-',
    '#',
    '\xff',
    ' ',
    '/',
    '\r',
    '\x1b[31m',
    '%',
    '..',
    '~',
    '"',
    "'",
    '\\\n',
    '=',
    ';',
    '$',
    '`',
  ],
  ...[
    '${',
    '}',
    '$(',
    ')',
    '((',
    '[[',
    '%{',
    '%if 1\n',
    '%else\n',
    '%endif\n',
    'file://',
    '.patch',
    '-p',
    ':',
    ',',
    '{',
    '<<E\n',
    '|',
  ],
  ...[
    '#'.repeat(9000),
    '%{?x:'.repeat(300),
    '$('.repeat(300),
    '${a:-'.repeat(300),
    '{a,b}'.repeat(40),
    '('.repeat(3000),
  ],
]

/** A few places of a text, cut or with something put in. */
export function damaged(text: string, random: Random): string {
  let found = text
  for (let count = 1 + random(4); count > 0; count--) {
    const at = random(found.length + 1)
    // Mostly little: a text that lost its half is another one.
    const cut = random(5) === 0 ? random(80) : random(4)
    const put = random(3) === 0 ? found.slice(at, at + random(60)) : (PIECES[random(PIECES.length)] ?? '')
    found = found.slice(0, at) + put + found.slice(at + cut)
  }
  return found
}

/** The files of a scene, by their paths from `root`. */
export function filesBelow(root: string): string[] {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** Reads the queue at `named` as if one of the `paths` held something else. @throws what the reader throws. */
export async function readDamaged(named: string, paths: readonly string[], random: Random): Promise<void> {
  const path = paths[random(paths.length)] ?? ''
  const bytes = Buffer.from(damaged(readFileSync(path, 'latin1'), random), 'latin1')
  const place = openPlace(named)
  const files = {
    ...place.files,
    read: async (asked: string, limit: number) =>
      place.files.nameOf(asked) === path ? bytes : await place.files.read(asked, limit),
  }
  const located = await queueAt({ ...place, files }, null)
  if (located === null) throw await unknownQueue({ ...place, files }, null)
  await readLocated(located, { guards: new Set() })
}
