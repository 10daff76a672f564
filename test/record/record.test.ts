import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Attempt, Landing, Rebuild } from '../../src/model/attempt.ts'
import { summaryOf } from '../../src/model/patch.ts'
import type { PatchQueue } from '../../src/model/queue.ts'
import { readPatch } from '../../src/patch/read/read-patch.ts'
import { documentOf, readDocument } from '../../src/record/attempt-document.ts'
import { attemptOfDocument, listAttempts, listWithdrawn, loadPatch, saveWord } from '../../src/record/attempts.ts'
import { openCommitIndex } from '../../src/record/commit-index.ts'
import { type Connection, openDatabase } from '../../src/record/database.ts'
import { loadAttempt, loadAttemptAt } from '../../src/record/load-attempt.ts'
import { loadOverrules, saveOverrule } from '../../src/record/overrules.ts'
import { notRecorded, saveAttempt } from '../../src/record/save-attempt.ts'
import { openSqlite } from '../../src/record/sqlite.ts'
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
  ...{ wentTo: { path: 'w', line: 2 }, culprits: ['c'.repeat(40), 'd'.repeat(40)] },
}
const NOTHING = { regions: [], culprits: [], suggestion: null }
const conflicts = [
  {
    ...{ path: 'a/\xe9', hunksFailed: 1, hunks: 2, reason: 'x', marked: '<<<<<<< \xff\n', isGone: true },
    regions: [region, { ...region, wentTo: null, culprits: [] }],
    culprits: [{ sha: 'c'.repeat(40), subject: 'ü', author: 'A', date: 'd', firstTag: null, lines: 3 }],
    suggestion: { sure: false, reasons: ['words' as const], hazards: ['abolished' as const, 'label' as const] },
  },
  { ...{ path: 'b', hunksFailed: 1, hunks: 1, reason: 'x', marked: null, isGone: false }, ...NOTHING },
]
const landings: Landing[] = [
  { kind: 'clean' },
  { kind: 'offset', lines: 3, by: 'context' },
  { kind: 'conflict', conflicts },
  { kind: 'blocked', conflicts: [], by: [1, 3] },
  { kind: 'unreadable' },
]

/** Latin-1, a NUL and no line feed at the end: bytes that text would lose. */
const bytes = (at: number) => Buffer.from(`\xe9 patch ${at}\n\n\0`, 'latin1')

function sample(): { attempt: Attempt; queue: PatchQueue } {
  const patches = rebuilds.map((_, at) => {
    const listing = {
      name: `p${at}.patch`,
      section: 'S / T',
      owner: 'me',
      comment: 'me - too',
      strip: 1,
      reversed: at === 2,
      directory: at === 2 ? 'sub' : '',
      listed: `series:${at + 1}`,
    }
    return readPatch(listing, at + 1, bytes(at))
  })
  const summary = {
    source: '/q/series',
    format: 'quilt' as const,
    revision: `sha256:${'1'.repeat(64)}`,
    order: 'stated (series)' as const,
    disabled: [{ name: 'off.patch', reason: 'guard +x' }],
    notes: [{ file: 'series', line: 3, message: 'odd', hint: 'look' }],
  }
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
          ...{ by: 'c'.repeat(40), changedBy: 'd'.repeat(40), at: { path: 'b', line: 7 }, lines: 4, standing: 2 },
        },
        {
          ...{ path: 'm', kind: 'mode' as const, hunk: null, fate: 'remains' as const },
          ...{ by: null, changedBy: null, at: null, lines: 0, standing: 0 },
        },
      ],
      question: { kind: 'fates' as const, sha: 'c'.repeat(40) },
      revertedBy: at === 1 ? 'e'.repeat(40) : null,
      claims: [{ field: 'Origin', form: 'backport' as const, text: 'upstream, abcdef1', commit: 'abcdef1' }],
    },
    verdict: { kind: 'applies' as const, action: 'keep' as const, reason: null },
    residual: at === 2 ? '--- a\n+\xff\n' : null,
    suggested: at === 2 ? '--- b\n+\xfe\n' : null,
    overrule: null,
  }))
  const release = { ref: 'v2', commit: 'b'.repeat(40) }
  return {
    queue: { ...summary, patches, base: null, address: null, notes: [] },
    attempt: {
      queue: summary,
      upstream: '/up',
      base: { ref: 'v1', commit: 'a'.repeat(40), found: 'given' },
      target: release,
      results,
    },
  }
}

