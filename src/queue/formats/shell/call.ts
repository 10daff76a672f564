/** The commands of a script, as those who read it are handed them. */
import type { ByteString } from '../../../model/bytes.ts'
import type { Surroundings } from './expand.ts'
import type { Field } from './scope.ts'
import type { Truth } from './truth.ts'

/** A command that the script would run. */
export interface Call {
  name: ByteString
  words: Field[]
  /** The file behind `<`. */
  input: Field | null
  /** What writes into it: the command in front of `|`. */
  piped: Call | null
  directory: ByteString
  /** On what it depends that the text does not tell; null where it is run in any case. */
  condition: ByteString | null
  line: number
}

export interface Tools extends Surroundings {
  /** Whether a file is there; null where that is not known. */
  exists: (path: ByteString) => boolean | null
  /** What a command comes to that the script does not define itself. */
  command: (call: Call) => Truth
}

/** The files that a pattern names from a directory: below it as they are written, else in full. */
export function filesFrom(directory: ByteString, pattern: ByteString, glob: Surroundings['glob']): ByteString[] {
  const [own, plain] = [`${directory}/`, directory.replace(/[\\*?[\]]/g, '\\$&')]
  const names = glob(resolvePath(plain, pattern))
  return pattern.startsWith('/') ? names : names.map((name) => (name.startsWith(own) ? name.slice(own.length) : name))
}

/** A path from a directory, without "." and "..". */
export function resolvePath(directory: ByteString, path: ByteString): ByteString {
  const parts: ByteString[] = []
  for (const part of (path.startsWith('/') ? path : `${directory}/${path}`).split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}
