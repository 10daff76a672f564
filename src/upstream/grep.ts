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

/**
 * Those of the words, each a C identifier, that stand in some file of the tree, as whole words. One
 * pattern of PCRE takes a hundredth of the time of many fixed ones; not every git is built with it.
 */
export async function wordsAnywhere(
  scratch: Scratch,
  tree: string,
  words: readonly ByteString[],
): Promise<Set<ByteString>> {
  if (words.length === 0) return new Set()
  const grep = ['grep', '-h', '-o', '-I', '--no-color']
  const pattern = toBytes(`\\b(?:${words.join('|')})\\b\n`)
  const perl = await runGit(scratch, [...grep, '-P', '-f', '-', tree], { input: pattern, accept: [0, 1, 128] })
  if (perl.code !== 128) return new Set(fromBytes(perl.stdout).split('\n'))
  const input = toBytes(`${words.join('\n')}\n`)
  const { stdout } = await runGit(scratch, [...grep, '-w', '-F', '-f', '-', tree], { input, accept: [0, 1] })
  return new Set(fromBytes(stdout).split('\n'))
}

/**
 * The files of a tree in which each of the lines stands as a whole, blanks at their ends aside. None
 * of them may be empty.
 */
export async function filesWith(
  scratch: Scratch,
  tree: string,
  lines: readonly ByteString[],
): Promise<Map<ByteString, Set<ByteString>>> {
  const files = new Map(lines.map((line) => [line, new Set<ByteString>()]))
  if (lines.length === 0) return files
  const args = ['grep', '-z', '-I', '--no-color', '-F', '-f', '-', tree]
  const { stdout } = await runGit(scratch, args, { input: toBytes(`${lines.join('\n')}\n`), accept: [0, 1] })
  for (const found of fromBytes(stdout).split('\n')) {
    const [name = '', text = ''] = found.split('\0')
    files.get(text.trim())?.add(name.slice(tree.length + 1))
  }
  return files
}
