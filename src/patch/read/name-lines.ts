/** Reads the `---` and `+++` lines of a diff: a name, and what may stand behind it. */
import type { ByteString } from '../../model/bytes.ts'

/** A line without the carriage return in front of its line feed. */
export function chomp(line: ByteString): ByteString {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}

/** What stands behind a name where no tab does: some tools, and some mails, put blanks there. */
const STAMPS = [
  String.raw`\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?: [+-]\d\d:?\d\d)?`,
  String.raw`\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d(?: \w{1,5})? \d{4}`,
  String.raw`\d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d(?: [+-]\d{4})?(?: \d[\d.]*)?`,
  String.raw`\((?:revision \d+|working copy|nonexistent)\)`,
]
const STAMP = new RegExp(` (?:${STAMPS.join('|')})$`)
const LONGEST_STAMP = ' 2019-11-29 18:57:32.123456789 +01:00'.length

/** The name on such a line: up to the tab that begins a timestamp, as in diff(1). */
export function nameOf(line: ByteString): ByteString {
  const rest = chomp(line).slice(4)
  const tab = rest.indexOf('\t')
  if (tab >= 0) return rest.slice(0, tab)
  const [stamp = ''] = STAMP.exec(rest.slice(-LONGEST_STAMP)) ?? []
  let end = rest.length - stamp.length
  while (end > 0 && rest[end - 1] === ' ') end--
  return rest.slice(0, end)
}

/** In whatever zone and spelling: diff(1), ctime(3), svn. */
const GONE = /[\t ](?:1970-01-01|1969-12-31|\w{3} Jan +0?1 .{1,40}1970|\w{3} Dec 31 .{1,40}1969|\(nonexistent\))/

/** Whether such a line says that there is no such file. */
export function saysGone(line: ByteString): boolean {
  return GONE.test(chomp(line).slice(4))
}
