/** Which commit brought given lines of a file. */
import { runGit } from '../git/process.ts'
import type { Scratch } from '../git/scratch.ts'
import { type ByteString, fromBytes } from '../model/bytes.ts'

/**
 * The commit between base and target that at least half of the given lines, as they stand in the target's file, come from; null where there
 * is none. Lines are given without the blanks at their ends.
 */
export async function blameLines(
  scratch: Scratch,
  base: string,
  target: string,
  path: ByteString,
  lines: ReadonlySet<string>,
): Promise<string | null> {
  if (lines.size === 0) return null
  const args = ['blame', '--porcelain', `${base}..${target}`, '--', Buffer.from(path, 'latin1').toString()]
  const { code, stdout } = await runGit(scratch, args, { accept: [0, 128] })
  if (code !== 0) return null
  const counts = new Map<string, number>()
  const boundaries = new Set<string>()
  let sha = ''
  for (const line of fromBytes(stdout).split('\n')) {
    if (/^[0-9a-f]{40,64} \d+ \d+/.test(line)) sha = line.slice(0, line.indexOf(' '))
    else if (line === 'boundary') boundaries.add(sha)
    else if (line.startsWith('\t') && lines.has(line.trim())) counts.set(sha, (counts.get(sha) ?? 0) + 1)
  }
  const [most] = [...counts].filter(([one]) => !boundaries.has(one)).sort((left, right) => right[1] - left[1])
  return most && most[1] >= lines.size / 2 ? most[0] : null
}
