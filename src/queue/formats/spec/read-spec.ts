/** Reads a spec as rpmbuild does, and runs nothing of it. */
import { UserError } from '../../../errors.ts'
import { type ByteString, toText } from '../../../model/bytes.ts'
import type { Problem } from '../../../model/patch.ts'
import { baseName } from '../../../model/paths.ts'
import type { DisabledPatch } from '../../../model/queue.ts'
import { baseOf } from './base.ts'
import { BlockComments } from './comments.ts'
import { type Include, LineReader, type SpecLine } from './lines.ts'
import { Macros } from './macros.ts'
import { applyAll } from './patch-macros.ts'
import { appliedBy, type PrepLine } from './prep.ts'
import { BUILD_DIRECTORY, placeText, SOURCE_DIRECTORY, type Spec, type SpecPatch, type SpecPlace } from './spec.ts'

export interface SpecFiles {
  include: Include
  /** The names of the package's files, sorted: what "*.patch" stands for. */
  names: readonly ByteString[]
}

/** What every spec finds; the machine is an x86-64 with Linux. */
const KNOWN: Readonly<Record<string, ByteString>> = {
  _sourcedir: SOURCE_DIRECTORY,
  _specdir: SOURCE_DIRECTORY,
  _builddir: BUILD_DIRECTORY,
  nil: '',
  ...{ _arch: 'x86_64', _target_cpu: 'x86_64', _build_cpu: 'x86_64', _host_cpu: 'x86_64', _target_os: 'linux' },
  ...{
    _os: 'linux',
    _prefix: '/usr',
    _libdir: '/usr/lib64',
    _isa: '(x86-64)',
    x86_64: 'x86_64',
    ix86: 'i386 i486 i586 i686',
  },
  ...{ __patch: 'patch', __git: 'git', __cat: 'cat', __gzip: 'gzip', __bzip2: 'bzip2', __xz: 'xz', __sed: 'sed' },
}

/** The words that begin a section: the manual's page on spec files. */
const SECTIONS =
  /^%(package|description|prep|conf|build|install|check|clean|changelog|files|sepolicy|sourcelist|patchlist|generate_buildrequires|verify(?:script)?|(?:pre|post)(?:un|trans)?|(?:pre|post)untrans|(?:trans)?(?:file)?trigger(?:in|un|postun|prein)?)(?=\s|$)/

/** @throws UserError where rpmbuild refuses it, or what it applies cannot be told. */
export async function readSpec(file: string, text: ByteString, { include, names }: SpecFiles): Promise<Spec> {
  const reader = new SpecReader(names)
  const lines = new LineReader(reader.macros, include, (line) => reader.use(line))
  await lines.read(file, text)
  return reader.spec(lines.notes)
}

class SpecReader {
  readonly macros = new Macros(KNOWN)
  readonly #names: readonly ByteString[]
  readonly #patches: SpecPatch[] = []
  readonly #numbers = new Map<number, SpecPatch>()
  readonly #sources: number[] = []
  readonly #off: DisabledPatch[] = []
  readonly #prep: PrepLine[] = []
  readonly #tags = new Map<string, { value: ByteString; place: SpecPlace }>()
  readonly #comments = new BlockComments()
  #section = 'package'
  #prepPlace: SpecPlace | null = null
  /** The first line behind it: what comes there decides no patch. */
  #behindPrep = Number.POSITIVE_INFINITY

