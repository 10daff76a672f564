import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromText, toBytes } from '../../src/model/bytes.ts'
import { messageOf } from '../../src/patch/mail/message.ts'
import { mailOf } from '../../src/patch/mail/write-mail.ts'
import { bareListing, readPatch } from '../../src/patch/read/read-patch.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const DIFF = 'diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n-one\n+two\n \n'
const BASE = 'a'.repeat(40)

function patchWith(header: string) {
  return readPatch(bareListing('fix-f.patch'), 1, toBytes(fromText(`${header}\n\n${DIFF}`)))
}

const directory = temporaryDirectory()

/** What git am would take of a mail: git-mailinfo(1). */
function mailinfo(header: string): { author: string; subject: string; message: string; diff: string } {
  const [mail, message, diff] = ['mail', 'message', 'diff'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(mail, toBytes(mailOf(patchWith(header), { diff: DIFF, base: BASE, signature: 'rebaseline 1' })))
  const told = execFileSync('git', ['mailinfo', message, diff], { input: readFileSync(mail), encoding: 'utf8' })
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(told)?.[1] ?? ''
  return {
    author: `${field('Author')} <${field('Email')}>`,
    subject: field('Subject'),
    message: readFileSync(message, 'utf8').trimEnd(),
    diff: readFileSync(diff, 'utf8'),
  }
}

describe('a patch as a mail', () => {
  it('is what git takes the original for, without what only packagers need', () => {
    const { author, subject, message, diff } = mailinfo(
      [
        'From: "Doe, J." <j@example.org>',
        'Date: Fri, 29 Nov 2019 18:57:32 +0100',
        'Subject: [PATCH v2 3/7] pump: stop it',
        '',
        'It never stopped.',
        '',
        'Upstream-Status: Submitted',
        ' [https://lists.example.org/1]',
        'Signed-off-by: J. Doe <j@example.org>',
        'Retire-when: base >= 4.19',
        '---',
        'v2: reworded',
      ].join('\n'),
    )
    expect([author, subject]).toEqual(['Doe, J. <j@example.org>', 'pump: stop it'])
    expect(message).toBe('It never stopped.\n\nSigned-off-by: J. Doe <j@example.org>')
    expect(diff).toContain('+two\n \n')
  })

  it('takes the tags out of the fields of DEP-3', () => {
    const header = [
      'Description: pump: stop it',
      ' It never stopped.',
      ' .',
      ' Not even at night.',
      'Author: Jörg Müller <j@example.org>',
      'Forwarded: no',
      'Signed-off-by: Jörg Müller <j@example.org>',
      'Reviewed-by: Ann <a@example.org>',
      'Last-Update: 2020-01-02',
    ].join('\n')
    const { author, subject, message } = mailinfo(header)
    expect([author, subject]).toEqual(['Jörg Müller <j@example.org>', 'pump: stop it'])
    expect(message).toBe(
      'It never stopped.\n\nNot even at night.\n\nSigned-off-by: Jörg Müller <j@example.org>\nReviewed-by: Ann <a@example.org>',
    )
    expect(mailOf(patchWith(header), { diff: DIFF, base: BASE, signature: 'x' })).toContain(
      'Date: Thu, 02 Jan 2020 00:00:00 +0000\n',
    )
  })

  it('reads Mercurial patches and plain words', () => {
    const hg =
      '# HG changeset patch\n# User Ann <a@example.org>\n# Date 1500000000 0\npump: stop it\n\nIt never stopped.'
    expect(mailinfo(hg)).toMatchObject({
      author: 'Ann <a@example.org>',
      subject: 'pump: stop it',
      message: 'It never stopped.',
    })
    expect(mailinfo('pump: stop it\n\nIt never stopped.')).toMatchObject({
      subject: 'pump: stop it',
      message: 'It never stopped.',
    })
    expect(messageOf(patchWith('pump: stop it'))).toEqual([])
  })

  it('keeps any name and subject, whatever they are written in', () => {
    const text = fc.stringMatching(/^[ -~äß語🙂]{1,60}$/u).map((one) =>
      one
        .replace(/[<>()[\]:"\\@]/g, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    fc.assert(
      fc.property(
        text.filter((one) => /[a-z]/i.test(one)),
        (words) => {
          const told = mailinfo(`From: x${words}x <j@example.org>\nSubject: s${words}s\n\nBody.`)
          expect(told.subject).toBe(`s${words}s`)
          expect(told.author).toBe(`x${words}x <j@example.org>`)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('lets no author begin another field', () => {
    for (const author of ['A <a@x\rBcc: b@y>', 'A\rBcc: b@y <a@x>', 'A\u2028 <a@x>', '<>', 'A <']) {
      const mail = mailOf(patchWith(`# HG changeset patch\n# User ${author}\ns`), {
        diff: DIFF,
        base: BASE,
        signature: 'x',
      })
      const [head = ''] = mail.split('\n\n')
      expect(head).toMatch(/^[ -~\n]*$/)
      expect(head.split('\n').filter((line) => /^[\w-]+:/.test(line))).toHaveLength(5)
    }
  })

  it('lets no line of a description begin the diff', () => {
    const { message, diff } = mailinfo('From: A <a@example.org>\nSubject: s\n\nIndex: is a word\n--- so is this\nEnd.')
    expect(message).toContain('Index: is a word')
    expect(diff).toContain('+two')
  })
})
