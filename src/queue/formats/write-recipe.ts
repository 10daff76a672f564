/** A recipe without the patches that leave. Pure. */
import { UserError } from '../../errors.ts'
import { type ByteString, toText } from '../../model/bytes.ts'
import { baseName } from '../../model/paths.ts'
import type { ListEdits } from './format.ts'

/** One word on a line of its own, as in a list of many lines; maybe a "\" behind it. */
const ALONE = /^[ \t]*((?:"[^"\s]*"|'[^'\s]*'|[^\s"'#\\();|&]|;(?=\w+=))+)(?:[ \t]*\\)?[ \t]*\r?\n$/

/**
 * Everything else stays byte for byte. Checksums are not touched, and no mark is written: inside a
 * quoted list there are no comments.
 *
 * @throws UserError where no line lists a patch that leaves, and nothing else.
 */
export function writeRecipe(text: ByteString, { leaving }: ListEdits): ByteString {
  const lines = text.split(/(?<=\n)/)
  const words = lines.map((line) => ALONE.exec(line)?.[1] ?? null)
  const gone = new Set<number>()
  for (const { line, name } of leaving) {
    // The words of a quoted list have the line on which it begins.
    const named = words.findIndex((word, at) => at >= line - 1 && !gone.has(at) && word !== null && names(word, name))
    const at = named < 0 && words[line - 1] !== null ? line - 1 : named
    if (at < 0)
      throw new UserError(
        `line ${line} lists ${toText(name)}, which leaves, and there is no line of that patch alone`,
        'take the patch out by hand; "rebaseline export --list drop" names those that leave',
      )
    gone.add(at)
  }
  return lines.filter((_, at) => !gone.has(at)).join('')
}

/** Whether a word is a file's name, as it is, in a folder, or as Yocto has it: file://NAME;key=value. */
function names(word: ByteString, name: ByteString): boolean {
  return baseName(word.replace(/["']/g, '').replace(/;.*$/, '')) === baseName(name)
}

/** A list of names and nothing else, such as Electron's .patches: no comment is understood there. */
export function writeNames(text: ByteString, { dropped }: ListEdits): ByteString {
  const lines = text.split(/(?<=\n)/)
  return lines.filter((_, at) => !dropped.has(at + 1)).join('')
}
