import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { CHANGE_KINDS, type ChangedVerdict, changeKind, type Notifications, type Scanned } from '../src/model/scan.ts'
import { changesToFeed } from '../src/report/notices/feed.ts'
import { changesToMails, MBOX_MARK } from '../src/report/notices/mails.ts'
import { rebaseline } from './helpers/cli.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const LINES = Array.from({ length: 60 }, (_, at) => `stage_${at}(${'x'.repeat(at + 1)});`)

/** A queue of a patch that breaks and one that lands on a branch, `tip`, that has not moved yet. */
function newPlace(name: string, portfolio: string): { place: string; moveTip: () => void } {
  const place = join(directory, name)
  const upstream = join(place, 'upstream')
  for (const path of [place, upstream, join(place, 'queue')]) mkdirSync(path)
  const put = (lines: readonly string[]) => writeFileSync(join(upstream, 'a.c'), `${lines.join('\n')}\n`)
  const commit = (message: string, lines: readonly string[]) => {
    put(lines)
    git(upstream, 'add', '--all')
    git(upstream, 'commit', '--quiet', '--message', message)
  }
  git(upstream, 'init', '--quiet', '--initial-branch=tip')
  commit('Begin', LINES)
  git(upstream, 'tag', 'v1.0')
  const patch = (file: string, at: number, line: string) => {
    put(LINES.with(at, line))
    writeFileSync(join(place, 'queue', file), `From: A <a@b.c>\nSubject: ${file}\n\n${git(upstream, 'diff')}\n`)
    git(upstream, 'checkout', '--quiet', '--', '.')
  }
  patch('breaks.patch', 20, 'ours();')
  patch('lands.patch', 50, 'landed();')
  patch('stays.patch', 2, 'stays();')
  writeFileSync(join(place, 'queue', 'series'), 'breaks.patch # ann\nlands.patch\nstays.patch # bob\n')
  writeFileSync(join(place, 'portfolio.yaml'), portfolio)
  // Of the lines that are in conflict later this one changes most; by itself it breaks nothing.
  const before = LINES.map((line, at) => (at >= 23 && at < 33 ? `reworked_${line}` : line))
  commit('Rework what comes after', before)
  const moveTip = () => {
    commit('Break it today', before.with(20, 'theirs();').with(21, 'more();').with(22, 'and_more();'))
    commit(
      'Land the other',
      before.with(20, 'theirs();').with(21, 'more();').with(22, 'and_more();').with(50, 'landed();'),
    )
  }
  return { place, moveTip }
}

const QUEUES = 'queues:\n  - {name: q, queue: queue, upstream: upstream, base: v1.0, onto: tip}\n'
const WISHES = `notifications:
  mbox: news.mbox
  json: news.json
  feed: news.atom
  to: all@example.org
  owners: {ann: 'Ann <ann@example.org>'}
`

