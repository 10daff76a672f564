import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromBytes } from '../../../src/model/bytes.ts'
import { cleanSubject, readHeader } from '../../../src/patch/read/header.ts'

const SHA = '4a1fb2c7d0e94a1fb2c7d0e94a1fb2c7d0e9abcd'
const header = (...lines: string[]) => readHeader(fromBytes(Buffer.from(lines.join('\n'))), 'x.patch', null)
const inHeader = (...shas: string[]) => shas.map((sha) => ({ from: 'header', sha }))

describe('readHeader', () => {
  it('reads a mail of git format-patch', () => {
    const lines = [
      `From ${SHA} Mon Sep 17 00:00:00 2001`,
      'From: Ann Lee <ann@example.org>',
      'Date: Wed, 19 Jun 2013 10:11:12 +0100',
      'Subject: [PATCH v2 3/7] x86/hvm: read the whole of a subject that is folded',
      ' over two lines',
      '',
      'The text: with a colon.',
      '---',
      ' x | 2 +-',
      '',
    ]
    expect(header(...lines)).toEqual({
      style: 'mail',
      subject: 'x86/hvm: read the whole of a subject that is folded over two lines',
      author: 'Ann Lee <ann@example.org>',
      date: 'Wed, 19 Jun 2013 10:11:12 +0100',
      references: [{ from: 'mail', sha: SHA }],
      claims: [],
      text: lines.join('\n'),
    })
  })

  it('decodes RFC 2047 words, and joins those that a fold parts', () => {
    const mail = header(
      'From: =?UTF-8?q?J=C3=BCrgen=20Gro=C3=9F?= <jgross@example.org>',
      'Subject: [PATCH] =?UTF-8?q?x86/hvm:=20Gr=C3=B6=C3=9Fen=C3=A4nderung=20der=20Schl?=',
      ' =?UTF-8?q?=C3=BCsselw=C3=B6rter?=',
    )
    expect(mail).toMatchObject({
      author: 'Jürgen Groß <jgross@example.org>',
      subject: 'x86/hvm: Größenänderung der Schlüsselwörter',
    })
  })

  it.each(['\t', '    '])('goes on behind a field that is folded with %j', (fold) => {
    const mail = header(
      'From: Ann <a@example.org>',
      'Cc: Bob <b@example.org>,',
      `${fold}Cy <c@example.org>`,
      'Subject: it',
    )
    expect(mail).toMatchObject({ style: 'mail', author: 'Ann <a@example.org>', subject: 'it' })
  })

  it('takes the author from the From line of the body, as git am does', () => {
    const mail = header(
      'From: List <l@example.org>',
      'Subject: [PATCH] it',
      '',
      'From: Ann <a@example.org>',
      '',
      'Text',
    )
    expect(mail.author).toBe('Ann <a@example.org>')
  })

  it('reads a Mercurial patch', () => {
    const lines = [
      '# HG changeset patch',
      '# User Ann Lee <ann@example.org>',
      '# Date 1371651190 -3600',
      '#      Wed Jun 19 15:13:10 2013 +0100',
      `# Node ID ${SHA}`,
      '# Parent  7c9e8b6a5d4f',
      'x86: fix it',
      '',
      'More.',
    ]
    expect(header(...lines)).toMatchObject({
      style: 'hg',
      subject: 'x86: fix it',
      author: 'Ann Lee <ann@example.org>',
      date: '1371651190 -3600',
      references: [],
    })
  })

  it('reads DEP-3 fields', () => {
    const dep3 = header(
      'Description: Use FHS compliant paths by default',
      ' Upstream is not interested:',
      '  * in switching',
      ' .',
      ' to those paths.',
      'Origin: upstream, https://example.org/x/commit/bdb56bac9',
      'Applied-Upstream: 1.2, https://example.org/x/commit/abcdef1234',
      'Author: John Doe <john@example.org>',
      'Last-Update: 2006-12-21',
    )
    expect(dep3).toMatchObject({
      style: 'dep3',
      subject: 'Use FHS compliant paths by default',
      author: 'John Doe <john@example.org>',
      date: '2006-12-21',
      references: inHeader('bdb56bac9', 'abcdef1234'),
    })
  })

  it('reads what git show prints', () => {
    const shown = header(
      `commit ${SHA}`,
      'Author: Ann <a@example.org>',
      'Date:   Wed Jun 19 10:11:12 2013',
      '',
      '    fix it',
      '',
      '    more',
    )
    expect(shown).toMatchObject({
      style: 'text',
      subject: 'fix it',
      author: 'Ann <a@example.org>',
      date: 'Wed Jun 19 10:11:12 2013',
      references: inHeader(SHA),
    })
  })

  it('reads plain text, whose first line may look like a field', () => {
    const plain = header('', 'x86/hvm: fix it', '', 'More.', '', 'Signed-off-by: Ann <a@example.org>')
    expect(plain).toMatchObject({ style: 'text', subject: 'x86/hvm: fix it', author: null, date: null })
  })

  it('reads a Latin-1 and a CRLF header', () => {
    expect(readHeader('From: J\xfcrgen <j@x>\r\nSubject: it\r\n', 'x', null)).toMatchObject({
      author: 'Jürgen <j@x>',
      subject: 'it',
    })
  })

  it.each([[''], ['\n\n'], [' \r\n']])('says that there is none in %j', (text) => {
    expect(readHeader(text, 'x.patch', null)).toEqual({
      style: 'none',
      subject: null,
      author: null,
      date: null,
      references: [],
      claims: [],
      text,
    })
  })

  it.each([
    `(cherry picked from commit ${SHA})`,
    `(cherry-picked from commit ${SHA})`,
    `(backported from commit ${SHA})`,
    `master commit: ${SHA}`,
    `upstream commit ${SHA}`,
    `[ Upstream commit ${SHA} ]`,
    `commit ${SHA} upstream.`,
    `Upstream-Status: Backport [${SHA}]`,
    `Upstream-Status: Backport[https://example.org/x/commit/${SHA}]`,
    `Upstream-Status: Accepted [https://example.org/cgit/x.git/commit/?h=1_24_stable&id=${SHA}]`,
    `Upstream: http://example.org/gitweb/?p=x.git;a=commitdiff;h=${SHA}`,
    `Upstream: ${SHA}`,
    `Origin: backport, commit:${SHA}`,
    `Origin: https://example.org/x/+/${SHA}`,
    `Git-commit: ${SHA}`,
    `[Backported from https://example.org/x/-/commit/${SHA}]`,
    `[Thomas: taken from upstream commit ${SHA}.]`,
    `# Upstream-Status: Backport [${SHA}]`,
  ])('takes the commit from "%s"', (line) => {
    expect(header('x86: fix it', '', 'Text.', '', line, 'master date: 2013-06-19').references).toEqual(inHeader(SHA))
  })

  it.each([
    [['Upstream-Status: Backport', `[https://example.org/x/commit/${SHA}]`]],
    [['Upstream-Status: Backport from', '', ` - [https://example.org/x/commit/?id=${SHA}]`]],
    [['Origin: upstream,', ` https://example.org/x/commit/${SHA}`]],
    [['Backported from:', `https://example.org/x/commit/${SHA}`]],
  ])('takes the commit from the line below %j', (lines) => {
    expect(header('it', '', ...lines, 'Signed-off-by: Ann <a@x>').references).toEqual(inHeader(SHA))
  })

  it('takes no commit from the middle of a paragraph', () => {
    const prose = [
      'The guard of touch() is not enough; it came with',
      `upstream commit ${SHA}`,
      'and was forgotten there.',
    ]
    expect(header('it', '', ...prose).references).toEqual([])
    expect(header('it', '', `upstream commit ${SHA}`, '', 'More.').references).toEqual(inHeader(SHA))
  })

  it('finds the mail below tags and words', () => {
    const below = header(
      'Upstream-Status: Backport',
      'Signed-off-by: Bob <b@x>',
      '',
      `From ${SHA} Mon Sep 17 00:00:00 2001`,
      'From: Ann <a@x>',
      'Subject: [PATCH 2/3] mend it',
      '',
      'Text.',
    )
    expect(below).toMatchObject({ style: 'mail', subject: 'mend it', author: 'Ann <a@x>' })
  })

  it('takes the commit from the fields of a SUSE patch, each once', () => {
    const suse = header(
      'From: Ann <a@x>',
      'Subject: it',
      `Git-commit: ${SHA}`,
      'Patch-mainline: v5.10',
      '',
      `(cherry picked from commit ${SHA})`,
    )
    expect(suse.references).toEqual(inHeader(SHA))
  })

  it.each([
    `Fixes: ${SHA.slice(0, 12)} ("break it")`,
    `This reverts commit ${SHA}.`,
    `As in commit ${SHA} before.`,
    `Upstream-Status: Denied [they prefer ${SHA}]`,
    `Upstream-Status: Inappropriate [OE specific, see ${SHA}]`,
    `Applied-Upstream: no, see ${SHA}`,
    `Origin: vendor, https://example.org/x/commit/${SHA}`,
    `Upstream-Status: Backport [https://example.org/results/${SHA}]`,
    `From ${'0'.repeat(40)} Mon Sep 17 00:00:00 2001`,
  ])('takes no commit from "%s"', (line) => expect(header('it', '', line).references).toEqual([]))

  it.each([
    ['backport-4a1fb2c7d0e9.patch', ['4a1fb2c7d0e9']],
    ['dir-1234567/0001-4a1fb2c-fix.patch', ['4a1fb2c']],
    ['revert-ca2eee92df44.patch', []],
    ['0001-fix-it.patch', []],
    ['xsa-4a1fb2cz.patch', []],
  ])('finds in the name %s the commits %j', (name, shas) => {
    expect(readHeader('', name, null).references).toEqual(shas.map((sha) => ({ from: 'name', sha })))
  })

  it.each([
    ['backport-188809f33b75.patch', "2017-03-14 12:58:21 - x86/vmx: Don't leak", "x86/vmx: Don't leak"],
    ['backport-188809f33b75.patch', '* 2017-03-14 12:58:21 - vvmx: fix', 'vvmx: fix'],
    ['revert-ca2eee92df44.patch', '2008-09-30 09:14:54 - x86, hvm: Expose', null],
    ['x.patch', 'rossla - CA-168080', null],
    ['x.patch', null, null],
  ])('takes from the series line of %s "# %s" the subject %s', (name, comment, subject) => {
    expect(readHeader('', name, comment).subject).toBe(subject)
    expect(readHeader('Subject: its own\n', name, comment).subject).toBe('its own')
  })

  describe('beside git', () => {
    let repository = ''
    let tree = ''
    beforeAll(() => {
      repository = mkdtempSync(join(tmpdir(), 'rebaseline-header-'))
      git(['init', '--quiet'])
      tree = git(['hash-object', '-w', '-t', 'tree', '/dev/null'])
    })
    afterAll(() => rmSync(repository, { recursive: true }))

    function git(args: string[], input = '', author = 'A'): string {
      const people = {
        GIT_AUTHOR_NAME: author,
        GIT_AUTHOR_EMAIL: 'a@b',
        GIT_COMMITTER_NAME: 'C',
        GIT_COMMITTER_EMAIL: 'c@d',
      }
      const env = { PATH: process.env.PATH, HOME: repository, GIT_CONFIG_NOSYSTEM: '1', ...people }
      const { stdout, status, stderr } = spawnSync('git', args, { cwd: repository, env, input })
      if (status !== 0) throw new Error(stderr.toString())
      return stdout.toString().trim()
    }

    it('reads back the subject and the commit that git format-patch wrote', () => {
      const word = fc.stringMatching(/^[a-zA-Z0-9äöüß€日本:/(),=?_-]{1,16}$/)
      const words = (maxLength: number) => fc.array(word, { minLength: 1, maxLength }).map((list) => list.join(' '))
      fc.assert(
        fc.property(words(14), (subject) => {
          const sha = git(['commit-tree', tree], subject)
          const mail = git(['format-patch', '--stdout', '--root', '--always', '-1', sha])
          const read = readHeader(fromBytes(Buffer.from(mail)), 'x.patch', null)
          expect(read).toMatchObject({ style: 'mail', subject, references: [{ from: 'mail', sha }] })
        }),
        { numRuns: 30 },
      )
    })
  })
})

