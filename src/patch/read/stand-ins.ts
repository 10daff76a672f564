/**
 * Files that stand in a patch's place and hold no diff of it: read as words, each would count as
 * an empty patch, which is dropped.
 */
import type { ByteString } from '../../model/bytes.ts'
import { MalformedPatch, REGENERATE } from './malformed.ts'

/** What one of their lines looks like, what they are, and how to get the patch. */
const STAND_INS: readonly { line: RegExp; is: string; hint: string }[] = [
  { line: /^version https:\/\/git-lfs\.github\.com\/spec\//, is: 'a pointer of git-lfs', hint: 'get it: git lfs pull' },
  {
    line: /^(?:\.\.\/)*(?:\.git)?\/?annex\/objects\/\S+\r?$/,
    is: 'a pointer of git-annex',
    hint: 'get it: git annex get',
  },
  {
    line: /^(?:\d{3}:? |(?:error|fatal)\b.{0,40}\b)(?:not found|forbidden|unauthorized)/i,
    is: 'the answer of a server',
    hint: 'download the raw patch again',
  },
  { line: /^begin \d{3,4} \S/, is: 'uuencoded', hint: 'decode it: uudecode' },
  { line: /^[A-Za-z0-9+/]{60,76}\r?$/, is: 'encoded as base64', hint: 'decode it: base64 --decode' },
  { line: /^#!\s*\//, is: 'a program', hint: 'run it yourself, and make a patch of what it did: diff -u' },
  { line: /^ *\d+: +[0-9a-f]{7,40} [=!<>] +\d+: /, is: 'a comparison of patches', hint: REGENERATE },
  {
    line: /^Submodule \S+ (?:\(.*\)|[0-9a-f]{7,40}\.{2,3}[0-9a-f]{7,40}.*)\r?$/,
    is: 'a log of a submodule',
    hint: 'make it anew: git diff --submodule=short',
  },
  { line: /^Files \S.* and \S.* differ\r?$/, is: 'a list of files that differ', hint: 'make it anew: diff -u' },
  { line: /\[-.+-\]\{\+.+\+\}/, is: 'a diff of words', hint: 'make it anew without --word-diff' },
]

/** @throws MalformedPatch where a text without a diff is known to be one of them. */
export function rejectStandIns(header: ByteString): void {
  const lines = header.split('\n')
  for (const { line, is, hint } of STAND_INS) {
    const at = lines.findIndex((one) => line.test(one))
    if (at >= 0) throw new MalformedPatch(at + 1, `no diff: this is ${is}`, hint)
  }
}