describe('what a scan leaves for others', () => {
  it('tells once which patch broke, by which commit of that night, and whom to ask', () => {
    const { place, moveTip } = newPlace('told', `${QUEUES}schedule: 30 4 * * 1-5\n${WISHES}`)
    const scan = (...words: string[]) => rebaseline(place, ['scan', 'portfolio.yaml', '--jobs', '1', ...words])
    const read = (file: string) => readFileSync(join(place, file), 'utf8')
    expect(scan('--fail-on', 'broke').code).toBe(0)
    expect(read('news.mbox')).toBe('')
    moveTip()
    const { code, stdout } = scan('--fail-on', 'broke,needed', '--json')
    expect(code).toBe(3)
    const { changes } = JSON.parse(stdout) as Scanned
    expect(changes).toMatchObject([
      { kind: 'broke', patch: 'breaks.patch', owner: 'ann', isNew: true, commit: { subject: 'Break it today' } },
      {
        kind: 'droppable',
        patch: 'lands.patch',
        owner: null,
        patchAuthor: 'A <a@b.c>',
        commit: { subject: 'Land the other' },
      },
    ])
    expect(JSON.parse(read('news.json'))).toMatchObject({ schema: 'rebaseline/changes@1', changes, problems: [] })
    const mails = read('news.mbox').split(MBOX_MARK)
    expect(mails).toHaveLength(3)
    expect(mails[1]).toContain('\nTo: Ann <ann@example.org>\nSubject: 1 patch broke\n')
    expect(mails[1]).toMatch(
      /\n {2}q on tip: breaks\.patch: applies -> conflicting\n {4}by [0-9a-f]{12} Break it today, .*<.*>\n/,
    )
    expect(mails[2]).toContain('\nTo: all@example.org\nSubject: 1 patch became droppable\n')
    expect(read('news.atom').match(/<entry>/g)).toHaveLength(2)

    // The next one has nothing to tell; the feed goes on to tell what was.
    expect(scan('--fail-on', 'broke').code).toBe(0)
    expect(read('news.mbox')).toBe('')
    expect(JSON.parse(read('news.json'))).toMatchObject({ changes: [] })
    expect(read('news.atom').match(/<entry>/g)).toHaveLength(2)
    expect(scan().stdout).toMatch(
      /\n1 patch broke \(told before\):\n {2}q on tip {2}breaks\.patch: .*\n {4}[0-9a-f]{12} Break it today\n {4}ask .* <.*>; carried by ann\n1 patch became droppable/,
    )
    expect(scan('--markdown').stdout).toContain('## 1 patch broke\n\n| queue | on | patch |')
    expect(scan('--print-timer', '--db', 'my record.db').stdout).toMatch(
      /^30 4 \* \* 1-5 \/\S+ .*scan \/\S+portfolio\.yaml --db '\/.*my record\.db' --quiet\n$/,
    )
  })

  it('tells it the next time, where it could not be left', () => {
    const { place, moveTip } = newPlace('kept', `${QUEUES}${WISHES}`)
    const scan = () => rebaseline(place, ['scan', 'portfolio.yaml', '--jobs', '1'])
    scan()
    moveTip()
    writeFileSync(join(place, 'news.json'), '{"mine": true}\n')
    expect(scan()).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('news.json is there, and no file of notifications'),
    })
    expect(readFileSync(join(place, 'news.json'), 'utf8')).toBe('{"mine": true}\n')
    writeFileSync(join(place, 'news.json'), '')
    expect(scan().code).toBe(0)
    expect(readFileSync(join(place, 'news.json'), 'utf8')).toContain('breaks.patch')
    expect(readFileSync(join(place, 'news.mbox'), 'utf8')).toContain('breaks.patch')
  })

  it.each(['../news.mbox', '/tmp/news.mbox', 'a/../../news.mbox', '.git/config', 'a//b', 'a/.hidden', 'a\\b', ''])(
    'refuses to write to %o',
    (path) => {
      const name = `paths-${encodeURIComponent(path)}`.replaceAll('%', '_')
      mkdirSync(join(directory, name))
      writeFileSync(join(directory, name, 'portfolio.yaml'), `${QUEUES}notifications: {mbox: '${path}'}\n`)
      const { code, stderr } = rebaseline(join(directory, name), ['scan', 'portfolio.yaml'])
      expect(code).toBe(2)
      expect(stderr).toContain('notifications.mbox')
    },
  )

  it('follows no link out of the directory', () => {
    const { place } = newPlace('linked', `${QUEUES}notifications: {mbox: out/news.mbox}\n`)
    mkdirSync(join(directory, 'outside'))
    symlinkSync('../outside', join(place, 'out'))
    const { code, stderr } = rebaseline(place, ['scan', 'portfolio.yaml', '--jobs', '1'])
    expect(code).toBe(2)
    expect(stderr).toContain('leads out of')
  })

  it.each(['to: "a@b.c, d@e.f"', 'to: nobody', 'from: "A\tB"', 'owners: {ann: "x y@z"}'])(
    'takes no %s for an address',
    (wish) => {
      const name = `address-${encodeURIComponent(wish)}`.replaceAll('%', '_')
      mkdirSync(join(directory, name))
      writeFileSync(join(directory, name, 'portfolio.yaml'), `${QUEUES}notifications:\n  mbox: m\n  ${wish}\n`)
      expect(rebaseline(join(directory, name), ['scan', 'portfolio.yaml'])).toMatchObject({ code: 2 })
    },
  )
})

