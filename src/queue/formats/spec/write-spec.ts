/** A spec without the patches that leave: their tags, and what %prep does with them. Pure. */
import { UserError } from '../../../errors.ts'
import type { ByteString } from '../../../model/bytes.ts'
import type { ListEdits } from '../format.ts'
import { writeSeries } from '../write-series.ts'

/** The first bytes of a package (rpm's lead). */
const PACKAGE = '\xed\xab\xee\xdb'

/** Everything else stays byte for byte; numbers are not given anew. */
export function writeSpec(text: ByteString, { dropped, unresolved }: ListEdits): ByteString {
  if (text.startsWith(PACKAGE))
    throw new UserError(
      'a package cannot be written',
      'unpack it with rpm2cpio and cpio, and try the queue of its spec',
    )
  const lines = text.split('\n')
  const numbers = new Set<string>()
  for (const line of dropped.keys()) {
    const [, number] = /^\s*Patch(\d+)\s*:/i.exec(lines[line - 1] ?? '') ?? []
    if (number !== undefined) numbers.add(String(Number(number)))
  }
  const applied = new Map(dropped)
  for (const [at, line] of lines.entries()) {
    const number = appliedBy(line)
    if (number !== null && numbers.has(number)) applied.set(at + 1, null)
    else if (mentions(line).some((one) => numbers.has(one))) throw inUse(at + 1, line)
  }
  return writeSeries(text, { dropped: applied, unresolved })
}

/** The number of the patch that a line applies, and nothing else: `%patch5 -p1`, `%patch -P 5`. */
function appliedBy(line: ByteString): string | null {
  const [, joined, apart] = /^\s*%\{?patch(?:(\d+)\b|(?=\s)(?:.*?\s)??-P\s*(\d+)\b)[^%;&|]*$/.exec(line) ?? []
  const number = joined ?? apart
  return number === undefined ? null : String(Number(number))
}

/** Patches whose files a line names: `%{PATCH5}`, `%{P:5}`. */
function mentions(line: ByteString): string[] {
  return [...line.matchAll(/%\{?(?:PATCH|P:)(\d+)\}?/g)].map(([, number]) => String(Number(number)))
}

function inUse(line: number, text: ByteString): UserError {
  return new UserError(`line ${line} of the spec names a patch that leaves: ${text.trim()}`, 'take it out by hand')
}
