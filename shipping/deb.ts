/** `npm run deb`: the single executable as a package for Debian and its kin. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import packaged from '../package.json' with { type: 'json' }
import { buildBinary } from './build-binary.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const stage = join(root, 'dist', 'deb')
const version = `${packaged.version}-1`
const maintainer = `${packaged.author.name} <${packaged.author.email}>`

/** The same source makes the same bytes: all is as old as the newest commit, or as one says. */
const epoch = process.env.SOURCE_DATE_EPOCH ?? output('git', 'log', '-1', '--format=%ct').trim()
process.env.SOURCE_DATE_EPOCH = epoch

const SHELLS = {
  bash: 'usr/share/bash-completion/completions/rebaseline',
  zsh: 'usr/share/zsh/vendor-completions/_rebaseline',
  fish: 'usr/share/fish/vendor_completions.d/rebaseline.fish',
}

/** Each is what it is on purpose: it is no package of the distribution's own. */
const OVERRIDES = `# It brings its Node along, as Node's own builds are, so that it runs where there is none, or an old one.
rebaseline: embedded-library
rebaseline: hardening-no-pie
# No bug asked for it.
rebaseline: initial-upload-closes-no-bugs
`

const { executable, licences } = buildBinary(root)
rmSync(stage, { recursive: true, force: true })
put('usr/bin/rebaseline', readFileSync(executable))
for (const [shell, path] of Object.entries(SHELLS)) put(path, output(executable, 'complete', shell))
stageManual()
stageSchemas()
stageDocuments()
put('DEBIAN/md5sums', sums())
put('DEBIAN/control', control())
output('chmod', '-R', 'u=rwX,go=rX', stage)
chmodSync(join(stage, 'usr/bin/rebaseline'), 0o755)
const file = `dist/rebaseline_${version}_amd64.deb`
output('dpkg-deb', '--root-owner-group', '-Zxz', '--build', stage, join(root, file))
process.stdout.write(`${file}\n`)

function output(program: string, ...args: string[]): string {
  return execFileSync(program, args, { cwd: root, encoding: 'utf8' })
}

function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(stage, path)), { recursive: true })
  writeFileSync(join(stage, path), content)
}

function packed(text: string): Buffer {
  return gzipSync(text, { level: 9 })
}

function stageManual(): void {
  const manual = join(root, 'dist', 'man')
  rmSync(manual, { recursive: true, force: true })
  output(executable, 'man', '--output', manual, '--date', epoch)
  for (const page of readdirSync(manual, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('/')))
    put(`usr/share/man/${page}.gz`, packed(readFileSync(join(manual, page), 'utf8')))
}

function stageSchemas(): void {
  output('npm', 'run', '--silent', 'schemas')
  for (const name of readdirSync(join(root, 'schemas')).filter((one) => one.endsWith('.json')))
    cpSync(join(root, 'schemas', name), join(stage, 'usr/share/rebaseline/schemas', name))
}

function stageDocuments(): void {
  const documents = 'usr/share/doc/rebaseline'
  put(`${documents}/copyright`, copyright())
  put(`${documents}/third-party.txt.gz`, packed(licences))
  put(`${documents}/changelog.gz`, packed(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')))
  put(`${documents}/changelog.Debian.gz`, packed(changelog()))
  put('usr/share/lintian/overrides/rebaseline', OVERRIDES)
}

function copyright(): string {
  return `rebaseline ${packaged.version}, from ${packaged.homepage}

${readFileSync(join(root, 'LICENSE'), 'utf8')}
The executable holds Node.js and packages from the npm registry, each under
its own licence: they stand in third-party.txt.gz beside this file.
`
}

function changelog(): string {
  const date = new Date(Number(epoch) * 1000).toUTCString().replace('GMT', '+0000')
  return `rebaseline (${version}) unstable; urgency=medium

  * Release ${packaged.version}; changelog.gz says what is new.

 -- ${maintainer}  ${date}
`
}

function control(): string {
  const size = below(join(stage, 'usr')).reduce((sum, path) => sum + statSync(path).size, 0)
  return `Package: rebaseline
Version: ${version}
Architecture: amd64
Maintainer: ${maintainer}
Installed-Size: ${Math.ceil(size / 1024)}
Depends: libatomic1, libc6 (>= 2.28), libgcc-s1 (>= 4.2), libstdc++6 (>= 5.2), git (>= 1:2.38)
Recommends: bzip2, less, xz-utils, zstd
Section: devel
Priority: optional
Homepage: ${packaged.homepage}
Description: what a new upstream release means for a patch queue
 For those who carry a patch queue on top of an upstream project: rebaseline
 takes the queue and a new upstream release, and says for every patch whether
 the release has it already, breaks it, or just moves it. It shows by which
 commits, helps to mend what conflicts, writes the rebased queue, and keeps a
 record that tells whether the queue shrinks from release to release.
 .
 It reads queues of quilt, guilt, Debian source packages, RPM specs, git
 branches and mailboxes. No repository of the user's is touched.
`
}

function sums(): string {
  const sum = (path: string) => createHash('md5').update(readFileSync(path)).digest('hex')
  return below(join(stage, 'usr'))
    .map((path) => `${sum(path)}  ${path.slice(stage.length + 1)}\n`)
    .join('')
}

/** All files below a directory. */
function below(directory: string): string[] {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
