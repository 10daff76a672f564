import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { Attempt, Landing, Rebuild } from '../../src/model/attempt.ts'
import { type PatchQueue, summaryOf } from '../../src/model/patch.ts'
import { readPatch } from '../../src/patch/read/read-patch.ts'
import { listAttempts, loadAttempt, loadPatch, saveAttempt } from '../../src/record/attempts.ts'
import { loadCommits, loadRenames, saveCommits, saveRenames } from '../../src/record/commit-index.ts'
import { openDatabase } from '../../src/record/database.ts'
import { loadOverrules, saveOverrule } from '../../src/record/overrules.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const directory = temporaryDirectory()
const migrations = fileURLToPath(new URL('../../db/migrations', import.meta.url))
const timing = { startedAt: '2020-01-01T00:00:00.000Z', durationMs: 12, toolVersion: '0' }
const rebuilds: Rebuild[] = [
  { kind: 'clean' },
  { kind: 'offset', lines: 7 },
  { kind: 'fuzz', lines: 2 },
  { kind: 'failed', reason: 'r', hint: 'h' },
  { kind: 'unreadable', reason: 'r', hint: 'h' },
]
const region = {
  ...{ line: 7, hunks: [1, 3], ours: ['\xff\n', 'b'], base: [], theirs: ['c\n'] },
  ...{ wentTo: { path: 'w', line: 2 }, culprits: ['c', 'd'] },
}
const conflicts = [
  {
    ...{ path: 'a/\xe9', hunksFailed: 1, hunks: 2, reason: 'x', marked: '<<<<<<< \xff\n', isGone: true },
    regions: [region, { ...region, wentTo: null, culprits: [] }],
    culprits: [{ sha: 'c', subject: 'ü', author: 'A', date: 'd', firstTag: null, lines: 3 }],
  },
]
const landings: Landing[] = [
  { kind: 'clean' },
  { kind: 'offset', lines: 3, by: 'context' },
  { kind: 'conflict', conflicts },
  { kind: 'blocked', conflicts: [], by: [1, 3] },
  { kind: 'unreadable' },
]

/** Latin-1, a NUL and no line feed at the end: bytes that text would lose. */
const bytes = (at: number) => Buffer.from(`\xe9\0patch ${at}`, 'latin1')

function sample(): { attempt: Attempt; queue: PatchQueue } {
  const patches = rebuilds.map((_, at) => {
    const listing = {
      name: `p${at}.patch`,
      section: 'S / T',
      owner: 'me',
      comment: 'me - too',
      strip: 1,
      reversed: at === 2,
    }
    return readPatch(listing, at + 1, bytes(at))
  })
  const summary = { source: '/q/series', format: 'quilt' as const, revision: 'sha256:1', disabled: 1, guarded: 0 }
  const results = patches.map((patch, at) => ({
    patch: summaryOf(patch),
    rebuild: rebuilds[at] as Rebuild,
    landing: landings[at] as Landing,
    upstream: {
      status: 'present' as const,
      coverage: 0.5,
      survival: 0.25,
      confidence: 0.9,
      commits: [
        {
          sha: 'f'.repeat(40),
          subject: 'ü',
          date: 'd',
          firstTag: null,
          signals: ['name' as const, 'subject' as const],
          coverage: 1,
        },
      ],
      parts: 1,
      fates: [
        {
          ...{ path: 'a/\xe9', kind: 'hunk' as const, hunk: 1, fate: 'rewritten-since' as const },
          ...{ by: 'c', changedBy: 'd', at: { path: 'b', line: 7 }, lines: 4, standing: 2 },
        },
        {
          ...{ path: 'm', kind: 'mode' as const, hunk: null, fate: 'remains' as const },
          ...{ by: null, changedBy: null, at: null, lines: 0, standing: 0 },
        },
      ],
      question: { kind: 'fates' as const, sha: 'c' },
      revertedBy: at === 1 ? 'e'.repeat(40) : null,
      claims: [{ field: 'origin', value: 'upstream', upstream: true }],
    },
    verdict: { kind: 'applies' as const, action: 'keep' as const, reason: null },
    residual: at === 2 ? '--- a\n+\xff\n' : null,
    overrule: null,
  }))
  const release = { ref: 'v2', commit: 'b'.repeat(40) }
  return {
    queue: { ...summary, patches },
    attempt: {
      queue: summary,
      upstream: '/up',
      base: { ref: 'v1', commit: 'a'.repeat(40), found: 'given' },
      target: release,
      results,
    },
  }
}

