/** What a patch lacks that whoever takes it over will look for. */
import type { HygieneFault, PatchClass } from '../model/audit.ts'
import { toText } from '../model/bytes.ts'
import type { Patch } from '../model/patch.ts'

const TRAILER = /^[A-Za-z][\w-]*(?: status)?:\s/i
const BUG = /\b(?:bug|issue|ticket|closes|fixes)\b[\s:]*#?\d+|\b[A-Z]{2,10}-\d+\b|\bbugs?\b\S*\/\d+|\/issues\/\d+/i

/** `twins`: how many patches of the queue change the same. */
export function hygieneOf(patch: Patch, kind: PatchClass, twins: number): HygieneFault[] {
  const { header } = patch
  const text = toText(header.text)
  const faults: [HygieneFault, boolean][] = [
    ['no-description', !isDescribed(patch, text)],
    ['no-author', header.author === null],
    ['no-sign-off', !/^[ \t]*signed-off-by:/im.test(text)],
    ['no-bug-reference', kind === 'debug' && !BUG.test(text)],
    ['twice', twins > 1],
  ]
  return faults.flatMap(([fault, isSo]) => (isSo ? [fault] : []))
}

function isDescribed({ header: { subject } }: Patch, text: string): boolean {
  if (subject !== null && subject.trim() !== '') return true
  return text
    .split('\n')
    .some((line) => /\w/.test(line) && !TRAILER.test(line) && !/^(?:Index: |diff |[-+=#]{3})/.test(line))
}
