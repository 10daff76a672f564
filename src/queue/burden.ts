/** What kind of burden a patch is, from what its series and header say. */
import type { Burden } from '../model/life.ts'
import type { PatchHeader } from '../model/patch.ts'

const BACKPORTS = /\b(?:upstream patches|patches from|backport)/i
const WAITING = /\bfor upstream\b|\bupstreaming\b|\bto be upstreamed\b/i

/**
 * A name with a commit's id in it, or a header that says where it was taken from, is a backport
 * whatever its section is called.
 */
export function burdenOf(section: string, { references, claims }: Pick<PatchHeader, 'references' | 'claims'>): Burden {
  if (
    references.some(({ from }) => from === 'name') ||
    claims.some(({ form }) => form === 'backport' || form === 'applied')
  )
    return 'backport'
  if (WAITING.test(section)) return 'waiting'
  if (BACKPORTS.test(section) || references.some(({ from }) => from === 'header')) return 'backport'
  return claims.some(({ form }) => form === 'submitted') ? 'waiting' : 'debt'
}
