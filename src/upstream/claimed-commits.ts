/** Looks the commits up that patches claim to be taken from: none is believed. */
import { runGit } from '../git/process.ts'
import type { Scratch } from '../git/scratch.ts'
import { type ClaimedCommit, lineKey } from '../model/audit.ts'
import { notHeldBy } from './history.ts'
import { listTags } from './releases.ts'

/** By the names as they are written; a name that is of no commit, or of several, is left out. */
export async function claimedCommits(
  scratch: Scratch,
  { base, target }: { base: string; target: string },
  names: readonly string[],
): Promise<Map<string, ClaimedCommit>> {
  const ids = await idsOf(scratch, [...new Set(names)])
  const shas = [...new Set(ids.values())]
  if (shas.length === 0) return new Map()
  const afterBase = new Set(await notHeldBy(scratch, base, shas))
  const afterTarget = await notHeldBy(scratch, target, shas)
  const isBeyond = new Set(afterTarget)
  const isSide = new Set(await inNoRelease(scratch, afterTarget))
  const lines = await linesOf(scratch, shas)
  const placeOf = (sha: string) => {
    if (!afterBase.has(sha)) return 'base'
    if (!isBeyond.has(sha)) return 'target'
    return isSide.has(sha) ? 'side' : 'later'
  }
  return new Map([...ids].map(([name, sha]) => [name, { sha, place: placeOf(sha), lines: lines.get(sha) ?? null }]))
}

async function idsOf(scratch: Scratch, names: readonly string[]): Promise<Map<string, string>> {
  if (names.length === 0) return new Map()
  const input = names.map((name) => `${name}^{commit}\n`).join('')
  const { stdout } = await runGit(scratch, ['cat-file', '--batch-check'], { input })
  // One line for each name, in their order (git-cat-file(1)); that of an unknown one ends in "missing".
  const answers = stdout.toString('latin1').split('\n')
  const found = names.map((name, at) => [name, /^([0-9a-f]{40,64}) commit /.exec(answers[at] ?? '')?.[1]] as const)
  return new Map(found.flatMap(([name, sha]) => (sha === undefined ? [] : [[name, sha]])))
}

/** Those that neither the main line nor any tag holds. */
async function inNoRelease(scratch: Scratch, shas: readonly string[]): Promise<string[]> {
  if (shas.length === 0) return []
  const tags = await listTags(scratch)
  const held = [...tags.map(({ commit }) => commit), ...(scratch.head === null ? [] : [scratch.head])]
  const input = [...held.map((commit) => `^${commit}`), ...shas].join('\n')
  const { stdout } = await runGit(scratch, ['rev-list', '--stdin'], { input: `${input}\n` })
  const beyond = new Set(stdout.toString('latin1').split('\n'))
  return shas.filter((sha) => beyond.has(sha))
}

/** The changed lines of each commit, by one process: git-diff-tree(1), --stdin. */
async function linesOf(scratch: Scratch, shas: readonly string[]): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  const args = ['diff-tree', '--stdin', '--root', '-r', '-p', '-M', '--no-ext-diff', '--no-textconv']
  const { stdout } = await runGit(scratch, args, { input: `${shas.join('\n')}\n` })
  let lines: string[] = []
  let isInHunk = false
  for (const line of stdout.toString('latin1').split('\n')) {
    if (/^[0-9a-f]{40,64}$/.test(line)) {
      lines = []
      found.set(line, lines)
      isInHunk = false
    } else if (line.startsWith('diff --git ')) isInHunk = false
    else if (line.startsWith('@@ ')) isInHunk = true
    else if (isInHunk && (line[0] === '+' || line[0] === '-')) {
      const key = lineKey(line[0], line.slice(1))
      if (key !== '') lines.push(key)
    }
  }
  return new Map([...found].filter(([, changed]) => changed.length > 0))
}
