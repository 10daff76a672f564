/** The text of a mail, as git mailinfo undoes what mailers did to it (git-mailinfo(1), RFC 2045). */
import { type ByteString, fromBytes, splitLines } from '../../model/bytes.ts'

/** Names in lower case; folded lines joined. */
export type Fields = ReadonlyMap<string, ByteString>

/** No mail nests deeper, or has more parts. */
const MAX_DEPTH = 10
const MAX_PARTS = 1000

export interface Entity {
  fields: Fields
  body: ByteString
}

/** Fields up to the first blank line, and what is below it. A "From " line in front is passed over. */
export function entityIn(text: ByteString): Entity {
  const found = /\r?\n\r?\n/.exec(text)
  const head = /^\r?\n/.test(text) ? '' : text.slice(0, found?.index ?? text.length)
  const body =
    head === '' ? text.replace(/^\r?\n/, '') : text.slice((found?.index ?? text.length) + (found?.[0].length ?? 0))
  const fields = new Map<string, ByteString>()
  let name = ''
  for (const line of head.split(/\r?\n/)) {
    const [, field, value = ''] = /^([!-9;-~]+):[ \t]*(.*)$/s.exec(line) ?? []
    if (field !== undefined) {
      name = fields.has(field.toLowerCase()) ? '' : field.toLowerCase()
      if (name !== '') fields.set(name, value)
    } else if (name !== '' && /^[ \t]/.test(line)) fields.set(name, `${fields.get(name)} ${line.trim()}`)
  }
  return { fields, body }
}

/** The words and the diff of a mail: the text parts one after the other, decoded. */
export function textOf({ fields, body }: Entity, depth = 0): ByteString {
  const type = fields.get('content-type') ?? 'text/plain'
  const boundary = attribute(type, 'boundary')
  if (/^multipart\//i.test(type) && boundary !== null && depth < MAX_DEPTH)
    return partsOf(body, boundary)
      .map(entityIn)
      .filter(isText)
      .map((part) => textOf(part, depth + 1))
      .join('')
  const decoded = decoded8bit(fields.get('content-transfer-encoding') ?? '', body)
  const isFlowed = /^text\/plain/i.test(type) && attribute(type, 'format')?.toLowerCase() === 'flowed'
  return isFlowed ? unflowed(decoded, attribute(type, 'delsp')?.toLowerCase() === 'yes') : decoded
}

/** What a reader reads, and attached patches; no page, picture or signature. */
function isText({ fields }: Entity): boolean {
  const type = fields.get('content-type') ?? 'text/plain'
  const name = attribute(type, 'name') ?? attribute(fields.get('content-disposition') ?? '', 'filename') ?? ''
  if (/\.(?:patch|diff)$/i.test(name) || /^application\/[\w.+-]*(?:patch|diff)/i.test(type)) return true
  return /^multipart\//i.test(type) || (/^text\//i.test(type) && !/^text\/html/i.test(type))
}

function attribute(value: ByteString, name: string): ByteString | null {
  const [, quoted, bare] = new RegExp(`;\\s*${name}=(?:"([^"]*)"|([^\\s;]+))`, 'i').exec(value) ?? []
  return quoted ?? bare ?? null
}

/** The line end in front of a boundary belongs to the boundary (RFC 2046, 5.1.1). */
function partsOf(body: ByteString, boundary: ByteString): ByteString[] {
  const parts: ByteString[][] = []
  let isOpen = false
  for (const line of splitLines(body)) {
    const mark = line.trimEnd()
    if (mark === `--${boundary}` || mark === `--${boundary}--`) {
      isOpen = !mark.endsWith('--') || mark === `--${boundary}`
      if (isOpen && parts.length < MAX_PARTS) parts.push([])
    } else if (isOpen) parts.at(-1)?.push(line)
  }
  return parts.map((lines) => lines.join(''))
}

/** Some mails were decoded before and kept the field: what the body is decides. */
function decoded8bit(encoding: ByteString, body: ByteString): ByteString {
  const isDiff = /^@@ -\d/m.test(body)
  if (/^base64/i.test(encoding)) return isDiff ? body : withoutReturns(fromBytes(Buffer.from(body, 'base64')))
  if (!/^quoted-printable/i.test(encoding)) return body
  const isQuoted = /=(?:\r?\n|[0-9A-F]{2})/.test(body)
  return isDiff && !isQuoted ? body : withoutReturns(unquoted(body))
}

function unquoted(body: ByteString): ByteString {
  return body
    .replace(/[ \t]+(?=\r?\n)/g, '')
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}

/** Text may be encoded with the line ends of mails; of a diff of such files git ends its own lines with LF. */
export function withoutReturns(text: ByteString): ByteString {
  const own = text.match(/^(?:diff --git |@@ -\d|--- |\+\+\+ ).*$/gm) ?? text.split('\n', 20)
  return own.length > 0 && own.every((line) => line.endsWith('\r') || line === '') ? text.replace(/\r\n/g, '\n') : text
}

/** RFC 3676, 4: soft line breaks and stuffed blanks taken out, the mark of a signature left. */
function unflowed(text: ByteString, isDeleted: boolean): ByteString {
  const lines: ByteString[] = []
  let before: ByteString[] = []
  for (const raw of text.split(/\r?\n/)) {
    const line = raw === '-- ' ? raw : raw.replace(/^ /, '')
    if (raw !== '-- ' && line.endsWith(' ')) before.push(isDeleted ? line.slice(0, -1) : line)
    else if (raw === '-- ' && before.length > 0) lines.push(before.join(''), line)
    else lines.push(before.join('') + line)
    if (raw === '-- ' || !line.endsWith(' ')) before = []
  }
  return [...lines, ...(before.length > 0 ? [before.join('')] : [])].join('\n')
}
