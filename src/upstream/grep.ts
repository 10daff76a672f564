/** Where lines stand in a whole tree. */
import { runGit } from '../git/process.ts'
import type { Scratch } from '../git/scratch.ts'
import { type ByteString, fromBytes, toBytes } from '../model/bytes.ts'

/**
 * Those of the lines that stand in some file of the tree, blanks at their ends aside (git-grep(1)).
 * None of them may be empty.
 */
export async function linesAnywhere(
  scratch: Scratch,
  tree: string,
  lines: readonly ByteString[],
): Promise<Set<ByteString>> {
  if (lines.length === 0) return new Set()
  const args = ['grep', '-h', '-I', '--no-color', '-F', '-f', '-', tree]
  const { stdout } = await runGit(scratch, args, { input: toBytes(`${lines.join('\n')}\n`), accept: [0, 1] })
  const found = new Set(
    fromBytes(stdout)
      .split('\n')
      .map((line) => line.trim()),
  )
  return new Set(lines.filter((line) => found.has(line)))
}

/** Those of the words that stand in some file of the tree, as whole words. */
export async function wordsAnywhere(
  scratch: Scratch,
  tree: string,
  words: readonly ByteString[],
): Promise<Set<ByteString>> {
  if (words.length === 0) return new Set()
  const args = ['grep', '-h', '-o', '-w', '-I', '--no-color', '-F', '-f', '-', tree]
  const { stdout } = await runGit(scratch, args, { input: toBytes(`${words.join('\n')}\n`), accept: [0, 1] })
  return new Set(fromBytes(stdout).split('\n'))
}
