/** Gentoo's ebuild: PATCHES, eapply and epatch of src_prepare (PMS, chapters 11 and 12; epatch.eclass). */
import { UserError } from '../../errors.ts'
import { type ByteString, toText } from '../../model/bytes.ts'
import { baseName } from '../../model/paths.ts'
import type { StatedBase } from '../../model/queue.ts'
import { directoryOf, fileNamesIn, joinPath, type QueueFiles, type QueuePlace } from '../files.ts'
import type { QueueFormat } from './format.ts'
import { pathsBelow } from './paths-below.ts'
import { type PatchFile, SOURCES } from './shell/applied.ts'
import { type Call, resolvePath } from './shell/call.ts'
import { applyingOf } from './shell/patch-command.ts'
import { type Field, isUnknown } from './shell/scope.ts'
import { listingOf, Script } from './shell/script.ts'
import { versionNames } from './shell/sources.ts'
import type { Truth } from './shell/truth.ts'
import { writeRecipe } from './write-recipe.ts'

const FILES = '/files'
/** Phases of eclasses that do not apply PATCHES, unlike all the others. */
const APPLIES_NOTHING = /^(?:vala|perl-module|java-utils-2|java-pkg-2|linux-info|kernel-2)_src_prepare$/
/** eclasses whose src_prepare applied PATCHES before EAPI 6. */
const OLD_APPLIERS = /^(?:base|autotools-utils|cmake-utils|distutils-r1|gnome2|kde4-base|xorg-2|waf-utils)$/

export const gentoo: QueueFormat = {
  name: 'gentoo',
  write: writeRecipe,
  find: findEbuild,
  read: async (files, list, { guards }) => {
    if (!list.endsWith('.ebuild')) throw await severalEbuilds(files, list)
    const names = namesOf(baseName(list))
    const reader = new EbuildReader(joinPath(directoryOf(list), 'files'), guards)
    await reader.look(files)
    const script = await Script.read(files, list, {
      variables: {
        ...names,
        FILESDIR: FILES,
        WORKDIR: SOURCES,
        S: `${SOURCES}/${names.P}`,
        DISTDIR: '/distfiles',
        EPREFIX: '',
      },
      unknown: [
        'ARCH',
        'CHOST',
        'CBUILD',
        'CTARGET',
        'ABI',
        'T',
        'D',
        'ED',
        'ROOT',
        'EROOT',
        'USERLAND',
        'KERNEL',
        'ELIBC',
        'LIBDIR',
      ],
      locate: (path) => reader.locate(path),
      paths: () => reader.paths,
      command: (call, script) => reader.command(call, script),
      output: (source) => versionOutput(source, names.PV),
      isFlat: (script) => script.text('S') === SOURCES,
    })
    reader.prepare(script)
    const array = script.words('PATCHES').flatMap(({ text }) => reader.locate(text)?.name ?? [])
    script.patches.leaveOut(array, 'PATCHES is not applied')
    return listingOf('gentoo', files.nameOf(list), script.patches.finish(), baseOf(script, names.PV, list))
  },
}

async function findEbuild({ files, path, kind }: QueuePlace): Promise<ByteString | null> {
  if (kind === 'file') return path.endsWith('.ebuild') ? path : null
  const ebuilds = (await fileNamesIn(files, path)).filter((name) => name.endsWith('.ebuild'))
  const [first] = ebuilds
  if (first === undefined) return null
  return ebuilds.length === 1 ? joinPath(path, first) : path
}

async function severalEbuilds(files: QueueFiles, directory: ByteString): Promise<UserError> {
  const ebuilds = (await fileNamesIn(files, directory)).filter((name) => name.endsWith('.ebuild'))
  const name = files.nameOf(directory)
  return new UserError(
    `${name} holds several ebuilds: ${ebuilds.map(toText).join(', ')}`,
    `name the one that is meant with --queue: ${name}/${toText(ebuilds.at(-1) ?? '')}`,
  )
}

