import { describe, expect, it } from 'vitest'
import { bareListing, readPatch } from '../../src/patch/read/read-patch.ts'
import { rewritePatch } from '../../src/patch/rewrite.ts'

const read = (text: string, strip = 1) => readPatch(bareListing('x.patch', strip), 1, Buffer.from(text, 'latin1'))
const rewrite = (old: string, now: string, strip = 1) => rewritePatch(read(old, strip), read(now))

/** As git diff-tree --full-index writes it. */
function refreshed(path: string, ...hunks: string[]): string {
  const index = `index ${'1'.repeat(40)}..${'2'.repeat(40)} 100644`
  return `diff --git a/${path} b/${path}\n${index}\n--- a/${path}\n+++ b/${path}\n${hunks.join('')}`
}

const BEFORE = '@@ -3,3 +3,3 @@ int f(void)\n one\n-two\n+2\n three\n'
const MOVED = '@@ -13,3 +13,3 @@ int g(void)\n one\n-two\n+2\n three\n'

describe('rewritePatch', () => {
  it('changes the numbers of a hunk that moved, and keeps all else', () => {
    const header =
      'From: Gr\xfc\xdfe <g@example.org>\nSubject: x\n\nIndex: b/f.c\n===================================================================\n'
    const old = `${header}--- a/f.c\t2020-01-01\n+++ b/f.c\t2020-01-02\n${BEFORE}\nwords behind\n-- \n2.39\n`
    expect(rewrite(old, refreshed('f.c', MOVED))).toBe(old.replace('@@ -3,3 +3,3 @@', '@@ -13,3 +13,3 @@'))
  })

  it('writes other context in the style of the patch', () => {
    const old = `--- f.c\n+++ f.c\n@@ -1 +1 @@\n-a\n+b\n`
    const now = refreshed('f.c', '@@ -1,2 +1,2 @@ int f(void)\n-a\n+b\n c\n')
    expect(rewrite(old, now, 0)).toBe(`--- f.c\n+++ f.c\n@@ -1,2 +1,2 @@\n-a\n+b\n c\n`)
    const one = refreshed('f.c', '@@ -9,1 +9,1 @@\n-a\n+b\n')
    expect(rewrite(old, one, 0)).toContain('@@ -9 +9 @@\n')
    expect(rewrite(old.replace('-1 +1', '-1,1 +1,1'), one, 0)).toContain('@@ -9,1 +9,1 @@\n')
  })

  it('names a file that upstream moved, and the new ids, as long as they were', () => {
    const old = `diff --git a/old/f.c b/old/f.c\nindex aaaaaaa..bbbbbbb 100644\n--- a/old/f.c\n+++ b/old/f.c\n${BEFORE}`
    expect(rewrite(old, refreshed('new/f.c', MOVED))).toBe(
      `diff --git a/new/f.c b/new/f.c\nindex 1111111..2222222 100644\n--- a/new/f.c\n+++ b/new/f.c\n${MOVED.replace('int g', 'int f')}`,
    )
  })

  it('takes out a file of which nothing is left, with its head', () => {
    const part = (name: string) => `Index: ${name}\n======================\n--- a/${name}\n+++ b/${name}\n${BEFORE}`
    expect(rewrite(`words\n\n${part('f.c')}${part('g.c')}tail\n`, refreshed('g.c', MOVED))).toBe(
      `words\n\n${part('g.c').replace('@@ -3,3 +3,3 @@', '@@ -13,3 +13,3 @@')}tail\n`,
    )
  })

  it('keeps a last line without line end, and carriage returns', () => {
    const hunk = (at: number) =>
      `@@ -${at},2 +${at},2 @@\n one\r\n-two\n\\ No newline at end of file\n+2\n\\ No newline at end of file\n`
    const head = '--- a/f.c\n+++ b/f.c\n'
    expect(rewrite(`${head}${hunk(3)}`, refreshed('f.c', hunk(9)))).toBe(`${head}${hunk(9)}`)
  })

  it('is none for a patch that is written backwards, or of which a file is not known', () => {
    const old = read(`--- a/f.c\n+++ b/f.c\n${BEFORE}`)
    expect(rewritePatch({ ...old, reversed: true }, read(refreshed('f.c', MOVED)))).toBeNull()
    const two = read(refreshed('f.c', MOVED) + refreshed('g.c', MOVED))
    expect(rewritePatch(old, two)).toBeNull()
  })

  it('is none where a file is made or gets another mode now, or is another binary', () => {
    const old = `--- a/f.c\n+++ b/f.c\n${BEFORE}`
    const made = `diff --git a/f.c b/f.c\nnew file mode 100644\n--- /dev/null\n+++ b/f.c\n@@ -0,0 +1 @@\n+a\n`
    expect(rewrite(old, made)).toBeNull()
    const script = made.replace('100644', '100755')
    expect(rewrite(made, script)).toBeNull()
    expect(rewrite(script, script)).toBe(script)
    const binary = (line: string, id: string) =>
      `diff --git a/x b/x\nindex ${'1'.repeat(40)}..${id.repeat(40)} 100644\nGIT binary patch\nliteral 3\n${line}\n\nliteral 3\nKcmZQzWMXDv0000\n\n`
    expect(rewrite(binary('KcmZQzWMXDv00;m8', '2'), binary('KcmZQzWMXDv00;m9', '3'))).toBeNull()
    expect(rewrite(binary('KcmZQzWMXDv00;m8', '2'), binary('KcmZQzWMXDv00;m8', '2'))).toBe(
      binary('KcmZQzWMXDv00;m8', '2'),
    )
  })
})
