import { createHash } from 'node:crypto'
import type { Conflict, PatchResult } from '../../src/model/attempt.ts'
import { openDatabase } from '../../src/record/database.ts'
import { insertAttempt } from '../../src/record/save-attempt.ts'

/** How large a made-up record is. */
export interface Many {
  queues: number
  patches: number
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex')
const sha = (text: string) => hash(text).slice(0, 40)
/** The same number for the same words, below `count`. */
const pick = (words: string, count: number) => Number.parseInt(hash(words).slice(0, 8), 16) % count

/** How many patches each queue has: most a few, some many. */
export function sizesOf({ queues, patches }: Many): number[] {
  const sizes = Array.from({ length: queues }, () => 1)
  let left = patches - queues
  for (let at = 0; left > 0; at = (at + 7) % queues) {
    const more = Math.min(left, at % 1000 === 0 ? 80 : at % 100 === 0 ? 12 : 1 + (at % 3))
    sizes[at] = (sizes[at] ?? 0) + more
    left -= more
  }
  return sizes
}

/** Writes a record of many queues, each tried on two releases. */
export async function writeRecordOfMany(file: string, many: Many): Promise<void> {
  const database = await openDatabase(file, 'write')
  const sizes = sizesOf(many)
  for (const target of ['v2.0', 'v2.1'])
    for (let from = 0; from < sizes.length; from += 500)
      database.transaction(() => {
        for (const [at, size] of sizes.slice(from, from + 500).entries())
          insertAttempt(database, attemptOfMany(from + at, size, target))
      })()
  database.close()
}

/** An attempt on a queue of a size. */
export function attemptOfMany(queue: number, size: number, target: string): Parameters<typeof insertAttempt>[1] {
  const name = `package-${String(queue).padStart(5, '0')}`
  const results = Array.from({ length: size }, (_, at) => resultOf(name, at + 1, target))
  const contents = new Map(results.map(({ patch }) => [patch.digest, Buffer.from(`Subject: ${patch.subject}\n`)]))
  return {
    attempt: {
      queue: {
        ...{ source: `/srv/sources/${name}/debian/patches/series`, format: 'quilt', revision: `sha256:${hash(name)}` },
        ...{ order: 'stated (series)', disabled: [], notes: [] },
      },
      upstream: `https://git.example/${name}.git`,
      base: { ref: 'v1.0', commit: sha(`${name} v1.0`), found: 'given' },
      target: { ref: target, commit: sha(`${name} ${target}`) },
      results,
    },
    timing: {
      startedAt: target === 'v2.0' ? '2026-10-01T02:00:00.000Z' : '2026-11-26T02:00:00.000Z',
      durationMs: 90,
      toolVersion: '0',
    },
    contents,
    document: `sha256:${hash(`${name} ${target}`)}`,
  }
}

type SavedResult = Parameters<typeof insertAttempt>[1]['attempt']['results'][number]

function resultOf(queue: string, position: number, target: string): SavedResult {
  const name = `${String(position).padStart(4, '0')}-fix-${pick(`${queue} ${position}`, 5000)}.patch`
  const key = `${queue} ${position}`
  const path = `src/${['net', 'disk', 'ui', 'core'][position % 4]}/file-${pick(key, 900)}.c`
  const chance = pick(`${key} ${pick(key, 5) === 0 ? target : ''}`, 100)
  const [landing, verdict] = fateOf(chance, path)
  return {
    patch: {
      ...{ position, name, section: position % 5 === 0 ? 'Technical debt' : '', owner: OWNERS[pick(key, 60)] ?? null },
      ...{ comment: null, strip: 1, reversed: false, directory: '', listed: `series:${position}`, digest: hash(key) },
      ...{ subject: `Fix number ${pick(key, 99_999)} of ${queue}`, author: `Ann ${pick(key, 400)} <ann@example.org>` },
      ...{ added: pick(key, 90), removed: pick(key, 30), files: 1 },
    },
    rebuild: { kind: 'clean' },
    landing,
    upstream: {
      ...{
        status: verdict.kind === 'upstreamed' ? 'present' : 'absent',
        coverage: 0.9,
        survival: 0.9,
        confidence: 0.9,
      },
      commits:
        verdict.action === 'drop' || verdict.action === 'review'
          ? [
              {
                sha: sha(key),
                subject: `Commit of ${key}`,
                date: '2026-09-01T00:00:00Z',
                firstTag: 'v2.0',
                signals: ['subject'],
                coverage: 0.9,
              },
            ]
          : [],
      parts: 1,
      fates: [
        ...[1, 2].map((hunk) => ({
          ...{
            path,
            kind: 'hunk' as const,
            hunk,
            fate: verdict.action === 'drop' ? ('landed' as const) : ('remains' as const),
          },
          ...{ by: null, changedBy: null, at: null, lines: 3, standing: 3 },
        })),
      ],
      ...{ question: null, revertedBy: null, claims: [] },
    },
    verdict,
    ...{ residual: null, suggested: null, overrule: null },
  }
}

const OWNERS = ['ann', 'ben', 'eve', 'joe', 'kim', 'lee', 'max', 'sam', 'tom', 'zoe']

function fateOf(chance: number, path: string): [PatchResult['landing'], PatchResult['verdict']] {
  if (chance < 12)
    return [
      { kind: 'conflict', conflicts: [conflictIn(path)] },
      { kind: 'conflicting', action: 'rework', reason: null },
    ]
  if (chance < 40) return [{ kind: 'withheld' }, { kind: 'upstreamed', action: 'drop', reason: null }]
  if (chance < 45) return [{ kind: 'clean' }, { kind: 'applies', action: 'review', reason: null }]
  if (chance < 70)
    return [
      { kind: 'offset', lines: 4, by: 'merge' },
      { kind: 'applies', action: 'refresh', reason: null },
    ]
  return [{ kind: 'clean' }, { kind: 'applies', action: 'keep', reason: null }]
}

function conflictIn(path: string): Conflict {
  const culprit = pick(path, 300)
  return {
    ...{ path, hunksFailed: 1, hunks: 2, reason: 'both changed', marked: null, isGone: false, suggestion: null },
    regions: [
      {
        line: 10,
        ours: ['upstream\n'],
        base: ['old\n'],
        theirs: ['ours\n'],
        hunks: [1],
        wentTo: null,
        culprits: [sha(`culprit ${culprit}`)],
      },
    ],
    culprits: [
      ...[{ sha: sha(`culprit ${culprit}`), subject: `Rework interface ${culprit}`, author: `Bob ${culprit}` }].map(
        (one) => ({
          ...one,
          ...{ date: '2026-08-01T00:00:00Z', firstTag: 'v2.0', lines: 2 },
        }),
      ),
    ],
  }
}
