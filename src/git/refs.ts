/** The refs of an upstream repository, as they are when it is opened. */
import { UserError } from '../errors.ts'
import { type GitContext, runGit } from './process.ts'

/** What to do about a repository that git does not read. */
export const UNSOUND = 'check that it is a sound git repository'

export interface Ref {
  name: string
  id: string
  /** Of an annotated tag: the object that it names. */
  peeled: string | null
}

/** The refs of a repository, asked through git-upload-pack. @throws UserError where it has none to read. */
export async function listRefs(context: GitContext, directory: string): Promise<Ref[]> {
  const { stdout, code, stderr } = await runGit(context, ['ls-remote', '--', directory], { accept: [0, 128] })
  if (code !== 0) {
    throw new UserError(`cannot read the refs of ${directory}: ${stderr.trim().split('\n')[0]}`, UNSOUND)
  }
  const refs = new Map<string, Ref>()
  for (const line of stdout.toString('utf8').split('\n')) {
    const [id = '', name = ''] = line.split('\t')
    if (name.endsWith('^{}')) {
      const tag = refs.get(name.slice(0, -3))
      if (tag) tag.peeled = id
    } else if (name === 'HEAD' || name.startsWith('refs/')) refs.set(name, { name, id, peeled: null })
  }
  return [...refs.values()]
}

/** The same as the text of a file `packed-refs` (gitrepository-layout(5)). */
export function packRefs(refs: Ref[]): string {
  // What lies in the way of our own refs is of no use here.
  const isOurs = ({ name }: Ref) => name === 'HEAD' || /^refs\/rebaseline(?:\/|$)/.test(name)
  const sorted = refs.filter((ref) => !isOurs(ref)).sort((left, right) => (left.name < right.name ? -1 : 1))
  const lines = sorted.map(({ name, id, peeled }) => `${id} ${name}\n${peeled ? `^${peeled}\n` : ''}`)
  return `# pack-refs with: peeled fully-peeled sorted \n${lines.join('')}`
}
