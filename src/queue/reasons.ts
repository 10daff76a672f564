/** Why a queue says that it left a patch out, in the comments of its list. */
import { type ByteString, fromBytes, toText } from '../model/bytes.ts'
import { baseName } from '../model/paths.ts'
import { isUnread } from './files.ts'
import { MAX_SERIES } from './limits.ts'
import type { LocatedQueue } from './locate.ts'

/** The comments that name a patch, each by the patch's own name; none where there is no list. */
export async function reasonsIn({
  files,
  list,
}: Pick<LocatedQueue, 'files' | 'list'>): Promise<(name: string) => string | null> {
  const read = await files.read(list, MAX_SERIES)
  const comments = isUnread(read) ? [] : commentsIn(fromBytes(read))
  return (name) => {
    const wanted = baseName(name)
    for (const comment of comments) {
      const words = reasonIn(comment, wanted)
      if (words !== null) return words
    }
    return null
  }
}

/** Comments without their marks; one that goes on over several lines is one. */
function commentsIn(text: ByteString): string[] {
  const comments: string[] = []
  let isOpen = false
  for (const line of toText(text).split(/\r?\n/)) {
    const [, words] = /^\s*#+\s*(.*)$/.exec(line) ?? []
    if (words === undefined) isOpen = false
    else if (isOpen && words !== '' && !/\.(?:patch|diff)\b/.test(words)) comments.push(`${comments.pop()} ${words}`)
    else comments.push(words)
    if (words !== undefined) isOpen = words !== ''
  }
  return comments
}

/** What a comment says of a patch beside its name; null where it does not name it, or says nothing. */
function reasonIn(comment: string, name: string): string | null {
  const at = comment.indexOf(name)
  const isWhole = at >= 0 && !/[\w.-]/.test(comment[at - 1] ?? ' ') && !/[\w-]/.test(comment[at + name.length] ?? ' ')
  if (!isWhole) return null
  const rest = `${comment.slice(0, at)} ${comment.slice(at + name.length)}`
    .replace(/\s-p\d\b|\s-R\b/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[\s:;,#-]+|[\s:;,#-]+$/g, '')
  return /\p{L}{3}/u.test(rest) ? rest : null
}
