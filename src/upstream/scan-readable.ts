/** Reads the commits of a repository that lacks objects, or has damaged ones, as far as it can. */
import { LackingObject, runGit } from '../git/process.ts'
import type { Scratch } from '../git/scratch.ts'
import type { ByteString } from '../model/bytes.ts'
import type { IndexedCommit } from '../model/history.ts'
import { SUBMODULE } from '../model/tree.ts'
import { scanCommits } from './scan-commits.ts'

/**
 * Commits whose trees git cannot read are left out, at most so many of them: each costs a process.
 * More are a clone that lacks too much to go by.
 */
const MAX_UNREADABLE = 100

/** Is told a commit that cannot be read, and the files that it changes where these are known. */
export type LeaveOut = (sha: string, paths: readonly ByteString[]) => void

/**
 * Yields commits where the repository lacks objects, or has damaged ones: a commit that cannot be read is
 * told, and left out.
 */
export async function* scanReadable(
  scratch: Scratch,
  shas: readonly string[],
  leaveOut: LeaveOut,
): AsyncGenerator<IndexedCommit> {
  let rest = shas
  for (let count = 0; rest.length > 0; count++) {
    let read = 0
    try {
      for await (const commit of scanCommits(scratch, rest)) {
        yield commit
        read++
      }
      return
    } catch (error) {
      const broken = rest[read]
      if (!(error instanceof LackingObject) || broken === undefined || count >= MAX_UNREADABLE) throw error
      // A partial clone lacks the files of nearly all commits: these are found at once.
      const lacking = await commitsLackingFiles(scratch, count === 0 ? rest.slice(read) : [broken])
      for (const [sha, paths] of lacking.set(broken, lacking.get(broken) ?? [])) leaveOut(sha, paths)
      rest = rest.slice(read).filter((sha) => !lacking.has(sha))
    }
  }
}

/** Those of some commits that change a file whose content the repository lacks, with their files. */
async function commitsLackingFiles(scratch: Scratch, shas: readonly string[]): Promise<Map<string, ByteString[]>> {
  const raw = ['--raw', '-z', '--no-abbrev', '--no-renames', '--root']
  // A tree that cannot be read ends it early: what follows is found one by one.
  const { stdout } = await runGit(scratch, ['log', '--no-walk=unsorted', '--stdin', '--format=%H', ...raw], {
    input: `${shas.join('\n')}\n`,
    accept: [0, 128],
  })
  const changes: { sha: string; path: ByteString; blobs: string[] }[] = []
  let [sha, blobs]: [string, string[] | null] = ['', null]
  for (const field of stdout.toString('latin1').split('\0')) {
    const [, modes = '', before = '', after = ''] = /^\n?:(\d+ \d+) ([0-9a-f]+) ([0-9a-f]+) /.exec(field) ?? []
    if (blobs !== null) {
      changes.push({ sha, path: field, blobs })
      blobs = null
    } else if (modes === '') sha = field.trim()
    else blobs = modes.includes(SUBMODULE) ? [] : [before, after].filter((id) => !/^0+$/.test(id))
  }
  const ids = [...new Set(changes.flatMap((change) => change.blobs))]
  const checked = await runGit(scratch, ['cat-file', '--batch-check'], { input: `${ids.join('\n')}\n` })
  const missing = new Set(
    checked.stdout
      .toString('latin1')
      .split('\n')
      .flatMap((line) => /^(\S+) missing$/.exec(line)?.[1] ?? []),
  )
  const lacking = new Set(changes.flatMap((change) => (change.blobs.some((id) => missing.has(id)) ? [change.sha] : [])))
  const paths = new Map([...lacking].map((one): [string, ByteString[]] => [one, []]))
  for (const change of changes) paths.get(change.sha)?.push(change.path)
  return paths
}
