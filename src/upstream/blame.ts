/** Which commit brought each line of a file. */
import { runGit } from '../git/process.ts'
import type { Scratch } from '../git/scratch.ts'
import { type ByteString, fromBytes } from '../model/bytes.ts'
import type { BlamedLine } from '../model/history.ts'

/**
 * The target's file, line by line (git-blame(1), --porcelain); none where there is no such file.
 */
export async function blameFile(
  scratch: Scratch,
  base: string,
  target: string,
  path: ByteString,
): Promise<BlamedLine[]> {
  const args = ['blame', '--porcelain', `${base}..${target}`, '--', Buffer.from(path, 'latin1').toString()]
  const { code, stdout } = await runGit(scratch, args, { accept: [0, 128] })
  if (code !== 0) return []
  const blamed: BlamedLine[] = []
  const boundaries = new Set<string>()
  let sha = ''
  for (const line of fromBytes(stdout).split('\n')) {
    if (/^[0-9a-f]{40,64} \d+ \d+/.test(line)) sha = line.slice(0, line.indexOf(' '))
    else if (line === 'boundary') boundaries.add(sha)
    else if (line.startsWith('\t')) blamed.push({ sha: boundaries.has(sha) ? null : sha, text: line.slice(1) })
  }
  return blamed
}
