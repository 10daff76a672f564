/** A recipe with what it requires and the .bbappend files beside it, read into variables. */
import { UserError } from '../../../errors.ts'
import { type ByteString, fromBytes, toText } from '../../../model/bytes.ts'
import type { Problem } from '../../../model/patch.ts'
import { baseName, unsafePath } from '../../../model/paths.ts'
import { directoryOf, fileNamesIn, isUnread, joinPath, type QueueFiles } from '../../files.ts'
import { MAX_SERIES } from '../../limits.ts'
import { resolvePath } from '../shell/call.ts'
import { type BitBakeLine, parseBitBake } from './parse.ts'
import { Variables } from './variables.ts'

/** Files that a recipe may take in, one in the other. */
const MAX_INCLUDED = 200
const MAX_DEPTH = 20

/** The classes that make a recipe one for another machine than the target. */
const BUILT_FOR = new Set(['native', 'nativesdk', 'cross', 'crosssdk', 'cross-canadian'])

export interface Recipe {
  variables: Variables
  notes: Problem[]
}

/** @throws UserError where the recipe cannot be read. */
export async function readRecipe(files: QueueFiles, list: ByteString, overrides: ReadonlySet<string>): Promise<Recipe> {
  const [, name = baseName(list), version = '1.0'] =
    /^([^_]+)_?([^_]*)?.*\.(?:bb|bbappend|inc)$/.exec(baseName(list)) ?? []
  const plain = name
    .replace(/-(?:native|cross|initial|intermediate|crosssdk|cross-canadian)$/, '')
    .replace(/\.(?:bb|bbappend|inc)$/, '')
  const variables = new Variables(
    new Set(['class-target', 'libc-glibc', 'linux', 'forcevariable', `pn-${name}`, ...overrides]),
  )
  const given = {
    PN: name,
    BPN: plain,
    PV: version || '1.0',
    PR: 'r0',
    BP: `${ref('BPN')}-${ref('PV')}`,
    P: `${ref('PN')}-${ref('PV')}`,
    PF: `${ref('PN')}-${ref('PV')}-${ref('PR')}`,
  }
  const places = {
    WORKDIR: '/sources',
    UNPACKDIR: '/sources',
    S: `${ref('WORKDIR')}/${ref('BP')}`,
    FILE_DIRNAME: `/${directoryOf(list)}`,
    B: ref('S'),
  }
  for (const [variable, text] of Object.entries({ ...given, ...places })) variables.setText(variable, text)
  const reader = new RecipeReader(files, variables)
  await reader.include(list, 0)
  if (list.endsWith('.bb')) for (const append of await appendsOf(files, list)) await reader.include(append, 0)
  return { variables, notes: reader.notes }
}

/** A reference to a variable, which is expanded when the value is used. */
function ref(name: string): ByteString {
  return `\${${name}}`
}

/** The .bbappend files beside a recipe that are for it: a "%" stands for any end of the version. */
async function appendsOf(files: QueueFiles, list: ByteString): Promise<ByteString[]> {
  const recipe = baseName(list).replace(/\.bb$/, '')
  const names = await fileNamesIn(files, directoryOf(list))
  const matching = names.filter((name) => {
    const [, stem] = /^(.*)\.bbappend$/s.exec(name) ?? []
    const [front = '', ...rest] = stem?.split('%') ?? []
    return stem !== undefined && (rest.length > 0 ? recipe.startsWith(front) : recipe === stem)
  })
  return matching.map((name) => joinPath(directoryOf(list), name))
}

class RecipeReader {
  readonly #files: QueueFiles
  readonly #variables: Variables
  readonly notes: Problem[] = []
  /** The override of what it is built for; of several classes the last decides. */
  #builtFor = 'class-target'
  #count = 0

  constructor(files: QueueFiles, variables: Variables) {
    this.#files = files
    this.#variables = variables
  }

  async include(path: ByteString, depth: number): Promise<void> {
    const file = this.#files.nameOf(path)
    if (depth > MAX_DEPTH || ++this.#count > MAX_INCLUDED)
      throw new UserError(`${file}: too many files are included`, 'does one of them include itself?')
    const read = await this.#files.read(path, MAX_SERIES)
    if (isUnread(read)) throw new UserError(`${file}: ${read.because}`, 'name the recipe with --queue')
    const outer = this.#variables.text('THISDIR') ?? ''
    this.#variables.setText('THISDIR', `/${directoryOf(path)}`)
    for (const line of parseBitBake(fromBytes(read))) {
      if (line.kind === 'set')
        this.#variables.set(line.name, line.operator, { text: line.value, file: path, line: line.line })
      else if (line.kind === 'inherit') for (const one of line.classes) this.#inherit(one)
      else await this.#includeLine(line, path, depth)
    }
    this.#variables.setText('THISDIR', outer)
  }

  /** Classes are not read: but what a recipe builds for (CLASSOVERRIDE) is one of them. */
  #inherit(name: ByteString): void {
    if (!BUILT_FOR.has(name)) return
    this.#variables.replaceOverride(this.#builtFor, `class-${name}`)
    this.#builtFor = `class-${name}`
  }

  /** Looked for beside the file, then from each directory above, as BBPATH has the layers. */
  async #includeLine(line: Extract<BitBakeLine, { kind: 'include' }>, from: ByteString, depth: number): Promise<void> {
    const path = this.#variables.expand(line.path)
    for (
      let above: ByteString | null = directoryOf(from);
      above !== null;
      above = above === '' ? null : directoryOf(above)
    ) {
      const found = resolvePath(`/${above}`, path.replace(/^\/+/, '')).slice(1)
      if (unsafePath(found) !== null || isUnread(await this.#files.read(found, MAX_SERIES))) continue
      return this.include(found, depth + 1)
    }
    if (!line.isRequired) return
    const message = `"${toText(path)}" is required, and is not among these files: what it adds is not read`
    this.notes.push({ file: this.#files.nameOf(from), line: line.line, message, hint: 'name the recipe in its layer' })
  }
}
