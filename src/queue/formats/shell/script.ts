/** A package recipe in shell: read as text, walked through, never run. */
import { UserError } from '../../../errors.ts'
import { type ByteString, fromBytes, toText } from '../../../model/bytes.ts'
import { baseName } from '../../../model/paths.ts'
import type { DisabledPatch, StatedBase } from '../../../model/queue.ts'
import { isUnread, type QueueFiles } from '../../files.ts'
import { MAX_SERIES } from '../../limits.ts'
import type { ListedPatch, QueueListing } from '../format.ts'
import { AppliedPatches, type PatchFile } from './applied.ts'
import type { Call } from './call.ts'
import { ShellTextError } from './lex.ts'
import { parseShell } from './parse.ts'
import { fits, piecesOf } from './pattern.ts'
import { type Field, Scope, splitField } from './scope.ts'
import type { Truth } from './truth.ts'
import { ShellWalk } from './walk.ts'

/** What a format knows of its recipes. */
export interface ScriptOptions {
  /** The variables that stand before the first line. */
  variables: Readonly<Record<string, ByteString>>
  /** Variables that are not known here: the processor, the directory of the result. */
  unknown: readonly ByteString[]
  /** The file of a path in the script; null where nothing of the package is there. */
  locate: (path: ByteString, script: Script) => PatchFile | null
  /** Every path of the package, as the script names it: what a pattern finds. */
  paths: (script: Script) => readonly ByteString[]
  /** What a command of the format itself does; null for one that is none of its own. */
  command: (call: Call, script: Script) => Truth | null
  output?: (source: ByteString) => ByteString | null
  isFlat?: (script: Script) => boolean
}

/** Commands that ask, and may say no. */
const ASKS =
  /^(?:grep|egrep|fgrep|which|command|type|has|has_version|use_if_iuse|in_iuse|ver_test|version_is_at_least|diff|cmp|pkg-config|hash|has_.*|tc-is-.*|is_.*|\(\(.*)$/

export class Script {
  readonly scope = new Scope()
  readonly patches: AppliedPatches
  readonly #walk: ShellWalk
  readonly #file: string

  private constructor(file: string, list: ByteString, options: ScriptOptions) {
    const { scope } = this
    this.#file = file
    for (const [name, text] of Object.entries(options.variables)) scope.setText(name, text)
    for (const name of options.unknown) scope.setText(name, scope.unknown(`$${name}`))
    this.patches = new AppliedPatches({
      ...{ scope, file, listed: baseName(list), isFlat: () => options.isFlat?.(this) ?? false },
      locate: (path) => options.locate(path, this),
    })
    const glob = (pattern: ByteString) => {
      const pieces = piecesOf(pattern)
      const isDeep = pattern.split('/').length
      const paths = options.paths(this).filter((path) => path.split('/').length === isDeep)
      return paths.filter((path) => fits(pieces, path, (steps) => scope.spend(steps))).toSorted()
    }
    this.#walk = new ShellWalk(
      {
        ...{ scope, glob, output: options.output ?? (() => null) },
        exists: (path) => (options.locate(path, this) ? true : null),
        command: (call) => this.#command(call, options),
      },
      '/',
    )
  }

  /** @throws UserError where the file is no shell text. */
  static async read(files: QueueFiles, list: ByteString, options: ScriptOptions): Promise<Script> {
    const file = files.nameOf(list)
    const read = await files.read(list, MAX_SERIES)
    if (isUnread(read)) throw new UserError(`${file}: ${read.because}`, 'name the recipe with --queue')
    const script = new Script(file, list, options)
    script.#follow(() => script.#walk.run(parseShell(fromBytes(read))))
    return script
  }

  defines(name: ByteString): boolean {
    return this.#walk.defines(name)
  }

  /** Walks through a function of the script, from a directory, where it has one. */
  call(name: ByteString, directory: ByteString): void {
    if (this.defines(name)) this.#follow(() => this.#walk.call(name, directory))
  }

  text(name: ByteString): ByteString {
    return this.scope.text(name) ?? ''
  }

  /** The words of a list, or of a text. */
  words(name: ByteString): Field[] {
    const value = this.scope.get(name)
    if (!value) return []
    return value.isList ? value.fields : value.fields.flatMap((field) => splitField(field))
  }

  line(name: ByteString): number {
    return this.scope.get(name)?.fields[0]?.line ?? 1
  }

  #command(call: Call, options: ScriptOptions): Truth {
    const own = options.command(call, this)
    if (own !== null) return own
    if (this.patches.take(call)) return true
    const mayPatch = call.name === 'eval' && call.words.some((word) => word.text.includes('patch'))
    if (mayPatch || call.name === 'source' || call.name === '.')
      this.patches.note(call.line, `"${toText(call.name)}" is not followed`)
    if (!ASKS.test(call.name)) return true
    const text = [call.name, ...call.words.map((word) => word.text)].join(' ')
    return { text: this.scope.shown(text).slice(0, 200), taken: null }
  }

  #follow(walk: () => void): void {
    try {
      walk()
    } catch (error) {
      if (!(error instanceof ShellTextError)) throw error
      const hint = 'the recipe is read as text: name its patches in a series, or a folder of them, with --queue'
      throw new UserError(`${this.#file}:${error.line}: ${error.message}`, hint)
    }
  }
}

/** @throws UserError where nothing is listed: there is nothing to try. */
export function listingOf(
  format: QueueListing['format'],
  file: string,
  found: { patches: ListedPatch[]; disabled: DisabledPatch[]; notes: QueueListing['notes'] },
  base: StatedBase | null,
): QueueListing {
  if (found.patches.length === 0 && found.disabled.length === 0)
    throw new UserError(`${file} lists no patch`, 'name the recipe of a package that has patches with --queue')
  return { format, ...found, base, order: `stated (${baseName(file)})` }
}
