/** The branches of a repository. */
import { UserError } from '../errors.ts'
import { type GitContext, runGit } from './process.ts'

/**
 * Name to commit; all of them, or the wanted ones. @throws UserError where a wanted one is not
 * there.
 */
export async function listBranches(context: GitContext, wanted: readonly string[]): Promise<Map<string, string>> {
  const { stdout } = await runGit(context, [
    'for-each-ref',
    '--format=%(refname:strip=2)%00%(objectname)',
    'refs/heads',
  ])
  const lines = stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
  const branches = new Map(lines.map((line) => line.split('\0') as [string, string]))
  const missing = wanted.find((name) => !branches.has(name))
  if (missing !== undefined)
    throw new UserError(`the repository has no branch "${missing}"`, `it has ${[...branches.keys()].join(', ')}`)
  return wanted.length === 0 ? branches : new Map([...branches].filter(([name]) => wanted.includes(name)))
}