/** PN, PV, PR and what is made of them, from the name of the file (PMS, chapter 11). */
function namesOf(file: ByteString) {
  const [, PN = file.replace(/\.ebuild$/, ''), PV = '', revision] =
    /^(.+?)-(\d[\d.]*[a-z]?(?:_(?:alpha|beta|pre|rc|p)\d*)*)(?:-(r\d+))?\.ebuild$/.exec(file) ?? []
  const PVR = revision === undefined ? PV : `${PV}-${revision}`
  return { PN, PV, PVR, PR: revision ?? 'r0', P: `${PN}-${PV}`, PF: `${PN}-${PVR}` }
}

/** Follows what the phases of an ebuild do with patches. */
class EbuildReader {
  readonly #directory: ByteString
  readonly #flags: ReadonlySet<string>
  paths: ByteString[] = []
  #isArrayApplied = false

  constructor(directory: ByteString, flags: ReadonlySet<string>) {
    this.#directory = directory
    this.#flags = flags
  }

  async look(files: QueueFiles): Promise<void> {
    this.paths = (await pathsBelow(files, this.#directory)).map((path) => `${FILES}/${path}`)
  }

  locate(path: ByteString): PatchFile | null {
    if (!path.startsWith(`${FILES}/`)) return null
    const name = path.slice(FILES.length + 1)
    return { name, content: { kind: 'file', directory: this.#directory, name } }
  }

  prepare(script: Script): void {
    const directory = script.text('S')
    const phase = ['src_prepare', 'python_prepare_all', 'all_ruby_prepare'].find((name) => script.defines(name))
    if (phase !== undefined) script.call(phase, directory)
    if (phase !== 'src_prepare') this.#applyArray({ ...NO_CALL, directory, line: script.line('PATCHES') }, script)
    for (const name of ['src_unpack', 'src_configure', 'src_compile']) script.call(name, directory)
  }

  command(call: Call, script: Script): Truth | null {
    const { name } = call
    if (name === 'inherit')
      script.scope.setText('INHERITED', `${script.text('INHERITED')} ${textsOf(call.words).join(' ')}`)
    else if (name === 'use' || name === 'useq') return this.#flag(call, script)
    else if (name === 'eapply' || name === 'epatch') this.#apply(call, script)
    else if (name === 'default' || /_(?:src_prepare|python_prepare_all)$/.test(name)) {
      if (!APPLIES_NOTHING.test(name)) this.#applyArray(call, script)
    } else return null
    return true
  }

  /** A flag that nobody sets is as IUSE has it: "+x" on, "x" off; others are not known. */
  #flag({ words }: Call, script: Script): Truth {
    const [{ text: flag } = { text: '' }] = words
    const isNegated = flag.startsWith('!')
    const name = flag.replace('!', '')
    if (this.#flags.has(name)) return !isNegated
    const own = script.words('IUSE').find(({ text }) => text.replace(/^[+-]/, '') === name)
    const isOn = own ? own.text.startsWith('+') : null
    return { text: `use ${script.scope.shown(flag)}`, taken: isOn === null ? null : isOn !== isNegated }
  }

  #apply(call: Call, script: Script): void {
    const options = call.words.filter(({ text }) => /^-./.test(text) && text !== '--')
    const files = call.words.filter(({ text }) => !/^-./.test(text))
    const applying = applyingOf({
      ...call,
      name: 'patch',
      words: options,
      input: { text: '-', line: 0, condition: null },
    })
    if (!applying || files.length === 0) return
    const found = files.flatMap((file) => this.#patchesOf(file, call.directory))
    const strip = applying.strip ?? (call.name === 'eapply' ? 1 : null)
    script.patches.add({ ...applying, strip, files: found }, call)
  }

  /** A directory stands for its *.patch and *.diff, in the order of their bytes. */
  #patchesOf(file: Field, directory: ByteString): Field[] {
    const path = resolvePath(directory, file.text)
    const inside = this.paths.filter((one) => one.startsWith(`${path}/`) && !one.slice(path.length + 1).includes('/'))
    const patches = inside.filter((one) => /\.(?:patch|diff)$/.test(one)).toSorted()
    return inside.length === 0 ? [{ ...file, text: path }] : patches.map((text) => ({ ...file, text }))
  }

  #applyArray(call: Call, script: Script): void {
    const words = script.words('PATCHES')
    if (this.#isArrayApplied || words.length === 0) return
    const isOld = Number(script.text('EAPI') || '0') < 6
    if (isOld && !script.words('INHERITED').some(({ text }) => OLD_APPLIERS.test(text))) return
    this.#isArrayApplied = call.condition === null
    this.#apply({ ...call, name: 'eapply', words, directory: script.text('S') || call.directory }, script)
  }
}

const NO_CALL: Call = { name: '', words: [], input: null, piped: null, directory: '', condition: null, line: 1 }

function textsOf(words: readonly Field[]): ByteString[] {
  return words.map(({ text }) => text)
}

function baseOf(script: Script, version: ByteString, list: ByteString): StatedBase | null {
  if (version === '' || /^9{4,}$/.test(version)) return null
  const commits = ['EGIT_COMMIT', 'COMMIT', 'MY_COMMIT', 'HASH_COMMIT', 'GIT_COMMIT'].map((name) => script.text(name))
  const names = [...commits.filter((name) => name !== '' && !isUnknown(name)), ...versionNames(version)]
  return { names: names.map(toText), listed: `${toText(baseName(list))}:1` }
}

/** `$(ver_cut RANGE [VERSION])` and `$(ver_rs RANGE BY … [VERSION])` (PMS, version manipulation). */
function versionOutput(source: ByteString, version: ByteString): ByteString | null {
  const [, cut, rest = ''] = /^\$\(\s*(ver_cut|ver_rs)\s+([^()$`;|&]*(?:\$\{?PV\}?\s*)?)\)$/.exec(source) ?? []
  if (cut === undefined) return null
  const words = rest
    .replace(/\$\{?PV\}?/g, version)
    .replace(/["']/g, '')
    .trim()
    .split(/\s+/)
  const isOdd = words.length % 2 === 1
  if (cut === 'ver_cut') return verCut(words[0] ?? '', words[1] ?? version)
  const own = isOdd ? (words.pop() ?? version) : version
  // Blanks between quotes mean an empty separator, which the split above has lost.
  return /''|""/.test(rest) ? null : verRs(words, own)
}

/** Components and the separators in front of them; the first has none. */
function componentsOf(version: ByteString): { separator: ByteString; text: ByteString }[] {
  return [...version.matchAll(/([^A-Za-z0-9]*)(\d+|[A-Za-z]+)/g)].map(([, separator = '', text = '']) => ({
    separator,
    text,
  }))
}

function rangeOf(range: ByteString, count: number): [number, number] {
  const [, from = '0', dash, to] = /^(\d{1,4})(-)?(\d{1,4})?$/.exec(range) ?? []
  return [Number(from), dash === undefined ? Number(from) : to === undefined ? count : Number(to)]
}

function verCut(range: ByteString, version: ByteString): ByteString {
  const components = componentsOf(version)
  const [from, to] = rangeOf(range, components.length)
  const cut = components.slice(Math.max(0, from - 1), to)
  return cut.map(({ separator, text }, index) => (index === 0 && from > 0 ? text : separator + text)).join('')
}

function verRs(words: readonly ByteString[], version: ByteString): ByteString {
  const components = componentsOf(version)
  for (let at = 0; at + 1 < words.length; at += 2) {
    const [from, to] = rangeOf(words[at] ?? '', components.length)
    // The separator n stands behind the component n.
    for (let place = Math.max(from, 1); place <= to; place++) {
      const component = components[place]
      if (component) component.separator = words[at + 1] ?? ''
    }
  }
  return components.map(({ separator, text }) => separator + text).join('')
}
