/** The macros of rpm that compute on text: rpm's manual, "Builtin Macros". */
import type { ByteString } from '../../../model/bytes.ts'
import { baseName } from '../../../model/paths.ts'
import { evaluate } from './expression.ts'

/** By name; those that would run code, print or read a file are not among them. */
export const FUNCTIONS: ReadonlyMap<ByteString, (argument: ByteString) => ByteString> = new Map([
  ['lower', (text) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())],
  ['upper', (text) => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase())],
  ['basename', baseName],
  ['dirname', (path) => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.')],
  ['suffix', (name) => /\.([^.]*)$/.exec(name)?.[1] ?? ''],
  ['len', (text) => String(text.length)],
  ['reverse', (text) => [...text].reverse().join('')],
  ['shrink', (text) => text.trim().replace(/\s+/g, ' ')],
  ['quote', (text) => text],
  ['shescape', (text) => text],
  ['expr', (text) => evaluate(text)?.text ?? ''],
  ['url2path', (url) => url.replace(/^[a-z+]+:\/\/[^/]*/, '')],
  ['uncompress', (file) => `cat ${file}`],
  ['echo', () => ''],
  ['warn', () => ''],
  ['trace', () => ''],
  ['dump', () => ''],
])

/** Words between blanks. */
export function wordsIn(line: ByteString): ByteString[] {
  return line.split(/[ \t\n]+/).filter((word) => word !== '')
}
