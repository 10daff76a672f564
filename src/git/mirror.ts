/**
 * A copy of an upstream that is only known by its URL, fetched once and brought up to date at each
 * use.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { SimpleGitProgressEvent } from 'simple-git'
import { UserError } from '../errors.ts'
import type { Progress } from '../model/progress.ts'
import { gitEnvironment } from './environment.ts'
import { askGit, type GitSetting } from './plain.ts'

/**
 * git-fetch(1), GIT URLS: what is taken for a URL, and the protocol it needs. `ext::` and other
 * helpers run commands and are none.
 */
export function protocolOf(upstream: string): string | null {
  const [, scheme] = /^(https?|ssh|git|file):\/\//i.exec(upstream) ?? []
  if (scheme) return scheme.toLowerCase()
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
export async function mirrorUpstream(
  url: string,
  directory: string,
  setting: GitSetting,
  progress: Progress,
): Promise<string> {
  const mirror = mirrorOf(url, directory)
  const home = join(directory, 'home')
  mkdirSync(home, { recursive: true })
  const env = gitEnvironment(home, setting.path)
  if (!existsSync(mirror))
    await askGit({ directory, setting, env }, (git) => git.raw('init', '--quiet', '--bare', '--template=', mirror))
  const config = [`protocol.${protocolOf(url)}.allow=always`, 'fetch.fsckObjects=true']
  const told = (event: SimpleGitProgressEvent) =>
    progress(`fetching the upstream: ${event.stage}`, event.processed, event.total)
  const refs = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*']
  const options = [
    '--force',
    '--prune',
    '--no-recurse-submodules',
    '--no-write-fetch-head',
    '--no-auto-maintenance',
    '--progress',
  ]
  try {
    const place = { directory, setting, env: { ...env, GIT_DIR: mirror }, progress: told, config }
    await askGit(place, (git) => git.raw('fetch', ...options, '--', url, ...refs))
    return mirror
  } catch (error) {
    setting.processes.check()
    if (error instanceof UserError) throw error
    const shown = withoutPassword(url)
    const words = (lastLine((error as Error).message) ?? 'no message').replaceAll(url, shown)
    throw new UserError(`cannot fetch ${shown}: ${words}`, 'clone it yourself and name the clone with --upstream')
  }
}

function lastLine(text: string): string | undefined {
  return text.split(/[\r\n]/).findLast((line) => line.trim() !== '')
}
