import type { Patch } from '../../src/model/patch.ts'
import { readPatch } from '../../src/patch/read/read-patch.ts'

/** A patch of that text, as a series lists it. */
export function listedPatch(text: string, name = 'f.patch'): Patch {
  const place = { section: '', owner: null, comment: null, strip: 1, reversed: false, directory: '', listed: null }
  return readPatch({ name, ...place }, 1, Buffer.from(text, 'latin1'))
}
