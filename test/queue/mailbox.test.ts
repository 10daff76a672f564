import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { readQueue } from '../../src/queue/read-queue.ts'

const FROM = 'From 4a1fb2c7d0e94a1fb2c7d0e94a1fb2c7d0e9abcd Mon Sep 17 00:00:00 2001\n'
const diff = (word: string) => `--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+${word}\n`
const mail = (subject: string, body = `Words.\n---\n${diff('b')}`, more = '') =>
  `${FROM}From: Ann <a@example.org>\nSubject: ${subject}\n${more}\n${body}\n`

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'rebaseline-mailbox-'))
})
afterAll(() => rmSync(root, { recursive: true }))

async function read(...mails: string[]) {
  const path = join(root, 'box')
  writeFileSync(path, Buffer.from(mails.join(''), 'latin1'))
  return await readQueue(path)
}

describe('a mailbox', () => {
  it('is read in the order of its numbers, named as git format-patch names', async () => {
    const { format, patches } = await read(mail('[PATCH 2/2] Fill: it'), mail('[PATCH 1/2] Drain it.'))
    expect(format).toBe('mbox')
    expect(patches.map(({ name }) => name)).toEqual(['0001-Drain-it.patch', '0002-Fill-it.patch'])
  })

  it('is its newest version, of ten and nine ten', async () => {
    const { patches, disabled } = await read(
      mail('[PATCH v10 1/1] Fill'),
      mail('[PATCH v9 1/1] Fill'),
      mail('[PATCH] Else'),
    )
    expect(patches.map(({ subject }) => subject)).toEqual(['Fill', 'Else'])
    expect(disabled).toEqual([{ name: '[PATCH v9 1/1] Fill', reason: 'v9, superseded by v10' }])
  })

  it('keeps what a version that was sent in part does not have, and says what is missing', async () => {
    const { patches, notes } = await read(
      mail('[PATCH 1/3] One'),
      mail('[PATCH 2/3] Two'),
      mail('[PATCH v2 2/3] Two', `---\n${diff('c')}`),
    )
    expect(patches.map(({ subject, bytes }) => [subject, /^\+c$/m.test(String(bytes))])).toEqual([
      ['One', false],
      ['Two', true],
    ])
    expect(notes).toMatchObject([{ message: 'has no [PATCH v2 3/3]' }])
  })

  it('passes over cover letters and answers, and says so', async () => {
    const { patches, notes } = await read(
      mail('[PATCH 0/1] All', ' x | 2 +-\n'),
      mail('[PATCH 1/1] One'),
      mail('Re: [PATCH 1/1] One', '> --- a/x\n> +++ b/x\n> @@ -1 +1 @@\nGood.\n'),
    )
    expect(patches.map(({ subject }) => subject)).toEqual(['One'])
    expect(notes.map(({ message }) => message)).toEqual([
      '"[PATCH 0/1] All" is passed over: a cover letter without a diff',
      '"Re: [PATCH 1/1] One" is passed over: an answer without a diff',
    ])
  })

  it('undoes base64, quoted-printable and format=flowed, and reads below scissors', async () => {
    const text = `Words.\n---\n${diff('b=c')}`
    const encoded = Buffer.from(text)
      .toString('base64')
      .replace(/(.{60})/g, '$1\n')
    const flowed = text.replace(/^ /gm, '  ')
    const { patches } = await read(
      mail('[PATCH 1/4] A', encoded, 'Content-Transfer-Encoding: base64\n'),
      mail('[PATCH 2/4] B', text.replace(/=/g, '=3D'), 'Content-Transfer-Encoding: quoted-printable\n'),
      mail('[PATCH 3/4] C', flowed, 'Content-Type: text/plain; format=flowed\n'),
      mail('[PATCH 4/4] no', `Hello,\n-- >8 --\nSubject: D\n\n${text}`),
    )
    expect(patches.map(({ subject, added, content }) => [subject, added, content.kind])).toEqual(
      ['A', 'B', 'C', 'D'].map((subject) => [subject, 1, 'readable']),
    )
  })

  it('is one mail without a "From " line, as mailers save it', async () => {
    const path = join(root, 'saved.eml')
    const bare = mail('[PATCH 1/1] One', undefined, 'To: all\n  of them\n').slice(FROM.length)
    for (const text of [bare, bare.replace(/\n/g, '\r\n'), `X-Spam: no\n${bare}`]) {
      writeFileSync(path, text)
      const { format, patches } = await readQueue(path)
      expect([format, patches.map(({ name, added }) => [name, added])]).toEqual(['mbox', [['0001-One.patch', 1]]])
    }
    for (const text of [`Words.\n\n${bare}`, diff('b'), bare.replace('From:', 'Von:')]) {
      writeFileSync(path, text)
      await expect(readQueue(path)).rejects.toThrow(UserError)
    }
  })

  it('is a Maildir, in the order of its numbers, or a folder of saved mails', async () => {
    const bare = (subject: string) => mail(subject).slice(FROM.length)
    const files = {
      'maildir/cur/1672.10.host:2,S': '[PATCH] Ten',
      'maildir/cur/1672.9.host:2,S': '[PATCH] Nine',
      'maildir/new/1.host': '[PATCH] New',
      'saved/b.eml': '[PATCH 1/2] First',
      'saved/a.eml': '[PATCH 2/2] Second',
    }
    mkdirSync(join(root, 'maildir/tmp'), { recursive: true })
    for (const [path, subject] of Object.entries(files)) {
      mkdirSync(join(root, path, '..'), { recursive: true })
      writeFileSync(join(root, path), bare(subject))
    }
    const subjects = async (name: string) => (await readQueue(join(root, name))).patches.map(({ subject }) => subject)
    expect(await subjects('maildir')).toEqual(['Nine', 'Ten', 'New'])
    expect(await subjects('saved')).toEqual(['First', 'Second'])
  })

  it('is refused where nothing in it is a patch', async () => {
    await expect(read(mail('Hello', 'Talk.\n'))).rejects.toThrow(/holds no patch/)
  })

  it('gives the same patches as the folder, and cuts where git mailsplit cuts', async () => {
    const repository = join(root, 'git')
    mkdirSync(repository)
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=J\u00fcrgen', '-c', 'user.email=j@example.org', ...args], {
        cwd: repository,
      })
    git('init', '-q')
    const bodies = ['From here on.\n\nFrom the top: 10:00', '>From x', 'plain', 'Gr\u00f6\u00dfe']
    for (const [at, body] of bodies.entries()) {
      writeFileSync(join(repository, 'x'), `${at}\n`.repeat(at + 1))
      git('add', 'x')
      git('commit', '-q', '-m', `Step ${at}: \u00e4 subject that goes on and on until it has to be folded\n\n${body}`)
    }
    writeFileSync(join(root, 'all.mbox'), git('format-patch', '--stdout', '--root'))
    git('format-patch', '-q', '--root', '-o', join(root, 'folder'))
    const [box, folder] = [await readQueue(join(root, 'all.mbox')), await readQueue(join(root, 'folder'))]
    expect(folder.format).toBe('mails')
    expect(box.patches.map(({ name, digest, subject }) => ({ name, digest, subject }))).toEqual(
      folder.patches.map(({ name, digest, subject }) => ({ name, digest, subject })),
    )
    const pieces = join(root, 'pieces')
    mkdirSync(pieces)
    git('mailsplit', `-o${pieces}`, join(root, 'all.mbox'))
    const cut = readdirSync(pieces).map((name) => readFileSync(join(pieces, name), 'utf8'))
    const ends = /\n+$/
    expect(box.patches.map(({ bytes }) => String(Buffer.from(bytes)).replace(ends, ''))).toEqual(
      cut.map((text) => text.replace(ends, '')),
    )
  })

  it('however damaged, is read or refused', async () => {
    const whole = [
      mail('[PATCH v2 1/2] A'),
      mail('=?utf-8?q?B?=', diff('b'), 'Content-Type: multipart/mixed; boundary=b\n'),
    ]
    const part = fc.constantFrom(
      ...whole,
      FROM,
      '--b\n',
      'Content-Transfer-Encoding: base64\n',
      '\r\n',
      '=',
      '-- >8 --\n',
      '\0',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 12 }), fc.nat(400), async (parts, at) => {
        const text = parts.join('')
        try {
          await read(FROM, text.slice(0, at), text.slice(at + 3))
        } catch (error) {
          expect(error).toBeInstanceOf(UserError)
        }
      }),
      { numRuns: 300 },
    )
  })
})