function tamper(file: string, sql: string): void {
  const database = openSqlite(file, 0)
  database.exec(sql)
  database.close()
}

const contentsOf = (queue: PatchQueue) => new Map(queue.patches.map((patch) => [patch.digest, patch.bytes]))

function save(database: Connection, attempt: Attempt, queue: PatchQueue): Promise<number> {
  const contents = contentsOf(queue)
  return saveAttempt(database, { attempt, timing, contents, document: documentOf({ attempt, timing, contents }).hash })
}

describe('the record', () => {
  it('gives back what was put in, to the byte', async () => {
    const database = await openDatabase(join(directory, 'a/b/record.db'), 'write')
    const { attempt, queue } = sample()
    const id = await save(database, attempt, queue)
    expect(loadAttempt(database, id)).toEqual({
      ...attempt,
      ...timing,
      id,
      called: 'q',
    })
    for (const [at, patch] of queue.patches.entries()) expect(loadPatch(database, patch.digest)).toEqual(bytes(at))
    expect(loadAttemptAt(database, id, 2)?.results).toEqual([attempt.results[1]])
    expect(await save(database, attempt, queue)).toBe(id + 1)
    expect(listAttempts(database)).toEqual([id, id + 1].map((one) => ({ id: one, source: attempt.queue.source })))
    expect(database.prepare('SELECT count(*) FROM queue_revision').pluck().get()).toBe(1)
    database.close()
  })

  it('never lets an attempt be changed or taken out', async () => {
    const database = await openDatabase(join(directory, 'final.db'), 'write')
    const { attempt, queue } = sample()
    await save(database, attempt, queue)
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

  it('records an attempt whole or not at all', async () => {
    const database = await openDatabase(join(directory, 'whole.db'), 'write')
    const { attempt, queue } = sample()
    const broken = { ...attempt, results: [...attempt.results, ...attempt.results] }
    await expect(save(database, broken, queue)).rejects.toThrow()
    expect(listAttempts(database)).toEqual([])
    expect(database.prepare('SELECT count(*) FROM patch').pluck().get()).toBe(0)
    database.close()
  })

  it('says of an attempt that could not be recorded that it was made, and how to go on', async () => {
    const file = join(directory, 'locked.db')
    ;(await openDatabase(file, 'write')).close()
    const [holder, writer] = [openSqlite(file, 0), openSqlite(file, 0)]
    holder.exec('BEGIN IMMEDIATE')
    const failed = () => writer.exec('BEGIN IMMEDIATE')
    expect(failed).toThrow('locked')
    try {
      failed()
    } catch (error) {
      expect(notRecorded(error, sample().attempt, file)).toMatchObject({
        message: `the attempt on v2 was made, and is not recorded: ${file}: another program keeps it locked`,
        hint: expect.stringMatching(/^wait for that program, or end it, and run the same again/),
      })
    }
    for (const one of [holder, writer]) one.close()
    const bug = new Error('bug')
    expect(notRecorded(bug, sample().attempt, file)).toBe(bug)
  })

  it('remembers upstream commits, whatever their bytes', async () => {
    const index = openCommitIndex(join(directory, 'index.db'))
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
    await index.saveCommits([commit])
    expect(index.commits(['a', 'b'])).toEqual([commit])
    const renames = new Map([['old/\xe9', 'new name']])
    expect(index.renames('a', 'b')).toBeNull()
    await index.saveRenames('a', 'b', renames)
    await index.saveRenames('b', 'a', new Map())
    expect([index.renames('a', 'b'), index.renames('b', 'a')]).toEqual([renames, new Map()])
    index.close()
  })

  it('makes the cache of commits anew where it is damaged, or of another version', async () => {
    const file = join(directory, 'cache.db')
    writeFileSync(file, 'this is no database. '.repeat(100))
    openCommitIndex(file).close()
    tamper(file, 'PRAGMA user_version = 99')
    const index = openCommitIndex(file)
    expect(index.commits(['a'])).toEqual([])
    index.close()
  })

  it('says of a cache of commits that is damaged inside which file to delete', async () => {
    const file = join(directory, 'inside.db')
    const index = openCommitIndex(file)
    const facts = { parents: [], subject: 's', author: 'a', time: 1, takenFrom: [], reverts: [], patchId: null }
    const hashes = { lines: Uint32Array.from({ length: 2000 }), message: new Uint32Array(), words: new Uint32Array() }
    const shas = Array.from({ length: 50 }, (_, at) => `c${at}`)
    await index.saveCommits(shas.map((sha) => ({ sha, ...facts, paths: ['p'], ...hashes })))
    index.close()
    const bytes = readFileSync(file)
    for (let at = 4200; at < bytes.length; at += 97) bytes[at] = 0xff - (bytes[at] ?? 0)
    writeFileSync(file, bytes)
    const broken = openCommitIndex(file)
    expect(() => broken.commits(shas)).toThrow(`the cache of upstream commits is damaged: ${file}`)
    broken.close()
  })

  it('carries an attempt to another record as a document, once', async () => {
    const { attempt, queue } = sample()
    const contents = contentsOf(queue)
    const { text, hash } = documentOf({ attempt, timing, contents })
    const read = readDocument(text, 'doc')
    expect([read.hash, read.timing, read.attempt]).toEqual([hash, timing, attempt])
    expect(documentOf({ attempt, timing: { ...timing, durationMs: 9 }, contents }).hash).toBe(hash)
    const database = await openDatabase(join(directory, 'carried.db'), 'write')
    const id = await saveAttempt(database, { ...read, document: hash })
    expect(attemptOfDocument(database, hash)).toBe(id)
    expect(loadAttempt(database, id)).toEqual({ ...attempt, ...timing, id, called: 'q' })
    database.close()
  })

  it('carries the answer of a person along, with a number of the new record', async () => {
    const { attempt, queue } = sample()
    const [first] = queue.patches
    const given = { digest: first?.digest ?? '', answer: 'drop' as const, commit: null, reason: 'r', by: 'ann' }
    const overrule = { ...given, at: '2024-01-02T03:04:05.000Z', id: 77 }
    const results = attempt.results.map((result, at) => (at === 0 ? { ...result, overrule } : result))
    const { text, hash } = documentOf({ attempt: { ...attempt, results }, timing, contents: contentsOf(queue) })
    const database = await openDatabase(join(directory, 'answered.db'), 'write')
    const id = await saveAttempt(database, { ...readDocument(text, 'doc'), document: hash })
    await saveAttempt(database, { ...readDocument(text, 'doc'), document: hash })
    expect(loadAttempt(database, id)?.results[0]?.overrule).toEqual({ ...overrule, id: 1 })
    expect(loadOverrules(database).size).toBe(1)
    database.close()
  })

  it('refuses a document that was changed, is cut off, or is something else, by its name', () => {
    const { attempt, queue } = sample()
    const { text } = documentOf({ attempt, timing, contents: contentsOf(queue) })
    const wrong: [string, RegExp][] = [
      [text.replace('"applies"', '"blocked"'), /its patches are not its results/],
      [text.replaceAll('"keep"', '"drop"'), /its hash is another/],
      [text.slice(0, -10), /no JSON document/],
      ['{"schema":"other@1"}', /no attempt: schema/],
      [text.replaceAll('c'.repeat(40), '--output=/tmp/x'), /no attempt: .*Invalid format/],
      [
        text.replace(/"contents":\{"([0-9a-f]{64})":"[^"]*"/, '"contents":{"$1":"AAAA"'),
        /patch [0-9a-f]{64} was changed/,
      ],
      [text.replace(/"contents":\{[^}]*\}/, '"contents":{}'), /the content of patch 1 is missing/],
    ]
    for (const [document, message] of wrong)
      expect(() => readDocument(document, 'doc.json'), `${message}`).toThrow(message)
  })

  it('keeps an attempt that is withdrawn, and counts it no more until it is restored', async () => {
    const database = await openDatabase(join(directory, 'withdrawn.db'), 'write')
    const { attempt, queue } = sample()
    const id = await save(database, attempt, queue)
    const word = { id, reason: 'wrong base', by: 'ann', at: timing.startedAt }
    const { source } = attempt.queue
    for (let round = 0; round < 2; round++) {
      await saveWord(database, { ...word, answer: 'withdrawn' })
      expect([listAttempts(database), listWithdrawn(database)]).toEqual([[], [{ ...word, source }]])
      await saveWord(database, { ...word, answer: 'restored' })
      expect([listAttempts(database), listWithdrawn(database)]).toEqual([[{ id, source }], []])
    }
    expect(loadAttempt(database, id)).not.toBeNull()
    expect(() => database.exec('DELETE FROM withdrawal')).toThrow(/append-only/)
    expect(() => database.exec("UPDATE withdrawal SET answer = 'restored'")).toThrow(/append-only/)
    database.close()
  })

  it("keeps people's answers for good; the newest counts, and an attempt remembers its own", async () => {
    const database = await openDatabase(join(directory, 'overrules.db'), 'write')
    const { attempt, queue } = sample()
    await save(database, attempt, queue)
    const digest = queue.patches[0]?.digest ?? ''
    const answer = { digest, answer: 'drop' as const, commit: 'c0ffee', reason: 'ü', by: 'ann', at: 'd' }
    await saveOverrule(database, { ...answer, answer: 'keep' })
    const overrule = { ...answer, id: await saveOverrule(database, answer) }
    expect(loadOverrules(database)).toEqual(new Map([[digest, overrule]]))
    const overruled = attempt.results.map((result, at) => (at === 0 ? { ...result, overrule } : result))
    const id = await save(database, { ...attempt, results: overruled }, queue)
    await saveOverrule(database, { ...answer, answer: 'withdrawn', commit: null })
    expect(loadOverrules(database)).toEqual(new Map())
    expect(loadAttempt(database, id)?.results[0]?.overrule).toEqual(overrule)
    expect(() => database.exec("UPDATE overrule SET reason = 'x'")).toThrow(/append-only/)
    database.close()
  })
})

describe('opening', () => {
  const path = (name: string) => join(directory, name)

  it('is for nobody else from its beginning, and leaves nothing where there is no room', () => {
    // Files of this shell hold nothing: a disk that is full.
    const log = (limit: string, name: string) => {
      const command = `trap '' XFSZ; ulimit -f ${limit}; exec "$0" "$@"`
      const words = ['effort', 'log', '--from', '1', '--to', '2', '--duration', '3 days', '--db', path(name)]
      const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
      const env = { PATH: process.env.PATH ?? '', HOME: directory }
      return spawnSync('sh', ['-c', command, process.execPath, cli, ...words], {
        cwd: directory,
        env,
        encoding: 'utf8',
      })
    }
    const full = log('0', 'full.db')
    expect([full.status, full.stderr]).toEqual([2, expect.stringContaining(path('full.db'))])
    expect(readdirSync(directory).filter((name) => name.startsWith('full.db'))).toEqual([])
    expect(log('unlimited', 'roomy.db').status).toBe(0)
    expect(statSync(path('roomy.db')).mode & 0o777).toBe(0o600)
  })

  it('brings a record from before up to date, and loses nothing', async () => {
    const [first = ''] = readdirSync(migrations).sort()
    const old = openSqlite(path('old.db'), 0)
    old.exec(readFileSync(join(migrations, first), 'utf8'))
    old.exec(`PRAGMA application_id = ${0x7262736c}; PRAGMA user_version = 1;
      INSERT INTO queue_revision VALUES (1, 'sha256:1', '/q', 'quilt', 0, 0);
      INSERT INTO patch VALUES ('${'d'.repeat(64)}', x'2b');
      INSERT INTO queue_patch VALUES (1, 1, '${'d'.repeat(64)}', 'p', 1, 0, NULL, NULL, 1, 0, 1);
      INSERT INTO attempt VALUES (1, 1, '/u', 'b', 'b', 'given', 't', 't', 'then', 5, '0');
      INSERT INTO result VALUES (1, 1, '', NULL, NULL, 'clean', NULL, NULL, NULL, 'withheld', NULL, 'upstreamed', 'drop', NULL,
        'present', 1, 1, .98, NULL);
      INSERT INTO claim VALUES (1, 1, 'upstream-status', 'Submitted [x]', 0), (1, 1, 'origin', 'vendor', 0),
        (1, 1, 'patch-mainline', 'v4.5', 1);
      INSERT INTO evidence VALUES (1, 1, 0, 'f', 's', 'd', NULL, 'subject', 1);`)
    old.close()
    const database = await openDatabase(path('old.db'), 'write')
    const claims = [
      { field: 'upstream-status', form: 'submitted', text: 'Submitted [x]', commit: null },
      { field: 'patch-mainline', form: 'applied', text: 'v4.5', commit: null },
    ]
    expect(loadAttempt(database, 1)?.results).toMatchObject([
      { verdict: { kind: 'upstreamed' }, upstream: { parts: 1, fates: [], claims }, residual: null, overrule: null },
    ])
    database.close()
    const backup = openSqlite(path('old.db.before-2'), 0)
    expect(backup.pragma('user_version', { simple: true })).toBe(1)
    expect(backup.prepare('SELECT count(*) FROM result').pluck().get()).toBe(1)
    backup.close()
  })

  it('keeps withdrawals from before they could be taken back', async () => {
    const database = openSqlite(path('withdrawals.db'), 0)
    for (const step of readdirSync(migrations).sort().slice(0, 6))
      database.exec(readFileSync(join(migrations, step), 'utf8'))
    database.exec(`PRAGMA application_id = ${0x7262736c}; PRAGMA user_version = 6;
      INSERT INTO queue_revision VALUES (1, 'sha256:1', '/q', 'quilt', 0, 0);
      INSERT INTO attempt VALUES (1, 1, '/u', 'b', 'b', 'given', 't', 't', 'then', 5, '0', '/q', NULL);
      INSERT INTO withdrawal VALUES (1, 'wrong base', 'ann', 'then')`)
    database.close()
    const opened = await openDatabase(path('withdrawals.db'), 'amend')
    const withdrawn = { id: 1, source: '/q', reason: 'wrong base', by: 'ann', at: 'then' }
    expect([listAttempts(opened), listWithdrawn(opened)]).toEqual([[], [withdrawn]])
    opened.close()
  })

  it('reads a record that cannot be written, and changes nothing of it', async () => {
    const { attempt, queue } = sample()
    const writing = await openDatabase(path('fixed.db'), 'write')
    await save(writing, attempt, queue)
    writing.close()
    // What SQLite needs beside the file cannot be made: so it is on a medium that is read only,
    // also for root.
    symlinkSync(path('nowhere/shm'), path('fixed.db-shm'))
    const before = readFileSync(path('fixed.db'))
    const reading = await openDatabase(path('fixed.db'), 'read')
    expect(listAttempts(reading)).toEqual([{ id: 1, source: attempt.queue.source }])
    reading.close()
    expect(readFileSync(path('fixed.db')).equals(before)).toBe(true)
    await expect(openDatabase(path('fixed.db'), 'write')).rejects.toThrow(/cannot be written/)
  })

  it('refuses what is not ours, with a way out', async () => {
    tamper(path('other.db'), 'CREATE TABLE t (x)')
    writeFileSync(path('text.db'), 'this is no database, and long enough to be looked at as one. '.repeat(20))
    symlinkSync(path('nowhere'), path('link.db'))
    await expect(openDatabase(path('other.db'), 'write')).rejects.toThrow(/something else/)
    await expect(openDatabase(path('text.db'), 'write')).rejects.toThrow(/cannot be used/)
    await expect(openDatabase(path('link.db'), 'write')).rejects.toThrow(/no regular file/)
    for (const access of ['read', 'amend'] as const)
      await expect(openDatabase(path('missing.db'), access)).rejects.toThrow(/no record/)
    expect(existsSync(path('missing.db'))).toBe(false)
  })

  it('refuses a newer version, and a schema that somebody changed', async () => {
    ;(await openDatabase(path('newer.db'), 'write')).close()
    tamper(path('newer.db'), 'PRAGMA user_version = 999')
    await expect(openDatabase(path('newer.db'), 'write')).rejects.toThrow(/newer rebaseline/)
    ;(await openDatabase(path('changed.db'), 'write')).close()
    tamper(path('changed.db'), 'CREATE TRIGGER evil AFTER INSERT ON attempt BEGIN SELECT 1; END')
    await expect(openDatabase(path('changed.db'), 'write')).rejects.toThrow(/schema/)
    ;(await openDatabase(path('hidden.db'), 'write')).close()
    tamper(path('hidden.db'), 'CREATE TRIGGER sqliteXevil AFTER INSERT ON attempt BEGIN SELECT 1; END')
    await expect(openDatabase(path('hidden.db'), 'write')).rejects.toThrow(/schema/)
  })
})
