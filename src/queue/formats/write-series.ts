/** A series file without the patches that leave. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import type { ListEdits } from './format.ts'

/** What we say in a series of a patch that needs a person; it goes with the next export. */
const MARK = '# rebaseline: '

/** Everything else stays byte for byte. */
export function writeSeries(
  text: ByteString,
  { dropped, unresolved }: Pick<ListEdits, 'dropped' | 'unresolved'>,
): ByteString {
  const lines = text.split(/(?<=\n)/)
  return lines
    .flatMap((line, at) => {
      if (line.startsWith(MARK)) return []
      const reason = dropped.get(at + 1)
      if (reason !== undefined) return reason === null ? [] : [`#${line.trimEnd()}  # ${reason}\n`]
      const mark = unresolved.get(at + 1)
      return mark === undefined ? [line] : [`${MARK}${mark}\n`, line]
    })
    .join('')
}
