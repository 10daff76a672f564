/** Numbers that lines give to names. Pure. */
import type { ByteString } from '../../model/bytes.ts'

/** "#define NAME 7", "NAME = 7,", "#define NAME PG_shift(7)", "case 7:". */
const GIVEN = [
  /^\s*#\s*define\s+(\w+)\s+(?:\w*\(?(?:\d+\s*,\s*)?)?\(?(0x[0-9a-f]+|\d+)[uUlL]*\)*\s*(?:\/\*.*)?$/i,
  /^\s*(\w+)\s*=\s*(0x[0-9a-f]+|\d+)\s*,/i,
  /^\s*(case)\s+(0x[0-9a-f]+|\d+)\s*:/i,
]

/** Whether both sides gave one number to names of one kind. */
export function numbersTaken(theirs: readonly ByteString[], ours: readonly ByteString[]): boolean {
  const taken = ours.map(givenIn).filter((given) => given !== null)
  return theirs
    .map(givenIn)
    .some((given) => given !== null && taken.some((one) => one.value === given.value && isOfKind(one.name, given.name)))
}

/** What a line gives a number to; null where it gives none. */
export function givenIn(line: ByteString): { name: ByteString; value: number } | null {
  for (const form of GIVEN) {
    const [, name, value] = form.exec(line) ?? []
    if (name !== undefined && value !== undefined) return { name, value: Number(value) }
  }
  return null
}

/** Names that begin alike, other names: HVM_PARAM_X and HVM_PARAM_Y. */
function isOfKind(one: ByteString, other: ByteString): boolean {
  const [left, right] = [one, other].map((name) => name.replace(/^_+/, '').split('_')[0])
  return one !== other ? left === right : one === 'case'
}