describe('hostile words', () => {
  const EVIL = [
    '\r\nBcc: evil@example.org',
    '\nFrom evil',
    'From me',
    '<script>&amp;]]>',
    '\u001b[31m',
    '\0',
    'é'.repeat(80),
  ]
  const word = fc.oneof(fc.constantFrom(...EVIL), fc.string({ unit: 'binary', maxLength: 40 }))
  const change: fc.Arbitrary<ChangedVerdict> = fc.record({
    ...{ name: word, onto: word, patch: word, attempt: fc.nat(), position: fc.nat() },
    ...{ owner: fc.option(word), patchAuthor: fc.option(word), kind: fc.constantFrom(...CHANGE_KINDS) },
    ...{ before: fc.constant('applies' as const), now: fc.constant('conflicting' as const), isNew: fc.constant(true) },
    at: fc.constant('2026-11-27T00:00:00.000Z'),
    commit: fc.option(fc.record({ sha: fc.constant('a'.repeat(40)), subject: word, author: fc.option(word) })),
  })
  const scanned = fc.array(change, { minLength: 1, maxLength: 5 }).map((changes): Scanned => {
    return { portfolio: '/p', queues: 1, planned: 1, tried: 1, empty: 0, items: [], changes, problems: [] }
  })
  const wishes: Notifications = {
    ...{ mbox: 'm', json: null, feed: null, from: 'a@b.c', to: 'Zoë <d@e.f>', owners: new Map() },
  }

  it('add no field, no addressee, no other mail and no control to a mail', () => {
    fc.assert(
      fc.property(scanned, (one) => {
        const [first, mail = '', ...others] = changesToMails(one, wishes, 0).split(/^From /m)
        expect([first, others]).toEqual(['', []])
        const [head = ''] = mail.split('\n\n')
        const names = head
          .split('\n')
          .slice(1)
          .map((line) => line.split(':')[0])
        expect(names).toEqual([
          'From',
          'To',
          'Subject',
          'Date',
          'Message-ID',
          'Auto-Submitted',
          'MIME-Version',
          'Content-Type',
          'Content-Transfer-Encoding',
        ])
        expect(head).toContain('\nTo: =?UTF-8?B?Wm/Dqw==?= <d@e.f>\n')
        expect(mail.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
        for (const line of mail.split('\n')) expect(Buffer.byteLength(line)).toBeLessThan(998)
      }),
    )
  })

  it('stay text in a feed', () => {
    fc.assert(
      fc.property(scanned, (one) => {
        const feed = changesToFeed(one, '2026-11-27T00:00:00.000Z')
        expect(feed.match(/<entry>/g)).toHaveLength(one.changes.length)
        const TAG =
          /<\/?(?:feed|entry|id|title|updated|author|name|generator|content|category)(?: [a-z]+="[^"<>]*")*\/?>|<\?xml [^<>]*\?>/g
        const text = feed.replace(TAG, '')
        expect(text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;|quot;|#39;|#96;)/)
        expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
      }),
    )
  })
})

describe('changeKind', () => {
  it.each([
    ['applies', 'conflicting', 'broke'],
    ['applies', 'blocked', 'broke'],
    ['upstreamed', 'conflicting', 'broke'],
    ['conflicting', 'upstreamed', 'droppable'],
    ['upstreamed', 'droppable', 'other'],
    ['upstreamed', 'applies', 'needed'],
    ['blocked', 'applies', 'lands'],
    ['conflicting', 'blocked', 'other'],
  ] as const)('%s, then %s: %s', (before, now, kind) => {
    expect(changeKind({ before, now })).toBe(kind)
  })
})
