/** Opens what a person names as the queue. */
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { UserError } from '../errors.ts'
import { fromText } from '../model/bytes.ts'
import { directoryFiles } from './directory-files.ts'
import type { QueuePlace } from './files.ts'

/**
 * `named`: an absolute path, or that of a repository with "#range" behind it. What a person names may
 * be a link to anywhere; what a queue names may not.
 *
 * @throws UserError where nothing is there that can be a queue.
 */
export function openPlace(named: string): QueuePlace {
  const stat = statSync(named, { throwIfNoEntry: false })
  const repository = stat ? null : repositoryIn(named)
  if (repository !== null) {
    const range = fromText(named.slice(repository.length + 1))
    return { files: directoryFiles(realpathSync(repository)), path: '', kind: 'directory', range }
  }
  if (!stat)
    throw new UserError(
      `no such file or directory: ${named}`,
      'name a series file, the directory of the queue, or REPO#BASE..TIP with --queue',
    )
  if (!stat.isFile() && !stat.isDirectory())
    throw new UserError(`${named} is no regular file and no directory`, 'name the series file itself')
  const path = realpathSync(named)
  const kind = stat.isFile() ? 'file' : 'directory'
  const root = topOf(stat.isFile() ? dirname(path) : path)
  return { files: directoryFiles(root), path: fromText(relative(root, path)), kind, range: null }
}

/** Whether something is there that can be opened. `named`: an absolute path, with "#range" or without. */
export function isPlace(named: string): boolean {
  return existsSync(named) || repositoryIn(named) !== null
}

/** The directory in front of a "#", of several the longest; null where there is none. */
export function repositoryIn(named: string): string | null {
  for (let at = named.lastIndexOf('#'); at > 0; at = named.lastIndexOf('#', at - 1)) {
    const directory = named.slice(0, at)
    if (statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return directory
  }
  return null
}

/** Layouts in which a queue needs what stands above its directory: how far, and what tells them. */
const LAYOUTS = [
  { isIn: /\/(?:SPECS|SOURCES)$/, above: 1, holds: '.' },
  { isIn: /\/debian\/patches$/, above: 2, holds: '.' },
  { isIn: /\/debian$/, above: 1, holds: '.' },
  // A target of OpenWrt: generic/ beside it, and include/ at the top.
  { isIn: /\/target\/linux\/[^/]+$/, above: 3, holds: 'Makefile' },
  // A folder of Electron's patches: config.json above it, and DEPS at the top.
  { isIn: /\/patches\/[^/]+$/, above: 2, holds: '.patches' },
  // Void's tree, whose hooks say how patches are applied.
  { isIn: /\/srcpkgs\/[^/]+$/, above: 2, holds: 'template' },
  { isIn: /\/srcpkgs\/[^/]+\/patches$/, above: 3, holds: '../template' },
  // Void's template, and the package.json that names Brave's base.
  { isIn: /\/patches$/, above: 1, holds: '../template' },
  { isIn: /\/patches$/, above: 1, holds: '../package.json' },
  // The spec of a planex package.
  { isIn: /\/(?:patches|master)$/, above: 1, holds: '../*.spec' },
]

/** `name`: "*" for all but the ending of a file in the directory above. */
function isThere(directory: string, name: string): boolean {
  const [, ending] = /^\.\.\/\*(.*)$/.exec(name) ?? []
  if (ending === undefined) return existsSync(`${directory}/${name}`)
  return readdirSync(dirname(directory)).some((one) => one.endsWith(ending))
}

/**
 * The directory that a queue's files may not leave: the top of the repository or layer that holds
 * it; where there is none, the queue's own, or the one above that its layout needs.
 */
function topOf(directory: string): string {
  for (let above = directory; ; above = dirname(above)) {
    if (existsSync(`${above}/.git`) || existsSync(`${above}/conf/layer.conf`)) return above
    if (above === dirname(above)) break
  }
  const above = LAYOUTS.find(({ isIn, holds }) => isIn.test(directory) && isThere(directory, holds))?.above ?? 0
  let top = directory
  for (let step = 0; step < above; step++) top = dirname(top)
  return top
}