describe('cleanSubject', () => {
  it.each([
    ['[PATCH] it', 'it'],
    ['[PATCH v2 3/7] it', 'it'],
    ['[RFC PATCH xen-4.3] it', 'it'],
    ['Re: [PATCH] it', 'it'],
    ['RE: re: [patch 1/2] it', 'it'],
    ['[PATCH] [XSA-123] it', '[XSA-123] it'],
    ['[libxl] it', '[libxl] it'],
    ['  a \t b\n c ', 'a b c'],
    ['reset it', 'reset it'],
    ['[PATCH]', null],
    ['', null],
    [null, null],
  ])('makes %j to %j', (subject, clean) => expect(cleanSubject(subject)).toBe(clean))

  it('changes nothing the second time', () => {
    const piece = fc.constantFrom('[PATCH]', 'Re:', 're: ', '[RFC 1/2] ', '[x]', ' ', 'fix', 'PATCH', ']', '[')
    fc.assert(
      fc.property(
        fc.array(piece).map((list) => list.join('')),
        (subject) => {
          const once = cleanSubject(subject)
          expect(cleanSubject(once)).toBe(once)
        },
      ),
    )
  })
})

it('takes no number of a bug or a date in a file name for a commit', () => {
  const references = (name: string) => readHeader('', name, null).references.map(({ sha }) => sha)
  expect(references('bsc-1170617-20200131-fix.patch')).toEqual([])
  expect(references('0a1b2c3-fix.patch')).toEqual(['0a1b2c3'])
})
