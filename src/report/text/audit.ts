/** An audit as a table: class, owner and what to do next, and the claims that do not hold. */
import type { Audit, AuditedPatch } from '../../model/audit.ts'
import { cutMiddle, type Medium, pad } from '../layout.ts'
import { forTerminal } from '../sanitize.ts'

/** So much is taken by the columns beside the name. */
const OTHERS = 42

export function auditToText({ queue, target, patches }: Audit, { width }: Medium): string {
  const room = Math.max(20, width - OTHERS)
  const row = (cells: readonly [string, string, string, string, string]) => {
    const [position, name, kind, who, next] = cells
    const columns = [position.padStart(4), pad(cutMiddle(name, room), room), pad(kind, 8)]
    return `${[...columns, pad(cutMiddle(who, 16), 16), next].join(' ')}`
  }
  const rows = patches.map(({ position, name, class: kind, owner, author, next }) => {
    return row([`${position}`, forTerminal(name), kind, forTerminal(owner ?? author ?? '-'), next])
  })
  const head = `${forTerminal(queue.source)}: ${patches.length} patches, against ${forTerminal(target.ref)}`
  const lines = [head, '', row(['#', 'patch', 'class', 'who', 'next']), ...rows, ...patches.flatMap(falseClaims)]
  return `${lines.join('\n')}\n`
}

function falseClaims({ position, claims }: AuditedPatch): string[] {
  return claims.flatMap(({ field, commit, holds, because }) => {
    if (holds !== 'false') return []
    return [`CLAIM ${position}: ${forTerminal(`${field} ${commit ?? ''}`.trim())} is false: ${because}`]
  })
}