  constructor(names: readonly ByteString[]) {
    this.#names = names
    const paths = () => this.#patches.map(({ number }) => this.macros.get(`PATCH${number}`) ?? '')
    this.macros.builtIn('patches', () => paths().join(' '))
    this.macros.builtIn('P', (number) => this.macros.get(`PATCH${Number(number)}`) ?? '')
    this.macros.builtIn('S', (number) => this.macros.get(`SOURCE${Number(number)}`) ?? '')
    applyAll(this.macros, () => this.#patches)
  }

  use(line: SpecLine): void {
    const [, section] = line.unless === null ? (SECTIONS.exec(line.text) ?? []) : []
    if (section !== undefined) {
      if (this.#section === 'prep') this.#behindPrep = line.place.line
      this.#section = section
      if (section === 'prep') this.#prepPlace ??= line.place
    } else if (line.unless !== null) this.#switchedOff(line)
    else if (this.#section === 'prep') this.#prep.push(line)
    else if (this.#section === 'package') this.#tag(line)
    else if (this.#section === 'patchlist') this.#listed(line)
  }

  spec(notes: readonly Problem[]): Spec {
    const top = `${this.macros.get('name') ?? ''}-${this.macros.get('version') ?? ''}`
    const {
      applied,
      elsewhere,
      notes: ofPrep,
    } = appliedBy(this.#prep, { patches: this.#numbers, names: this.#names, top })
    return {
      patches: this.#patches,
      applied,
      disabled: [...this.#off, ...elsewhere],
      prep: this.#prepPlace,
      base: baseOf(this.macros, this.#tags),
      notes: [...notes.filter(({ line }) => (line ?? 0) < this.#behindPrep), ...ofPrep],
    }
  }

  /** A line of the preamble: "Name: xen", "Patch3: a.patch". */
  #tag({ text, place }: SpecLine): void {
    const [, tag = '', digits, value = ''] = /^\s*([A-Za-z]+?)(\d*)\s*:\s*(.*?)\s*$/s.exec(text) ?? []
    const name = tag.toLowerCase()
    if (name === 'patch') this.#addPatch(value, digits ? Number(digits) : null, place)
    else if (name === 'source') this.#addSource(value, digits ? Number(digits) : null, place)
    else if (['name', 'version', 'release', 'epoch', 'url'].includes(name)) {
      this.#comments.other()
      // A package of its own behind %package has a name, too: the first one is the spec's.
      if (this.#tags.has(name)) return
      this.#tags.set(name, { value, place })
      for (const macro of [name, name.toUpperCase()]) this.macros.set(macro, value)
    } else this.#otherLine(text)
  }

  #otherLine(text: ByteString): void {
    const [, commented] = /^\s*#+\s*patch\d*\s*:\s*(\S+)\s*$/i.exec(text) ?? []
    if (commented !== undefined) this.#disable(commented, 'commented out')
    else if (/^\s*#/.test(text)) this.#comments.comment(text)
    else if (text.trim() === '') this.#comments.blank()
    else this.#comments.other()
  }

  #switchedOff({ text, unless }: SpecLine): void {
    if (this.#section !== 'package') return
    const [, value] = /^\s*patch\d*\s*:\s*(\S+)\s*$/i.exec(text) ?? []
    if (value !== undefined) this.#disable(this.macros.expand(value), `${unless} does not hold`)
  }

  #disable(value: ByteString, reason: string): void {
    this.#off.push({ name: toText(baseName(value)), reason })
  }

  #listed({ text, place }: SpecLine): void {
    const value = text.trim()
    if (value === '') this.#comments.blank()
    else if (value.startsWith('#')) this.#comments.comment(value)
    else this.#addPatch(value, null, place)
  }

  /** A tag without a number counts on from the last one (the manual's page on spec files, "Patch"). */
  #addPatch(value: ByteString, given: number | null, place: SpecPlace): void {
    const number = given ?? (this.#patches.at(-1)?.number ?? -1) + 1
    const other = this.#numbers.get(number)
    if (other)
      throw new UserError(
        `${placeText(place)}: patch ${number} is listed in line ${other.place.line} already`,
        'rpmbuild refuses it, too: give each patch a number of its own',
      )
    // Of an address, its last part is the file's name; "#/name" is a way to say another one.
    const name = baseName(value)
    const patch = { number, name, place, ...this.#comments.patch() }
    this.#patches.push(patch)
    this.#numbers.set(number, patch)
    this.macros.set(`PATCH${number}`, `${SOURCE_DIRECTORY}/${name}`)
  }

  #addSource(value: ByteString, given: number | null, place: SpecPlace): void {
    this.#comments.other()
    const number = given ?? (this.#sources.at(-1) ?? -1) + 1
    this.#sources.push(number)
    this.macros.set(`SOURCE${number}`, `${SOURCE_DIRECTORY}/${baseName(value)}`)
    if (!this.#tags.has('source')) this.#tags.set('source', { value, place })
  }
}
