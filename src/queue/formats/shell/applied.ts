/** The patches that a script applies, gathered in the order of its commands. */
import { UserError } from '../../../errors.ts'
import { type ByteString, toText } from '../../../model/bytes.ts'
import type { Problem } from '../../../model/patch.ts'
import { baseName } from '../../../model/paths.ts'
import type { DisabledPatch } from '../../../model/queue.ts'
import type { ListedPatch, PatchSource } from '../format.ts'
import type { Call } from './call.ts'
import { type Applying, applyingOf, gitVerb } from './patch-command.ts'
import { type Field, isUnknown, type Scope } from './scope.ts'

/** Where the sources are unpacked, for a script that is only read. */
export const SOURCES = '/recipe/src'

/** A patch as the queue shows it. */
export interface PatchFile {
  name: ByteString
  content: PatchSource
}

/** Where a patch is listed, if not in the recipe; null: a folder holds it. */
export interface ListedIn {
  listed: string | null
}

interface Applied extends ListedPatch {
  /** The directory below the sources that it is for; null where that is not known. */
  tree: ByteString | null
}

/** What gathers need to know of the recipe. */
export interface Recipe {
  scope: Scope
  /** The recipe as errors name it, and as a queue's lines do: "APKBUILD". */
  file: string
  listed: ByteString
  /** The file of a path in the script; null where nothing of the package is there. */
  locate: (path: ByteString) => PatchFile | null
  /** Whether the directory of the sources is the source tree itself. */
  isFlat: () => boolean
}

export class AppliedPatches {
  readonly #recipe: Recipe
  readonly #applied: Applied[] = []
  readonly #disabled: DisabledPatch[] = []
  readonly notes: Problem[] = []
  /** The line of patches of which the names are not known. */
  #unresolved: number | null = null

  constructor(recipe: Recipe) {
    this.#recipe = recipe
  }

  /** Whether the command was one that has to do with patches. */
  take(call: Call): boolean {
    const applying = applyingOf(call)
    if (applying) this.add(applying, call)
    else if (call.name === 'git' && /^(?:cherry-pick|revert)$/.test(gitVerb(call).verb))
      this.note(call.line, `git ${gitVerb(call).verb} changes the source, and is no patch file`)
    else if (call.name === 'quilt') this.note(call.line, 'quilt is called here: what it applies is not read')
    else if (/^(?:xargs|find|parallel)$/.test(call.name) && call.words.some(({ text }) => text === 'patch'))
      this.#leaveOpen(call.line, `${call.name} hands patches to patch: which ones is not read`)
    else return false
    return true
  }

