/** Where a commit can be looked at in a browser. Pure. */

/** What stands before a commit's id in its address, of the forges that are known by their host. */
const BY_HOST: readonly [RegExp, (host: string, path: string) => string][] = [
  [/^github\.com$/, (host, path) => `https://${host}/${path}/commit/`],
  [/(?:^|\.)gitlab\.|^salsa\.debian\.org$|^invent\.kde\.org$/, (host, path) => `https://${host}/${path}/-/commit/`],
  [/^codeberg\.org$|(?:^|\.)gitea\.|(?:^|\.)forgejo\./, (host, path) => `https://${host}/${path}/commit/`],
  [/^bitbucket\.org$/, (host, path) => `https://${host}/${path}/commits/`],
  [/\.googlesource\.com$/, (host, path) => `https://${host}/${path}/+/`],
  [/^git\.kernel\.org$/, (host, path) => `https://${host}/${path}.git/commit/?id=`],
  [
    /^xenbits\.xen(?:project)?\.org$/,
    (host, path) => `https://${host}/gitweb/?p=${path.replace(/^git-http\//, '')}.git;a=commit;h=`,
  ],
  [/^sourceware\.org$/, (host, path) => `https://${host}/git/?p=${path.replace(/^git\//, '')}.git;a=commit;h=`],
]

/** A path that needs no quoting in an address, and leads nowhere else. */
const PLAIN_PATH = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[\w.+~-]+(?:\/[\w.+~-]+)*$/

/**
 * What stands before a commit's id in its address, of a repository that git fetches from `remote`
 * (git-fetch(1), GIT URLS); null where its host is not known.
 */
export function commitAddress(remote: string): string | null {
  const url = /^(?:https?|git|ssh):\/\/(?:[^@/]*@)?([\w.-]+)(?::\d+)?\/(.+)$/.exec(remote)
  const [, host, path] = url ?? /^[\w.-]+@([\w.-]+):(.+)$/.exec(remote) ?? []
  if (host === undefined || path === undefined) return null
  const name = path.replace(/\/+$/, '').replace(/\.git$/, '')
  if (!PLAIN_PATH.test(name)) return null
  const own = host.toLowerCase()
  const [, make] = BY_HOST.find(([hosts]) => hosts.test(own)) ?? []
  return make ? make(own, name) : null
}