describe('the record', () => {
  it('gives back what was put in, to the byte', () => {
    const database = openDatabase(join(directory, 'a/b/record.db'), 'write')
    const { attempt, queue } = sample()
    const id = saveAttempt(database, attempt, queue, timing)
    expect(loadAttempt(database, id)).toEqual({
      ...attempt,
      id,
      startedAt: timing.startedAt,
      durationMs: timing.durationMs,
    })
    for (const [at, patch] of queue.patches.entries()) expect(loadPatch(database, patch.digest)).toEqual(bytes(at))
    expect(saveAttempt(database, attempt, queue, timing)).toBe(id + 1)
    expect(listAttempts(database)).toEqual([id, id + 1])
    expect(database.prepare('SELECT count(*) FROM queue_revision').pluck().get()).toBe(1)
    database.close()
  })

  it('never lets an attempt be changed or taken out', () => {
    const database = openDatabase(join(directory, 'final.db'), 'write')
    const { attempt, queue } = sample()
    saveAttempt(database, attempt, queue, timing)
    for (const statement of [
      "UPDATE attempt SET base_ref = 'x'",
      'DELETE FROM attempt',
      "UPDATE result SET verdict = 'applies'",
      'DELETE FROM patch',
    ]) {
      expect(() => database.exec(statement)).toThrow(/append-only/)
    }
    database.close()
  })

  it('records an attempt whole or not at all', () => {
    const database = openDatabase(join(directory, 'whole.db'), 'write')
    const { attempt, queue } = sample()
    const broken = { ...attempt, results: [...attempt.results, ...attempt.results] }
    expect(() => saveAttempt(database, broken, queue, timing)).toThrow()
    expect(listAttempts(database)).toEqual([])
    expect(database.prepare('SELECT count(*) FROM patch').pluck().get()).toBe(0)
    database.close()
  })

  it('remembers upstream commits, whatever their bytes', () => {
    const database = openDatabase(join(directory, 'index.db'), 'write')
    const commit = {
      ...{
        sha: 'a',
        parents: ['p', 'q'],
        subject: 'ü',
        author: 'A <a@b>',
        time: 12,
        takenFrom: ['c0ffee0'],
        reverts: [],
      },
      ...{
        patchId: null,
        paths: ['x/\xe9', 'y z'],
        lines: Uint32Array.from([1, 0xffffffff, 7]),
        message: Uint32Array.from([9]),
        words: Uint32Array.from([3, 4]),
      },
    }
    saveCommits(database, [commit])
    expect(loadCommits(database, ['a', 'b'])).toEqual([commit])
    const renames = new Map([['old/\xe9', 'new name']])
    expect(loadRenames(database, 'a', 'b')).toBeNull()
    saveRenames(database, 'a', 'b', renames)
    saveRenames(database, 'b', 'a', new Map())
    expect([loadRenames(database, 'a', 'b'), loadRenames(database, 'b', 'a')]).toEqual([renames, new Map()])
    database.close()
  })

  it("keeps people's answers for good; the newest counts, and an attempt remembers its own", () => {
    const database = openDatabase(join(directory, 'overrules.db'), 'write')
    const { attempt, queue } = sample()
    saveAttempt(database, attempt, queue, timing)
    const digest = queue.patches[0]?.digest ?? ''
    const answer = { digest, answer: 'drop' as const, commit: 'c0ffee', reason: 'ü', by: 'ann', at: 'd' }
    saveOverrule(database, { ...answer, answer: 'keep' })
    const overrule = { ...answer, id: saveOverrule(database, answer) }
    expect(loadOverrules(database)).toEqual(new Map([[digest, overrule]]))
    const overruled = attempt.results.map((result, at) => (at === 0 ? { ...result, overrule } : result))
    const id = saveAttempt(database, { ...attempt, results: overruled }, queue, timing)
    saveOverrule(database, { ...answer, answer: 'withdrawn', commit: null })
    expect(loadOverrules(database)).toEqual(new Map())
    expect(loadAttempt(database, id)?.results[0]?.overrule).toEqual(overrule)
    expect(() => database.exec("UPDATE overrule SET reason = 'x'")).toThrow(/append-only/)
    database.close()
  })
})