  add(
    { files, strip, reversed, directory, changedBy }: Applying,
    { condition, line }: Pick<Call, 'condition' | 'line'>,
    place: ListedIn | null = null,
  ): void {
    if (files.length === 0) this.#leaveOpen(line, 'a patch comes from nowhere that is known')
    if (strip === null && files.length > 0) this.note(line, 'the strip level is not said: read as -p1')
    const below = placeBelow(directory, this.#recipe.isFlat())
    if (below === null) this.note(line, `the directory ${this.#shown(directory)} is not known: read from the top`)
    for (const file of files) {
      const { name, content } = this.#fileOf(file, line)
      const reason = condition ?? file.condition
      if (changedBy !== null) this.note(line, `${name} is changed by ${toText(changedBy)} on its way: read as it is`)
      if (reason !== null && isUnknown(file.text)) this.#unresolved = line
      if (reason !== null) this.disable(name, `only where ${this.#shown(reason)}`, line)
      else
        this.#applied.push({
          ...{ name, section: '', owner: null, comment: null, reversed, content, tree: below?.tree ?? null },
          strip: (strip ?? 1) + (below?.isAbove ? 1 : 0),
          directory: below?.directory ?? '',
          listed: place === null ? `${toText(this.#recipe.listed)}:${file.line > 0 ? file.line : line}` : place.listed,
          // Above the trees what is stripped is guessed.
          isStripStated: strip !== null && below?.isAbove !== true,
        })
    }
  }

  /** A patch that takes no part; where a condition decides, a note says so. */
  disable(name: string, reason: string, line: number | null): void {
    this.#disabled.push({ name, reason })
    if (line !== null) this.note(line, `${name} is not applied: ${reason}, which is not known`)
  }

  note(line: number, message: string): void {
    const hint = 'the recipe is read as text, and never run'
    this.notes.push({ file: this.#recipe.file, line, message, hint })
  }

  #leaveOpen(line: number, message: string): void {
    this.note(line, message)
    this.#unresolved = line
  }

  /** Files that the recipe lists and that nothing applies. */
  leaveOut(names: readonly ByteString[], reason: string): void {
    const known = new Set([...this.#applied, ...this.#disabled].map(({ name }) => name))
    for (const name of names.map(toText)) if (!known.has(name)) this.disable(name, reason, null)
  }

  /**
   * The queue, without the patches of other source trees.
   *
   * @throws UserError where all that is applied is what only a shell could tell.
   */
  finish(): { patches: ListedPatch[]; disabled: DisabledPatch[]; notes: Problem[] } {
    if (this.#applied.length === 0 && this.#unresolved !== null)
      throw new UserError(
        `${this.#recipe.file}:${this.#unresolved}: which patches are applied here is unresolved: only a shell could tell it`,
        'write their names into a series file, in order, and name that with --queue',
      )
    const main = mainTree(this.#applied.map(({ tree }) => tree))
    const isOther = ({ tree }: Applied) => tree !== null && tree !== main
    const patches = this.#applied.filter((patch) => !isOther(patch)).map(({ tree: _, ...patch }) => patch)
    const others = this.#applied
      .filter(isOther)
      .map(({ name, tree }) => ({ name, reason: `applied to another source, ${this.#shown(tree ?? '')}` }))
    const names = new Set(patches.map(({ name }) => name))
    const disabled = [...this.#disabled, ...others].filter(({ name }) => !names.has(name))
    return { patches, disabled: disabled.filter(isFirstOfName), notes: this.notes }
  }

  #fileOf({ text }: Field, line: number): { name: string; content: PatchSource } {
    const shown = this.#shown(text)
    const problem = (message: string, hint: string): { name: string; content: PatchSource } => {
      const name = toText(baseName(shown)) || toText(shown)
      return {
        name,
        content: {
          kind: 'problem',
          problem: { file: this.#recipe.file, line, message: `${toText(shown)}: ${message}`, hint },
        },
      }
    }
    if (isUnknown(text)) return problem('the name is unresolved', 'only a shell could tell it, and none is run')
    const found = this.#recipe.locate(text)
    if (!found) return problem('it is no file of the package', 'it comes with the sources, or from a command')
    return { name: toText(found.name), content: found.content }
  }

  #shown(text: ByteString): string {
    return toText(this.#recipe.scope.shown(text))
  }
}

/**
 * Where in its source tree a directory is. `isAbove`: the tree's own directory is the first that a
 * path of the patch names.
 */
function placeBelow(
  directory: ByteString,
  isFlat: boolean,
): { tree: ByteString | null; directory: ByteString; isAbove: boolean } | null {
  if (directory === SOURCES) return { tree: null, directory: '', isAbove: !isFlat }
  if (!directory.startsWith(`${SOURCES}/`)) return null
  if (isFlat) return { tree: null, directory: directory.slice(SOURCES.length + 1), isAbove: false }
  const [tree = '', ...rest] = directory.slice(SOURCES.length + 1).split('/')
  return isUnknown(rest.join('')) ? null : { tree, directory: rest.join('/'), isAbove: false }
}

/** The tree that most patches are for; of several the one that comes first. */
function mainTree(trees: readonly (ByteString | null)[]): ByteString | null {
  const counts = new Map<ByteString, number>()
  for (const tree of trees) if (tree !== null) counts.set(tree, (counts.get(tree) ?? 0) + 1)
  return (
    [...counts].reduce<[ByteString, number] | null>(
      (best, one) => (best && best[1] >= one[1] ? best : one),
      null,
    )?.[0] ?? null
  )
}

function isFirstOfName({ name }: DisabledPatch, index: number, all: readonly DisabledPatch[]): boolean {
  return all.findIndex((one) => one.name === name) === index
}
