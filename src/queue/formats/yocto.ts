/** A Yocto recipe: the patches of SRC_URI, in its order (BitBake User Manual; oe.patch, base.bbclass). */
import { UserError } from '../../errors.ts'
import { type ByteString, toText } from '../../model/bytes.ts'
import type { Problem } from '../../model/patch.ts'
import { baseName } from '../../model/paths.ts'
import type { DisabledPatch, StatedBase } from '../../model/queue.ts'
import { directoryOf, fileNamesIn, joinPath, kindAt, pathFrom, type QueueFiles, type QueuePlace } from '../files.ts'
import type { ListedPatch, PatchSource, QueueFormat } from './format.ts'
import { resolvePath } from './shell/call.ts'
import { listingOf } from './shell/script.ts'
import { writeRecipe } from './write-recipe.ts'
import { readRecipe } from './yocto/recipe.ts'
import { entryOf, type ValueWord, type Variables } from './yocto/variables.ts'

export const yocto: QueueFormat = {
  name: 'yocto',
  write: writeRecipe,
  find: findRecipe,
  read: async (files, list, { guards }) => {
    if (!/\.(?:bb|bbappend|inc)$/.test(list)) throw await severalRecipes(files, list)
    const { variables, notes } = await readRecipe(files, list, guards)
    const reader = new SourceReader(files, list, variables)
    for (const word of variables.words('SRC_URI')) await reader.take(word)
    const { patches, disabled } = reader
    for (const expression of [...variables.expressions.keys()]) {
      const message = `${toText(expression).slice(0, 200)} is unresolved: python is not run`
      reader.note(message, null)
      // The names may stand in a variable that the expression is handed.
      const words = variables.expand(expression.slice('${@'.length))
      for (const [, name = ''] of words.matchAll(/file:\/\/([^\s'";]+\.(?:patch|diff))/g))
        disabled.push({ name: toText(name), reason: 'a python expression decides' })
    }
    const all = [...notes, ...reader.notes]
    const names = new Set(patches.map(({ name }) => name))
    const others = disabled.filter(({ name }) => !names.has(name))
    return listingOf('yocto', files.nameOf(list), { patches, disabled: others, notes: all }, baseOf(variables, list))
  },
}

async function findRecipe({ files, path, kind }: QueuePlace): Promise<ByteString | null> {
  if (kind === 'file') return /\.(?:bb|bbappend|inc)$/.test(path) ? path : null
  const names = await fileNamesIn(files, path)
  const recipes = names.filter((name) => name.endsWith('.bb'))
  const found = recipes.length > 0 ? recipes : names.filter((name) => name.endsWith('.bbappend'))
  const [first] = found
  if (first === undefined) return null
  return found.length === 1 ? joinPath(path, first) : path
}

async function severalRecipes(files: QueueFiles, directory: ByteString): Promise<UserError> {
  const recipes = (await fileNamesIn(files, directory)).filter((name) => /\.bb(?:append)?$/.test(name))
  const name = files.nameOf(directory)
  return new UserError(
    `${name} holds several recipes: ${recipes.map(toText).join(', ')}`,
    `name the one that is meant with --queue: ${name}/${toText(recipes[0] ?? '')}`,
  )
}

/** SRCREV where it is a commit, else the version: PV without what is said of git. */
function baseOf(variables: Variables, list: ByteString): StatedBase | null {
  const names = variables.words('SRC_URI').flatMap(({ text }) => {
    const { parameters } = entryOf(text)
    return [parameters.get('tag'), variables.text(`SRCREV_${parameters.get('name') ?? 'default'}`)]
  })
  const version = variables
    .text('PV')
    ?.replace(/\+?(?:git|svn|hg)?(?:\$\{|\+|AUTOINC).*$/, '')
    .replace(/[+-]git.*$/, '')
  const all = [variables.text('SRCREV'), ...names, version?.replace(/~/g, '-')]
  const stated = all.flatMap((name) => (name && !name.includes('${') && name !== 'git' ? [toText(name)] : []))
  return stated.length === 0 ? null : { names: stated, listed: `${toText(baseName(list))}:1` }
}

/** Goes through the entries of SRC_URI. */
class SourceReader {
  readonly #files: QueueFiles
  readonly #list: ByteString
  readonly #variables: Variables
  readonly patches: ListedPatch[] = []
  readonly disabled: DisabledPatch[] = []
  readonly notes: Problem[] = []

  constructor(files: QueueFiles, list: ByteString, variables: Variables) {
    this.#files = files
    this.#list = list
    this.#variables = variables
  }

  note(message: string, word: ValueWord | null): void {
    const file = this.#files.nameOf(word?.file || this.#list)
    this.notes.push({ file, line: word?.line ?? null, message, hint: 'the recipe is read as text, and never run' })
  }

  async take(word: ValueWord): Promise<void> {
    const { scheme, path, parameters } = entryOf(word.text)
    const isFile = scheme.toLowerCase() === 'file'
    const file = isFile ? path : baseName(parameters.get('downloadfilename') ?? path)
    const name = toText(file)
    const apply = parameters.get('apply')
    const isPatch = /\.(?:patch|diff)(?:\.(?:gz|bz2|xz|Z))?$/.test(file)
    if (apply === undefined ? !isPatch : isNo(apply)) {
      if (isPatch) this.disabled.push({ name, reason: `apply=${apply}` })
      return
    }
    if (word.override !== null) return this.#disable(name, word)
    const place = this.#placeOf(parameters.get('patchdir'))
    if (place === null) {
      this.disabled.push({ name, reason: `applied to another source, patchdir=${parameters.get('patchdir')}` })
      return
    }
    const level = parameters.get('striplevel') ?? parameters.get('pnum') ?? '1'
    if (!/^\d{1,2}$/.test(level)) this.note(`the strip level "${level}" of ${name} is not known: read as -p1`, word)
    this.patches.push({
      ...{ name, section: '', owner: null, comment: null, reversed: false, directory: place, isStripStated: true },
      strip: /^\d{1,2}$/.test(level) ? Number(level) : 1,
      listed: this.#listed(word),
      content: isFile
        ? await this.#find(file, word)
        : this.#missing(word, `${toText(word.text)} is downloaded, and is not here`),
    })
  }

  #disable(name: string, { override, ...word }: ValueWord): void {
    this.disabled.push({ name, reason: `override ${override}` })
    if (!/^(?:class-|task-)/.test(override ?? ''))
      this.note(`${name} is not applied: it is only for the override ${override} (--guard ${override} takes it in)`, {
        override,
        ...word,
      })
  }

  /** From the recipe's directory, as the lines of a queue are named. */
  #listed({ file, line }: ValueWord): string {
    return `${toText(pathFrom(directoryOf(this.#list), file))}:${line}`
  }

  /** Where below the source tree `patchdir` is, from S; null for another tree. */
  #placeOf(patchdir: string | undefined): ByteString | null {
    const own = resolvePath('/', this.#variables.text('S') ?? '')
    const place = resolvePath(own, patchdir ?? '')
    const tree = own.split('/').slice(0, 3).join('/')
    if (place === tree) return ''
    return place.startsWith(`${tree}/`) ? place.slice(tree.length + 1) : null
  }

  /** The first of the search path that holds the file. */
  async #find(file: ByteString, word: ValueWord): Promise<PatchSource> {
    for (const directory of searchPath(this.#variables, this.#list)) {
      const path = joinPath(directory, file)
      const kind = file.includes('\0') || file.split('/').includes('..') ? null : await kindAt(this.#files, path)
      if (kind !== null) return { kind: 'file', directory, name: file }
    }
    return this.#missing(word, `${toText(file)} is nowhere in the search path`)
  }

  #missing({ file, line }: ValueWord, message: string): PatchSource {
    const hint = 'add the file, or take it out of SRC_URI'
    return { kind: 'problem', problem: { file: this.#files.nameOf(file), line, message, hint } }
  }
}

function isNo(value: string): boolean {
  return /^(?:no|n|false|f|0)$/i.test(value)
}

/** FILESEXTRAPATHS, then NAME-VERSION, NAME and files beside the recipe, each with the overrides. */
function searchPath(variables: Variables, list: ByteString): ByteString[] {
  const own = directoryOf(list)
  const names = [variables.text('BP'), variables.text('BPN'), 'files'].flatMap((name) => name ?? [])
  const given = [variables.text('FILESEXTRAPATHS'), variables.text('FILESPATH')].flatMap(
    (paths) => paths?.split(':') ?? [],
  )
  const extra = given
    .filter((path) => path.startsWith('/') && !path.includes('${'))
    .map((path) => resolvePath('/', path).slice(1))
  const directories = [...extra, ...names.map((name) => resolvePath(`/${own}`, name).slice(1))]
  const overrides = ['class-target', 'libc-glibc', 'linux']
  return [...new Set(directories)].flatMap((directory) => [
    ...overrides.map((one) => joinPath(directory, one)),
    directory,
  ])
}
