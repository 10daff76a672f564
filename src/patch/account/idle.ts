/** Which lines do nothing by themselves: comments, headers, and what a program wrote. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import type { Hunk } from '../../model/patch.ts'
import { trimEnd } from './runs.ts'

const OF_C = /\.(?:[chSsyl]|cc|cpp|cxx|hh|hpp|asl|lds|go|rs|java|js|ts|css)(?:\.in)?$/
const OF_SHELL =
  /(?:\.(?:py|sh|pl|rb|mk|conf|cfg|ini|ya?ml|toml|spec)(?:\.in)?|(?:^|\/)(?:\.config|(?:Makefile|Kbuild)[^/]*))$/
/** Kconfig writes a setting that is off in the form of a comment. */
const SETTING = /^# CONFIG_\w+ is not set$/

/** Without a header that it needs, code is not built: nobody misses that in silence. */
const HEADER = /^\s*#\s*include\b/

/**
 * Lines of a hunk's result of which nobody need be asked, without their line ends. As far as the
 * file's name tells its language.
 */
export function idleIn({ lines }: Hunk, path: ByteString): ReadonlySet<ByteString> {
  const result = lines.flatMap(({ kind, text }) => (kind === 'remove' ? [] : [trimEnd(text)]))
  if (OF_C.test(path)) return new Set([...commentsOfC(result), ...result.filter((line) => HEADER.test(line))])
  if (OF_SHELL.test(path)) return new Set(result.filter((line) => isOfShell(line.trim())))
  return new Set()
}

/** Whether a hunk does no more than to include headers. */
export function onlyIncludes({ lines }: Hunk): boolean {
  const changed = lines.filter(({ kind, text }) => kind !== 'context' && text.trim() !== '')
  return changed.length > 0 && changed.every(({ kind, text }) => kind === 'add' && HEADER.test(text))
}

/** So far into a file programs say that they wrote it. */
const HEAD = 12
const GENERATED = /\b(?:auto(?:matically)?[- ]?generated|generated (?:automatically|by|from|after)|do not edit)\b/i

/** Whether a file says that a program wrote it. */
export function saysItIsGenerated(lines: readonly ByteString[]): boolean {
  return lines.slice(0, HEAD).some((line) => GENERATED.test(line))
}

function isOfShell(line: ByteString): boolean {
  return /^#+(?:\s|$)/.test(line) && !SETTING.test(line)
}

function commentsOfC(lines: readonly ByteString[]): ByteString[] {
  let isOpen = beginsInside(lines)
  return lines.filter((line) => {
    const text = line.trim()
    const isBegun = isOpen || text.startsWith('/*')
    if (!isBegun) return text.startsWith('//')
    const end = text.indexOf('*/', isOpen ? 0 : 2)
    isOpen = end < 0
    // Behind its end there may be code.
    return end < 0 || end === text.length - 2
  })
}

/** Whether the first line is in a comment that began above: it ends before another begins. */
function beginsInside(lines: readonly ByteString[]): boolean {
  const first = lines.find((line) => line.includes('*/') || line.includes('/*'))
  return first !== undefined && !first.includes('/*')
}
