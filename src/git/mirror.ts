/**
 * A copy of an upstream that is only known by its URL, fetched once and brought up to date at each
 * use.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../errors.ts'
import { gitEnvironment } from './environment.ts'
import { runGit } from './process.ts'

/**
 * git-fetch(1), GIT URLS: what is taken for a URL, and the protocol it needs. `ext::` and other
 * helpers run commands and are none.
 */
export function protocolOf(upstream: string): string | null {
  const [, scheme] = /^(https?|ssh|git|file):\/\//.exec(upstream) ?? []
  if (scheme) return scheme
  return /^[\w.-]+@[\w.-]+:/.test(upstream) ? 'ssh' : null
}

/**
 * A URL as it may be shown and recorded: of http without user and password, either of which may be
 * a token; of others without password.
 */
export function withoutPassword(url: string): string {
  return url.replace(/^([a-z]+:\/\/)([^/]*)@/i, (_, scheme: string, user: string) => {
    const name = user.split(':')[0] ?? ''
    return /^http/i.test(scheme) || name === '' ? scheme : `${scheme}${name}@`
  })
}

/**
 * Where the copy of an upstream is, or would be, below `directory`; the same whatever password was
 * given.
 */
export function mirrorOf(url: string, directory: string): string {
  const name = createHash('sha256').update(withoutPassword(url)).digest('hex').slice(0, 16)
  return join(directory, `${name}.git`)
}

/**
 * Returns the path of the copy, a bare repository below `directory`, which nobody else must have
 * filled: git goes by what is in it.
 */
export async function mirrorUpstream(url: string, protocol: string, directory: string, path: string): Promise<string> {
  const mirror = mirrorOf(url, directory)
  const home = join(directory, 'home')
  mkdirSync(home, { recursive: true })
  const context = { cwd: directory, env: gitEnvironment(home, path) }
  if (!existsSync(mirror)) await runGit(context, ['init', '--quiet', '--bare', '--template=', mirror])
  const { code, stderr } = await runGit(
    { cwd: directory, env: { ...context.env, GIT_DIR: mirror } },
    [
      ...['-c', `protocol.${protocol}.allow=always`, '-c', 'fetch.fsckObjects=true'],
      ...[
        'fetch',
        '--quiet',
        '--force',
        '--prune',
        '--no-recurse-submodules',
        '--no-write-fetch-head',
        '--no-auto-maintenance',
      ],
      ...['--', url, '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'],
    ],
    { accept: [0, 1, 128] },
  )
  if (code === 0) return mirror
  const shown = withoutPassword(url)
  const words = (stderr.trim().split('\n').at(-1) ?? '').replaceAll(url, shown)
  throw new UserError(`cannot fetch ${shown}: ${words}`, 'clone it yourself and name the clone with --upstream')
}
