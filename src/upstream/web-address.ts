/** Where a commit of the upstream can be read in a browser. */
import { protocolOf } from '../git/mirror.ts'
import { runGit } from '../git/process.ts'
import type { Scratch } from '../git/scratch.ts'

/** A host, and how the pages of its commits are called; `path` without slash in front and ".git" behind. */
const SITES: readonly { host: RegExp; page: (host: string, path: string, sha: string) => string }[] = [
  { host: /(?:^|\.)gitlab\.|^salsa\.debian\.org$/, page: (host, path, sha) => `${host}/${path}/-/commit/${sha}` },
  {
    host: /^(?:github\.com|codeberg\.org|gitea\.com|git\.sr\.ht)$/,
    page: (host, path, sha) => `${host}/${path}/commit/${sha}`,
  },
  { host: /^bitbucket\.org$/, page: (host, path, sha) => `${host}/${path}/commits/${sha}` },
  { host: /^git\.kernel\.org$/, page: (host, path, sha) => `${host}/${path}.git/commit/?id=${sha}` },
  {
    host: /^git\.savannah\.(?:non)?gnu\.org$/,
    page: (host, path, sha) => `${host}/cgit/${path.replace(/^(?:git|srv\/git|r)\//, '')}.git/commit/?id=${sha}`,
  },
  {
    host: /^xenbits\.xen(?:project)?\.org$/,
    page: (host, path, sha) => `${host}/gitweb/?p=${path.replace(/^git-http\//, '')}.git;a=commit;h=${sha}`,
  },
  {
    host: /^(?:www\.)?sourceware\.org$/,
    page: (host, path, sha) => `${host}/git/?p=${path.replace(/^git\//, '')}.git;a=commit;h=${sha}`,
  },
  { host: /^gcc\.gnu\.org$/, page: (host, _, sha) => `${host}/g:${sha}` },
]

/**
 * The page of a commit, by the address that the repository was cloned from (git-clone(1), GIT URLS).
 * Null where the site is not known.
 */
export function webAddressOf(remote: string, sha: string): string | null {
  const [, host = '', path = ''] =
    /^(?:https?|ssh|git):\/\/(?:[^/@]*@)?([\w.-]+)(?::\d+)?\/+(.+)$/i.exec(remote) ??
    /^(?:[^/@:]+@)?([\w.-]+):(?!\/\/)\/*(.+)$/.exec(remote) ??
    []
  const plain = path.replace(/\/+$/, '').replace(/\.git$/, '')
  // What is not a plain path would have another meaning in the address.
  if (!/^[\w.~+/-]+$/.test(plain)) return null
  const name = host.toLowerCase()
  const site = SITES.find((one) => one.host.test(name))
  return site ? `https://${site.page(name, plain, sha)}` : null
}

/**
 * The address that the upstream was cloned from: its own, where it is known by one; else that of its
 * remote "origin", or of another (git-config(1), remote.<name>.url). Null where it has none.
 */
export async function remoteOf(scratch: Scratch, upstream: string): Promise<string | null> {
  if (protocolOf(upstream)) return upstream
  const args = ['config', '--file', `${scratch.borrowed}/../config`, '--null', '--get-regexp', '^remote\\..*\\.url$']
  const { code, stdout } = await runGit(scratch, args, { accept: [0, 1, 128] })
  if (code !== 0) return null
  const remotes = stdout
    .toString()
    .split('\0')
    .flatMap((entry) => {
      const [name = '', url] = entry.split('\n')
      return url ? [{ name, url }] : []
    })
  return (remotes.find(({ name }) => name === 'remote.origin.url') ?? remotes[0])?.url ?? null
}