describe('opening', () => {
  const path = (name: string) => join(directory, name)

  it('brings a record from before up to date, and loses nothing', () => {
    const [first = ''] = readdirSync(migrations).sort()
    const old = new Database(path('old.db'))
    old.exec(readFileSync(join(migrations, first), 'utf8'))
    old.exec(`PRAGMA application_id = ${0x7262736c}; PRAGMA user_version = 1;
      INSERT INTO queue_revision VALUES (1, 'sha256:1', '/q', 'quilt', 0, 0);
      INSERT INTO patch VALUES ('${'d'.repeat(64)}', x'2b');
      INSERT INTO queue_patch VALUES (1, 1, '${'d'.repeat(64)}', 'p', 1, 0, NULL, NULL, 1, 0, 1);
      INSERT INTO attempt VALUES (1, 1, '/u', 'b', 'b', 'given', 't', 't', 'then', 5, '0');
      INSERT INTO result VALUES (1, 1, '', NULL, NULL, 'clean', NULL, NULL, NULL, 'withheld', NULL, 'upstreamed', 'drop', NULL,
        'present', 1, 1, .98, NULL);
      INSERT INTO evidence VALUES (1, 1, 0, 'f', 's', 'd', NULL, 'subject', 1);`)
    old.close()
    const database = openDatabase(path('old.db'), 'write')
    expect(loadAttempt(database, 1)?.results).toMatchObject([
      { verdict: { kind: 'upstreamed' }, upstream: { parts: 1, fates: [] }, residual: null, overrule: null },
    ])
    database.close()
  })

  it('reads a record that cannot be written, and changes nothing of it', () => {
    const { attempt, queue } = sample()
    const writing = openDatabase(path('fixed.db'), 'write')
    saveAttempt(writing, attempt, queue, timing)
    writing.close()
    // What SQLite needs beside the file cannot be made: so it is on a medium that is read only,
    // also for root.
    symlinkSync(path('nowhere/shm'), path('fixed.db-shm'))
    const before = readFileSync(path('fixed.db'))
    const reading = openDatabase(path('fixed.db'), 'read')
    expect(listAttempts(reading)).toEqual([1])
    reading.close()
    expect(readFileSync(path('fixed.db')).equals(before)).toBe(true)
    expect(() => openDatabase(path('fixed.db'), 'write')).toThrow(/cannot be written/)
  })

  it('refuses what is not ours, with a way out', () => {
    new Database(path('other.db')).exec('CREATE TABLE t (x)').close()
    writeFileSync(path('text.db'), 'this is no database, and long enough to be looked at as one. '.repeat(20))
    symlinkSync(path('nowhere'), path('link.db'))
    expect(() => openDatabase(path('other.db'), 'write')).toThrow(/something else/)
    expect(() => openDatabase(path('text.db'), 'write')).toThrow(/cannot be used/)
    expect(() => openDatabase(path('link.db'), 'write')).toThrow(/no regular file/)
    expect(() => openDatabase(path('missing.db'), 'read')).toThrow(/no record/)
  })

  it('refuses a newer version, and a schema that somebody changed', () => {
    openDatabase(path('newer.db'), 'write').close()
    new Database(path('newer.db')).exec('PRAGMA user_version = 999').close()
    expect(() => openDatabase(path('newer.db'), 'write')).toThrow(/newer rebaseline/)
    openDatabase(path('changed.db'), 'write').close()
    new Database(path('changed.db')).exec('CREATE TRIGGER evil AFTER INSERT ON attempt BEGIN SELECT 1; END').close()
    expect(() => openDatabase(path('changed.db'), 'write')).toThrow(/schema/)
    openDatabase(path('hidden.db'), 'write').close()
    new Database(path('hidden.db'))
      .exec('CREATE TRIGGER sqliteXevil AFTER INSERT ON attempt BEGIN SELECT 1; END')
      .close()
    expect(() => openDatabase(path('hidden.db'), 'write')).toThrow(/schema/)
  })
})
