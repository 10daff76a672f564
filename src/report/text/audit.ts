/** An audit as a table: class, owner and what to do next, and the claims that do not hold. */
import { type Audit, type AuditedPatch, claimName } from '../../model/audit.ts'
import { gatesToText } from '../gates/text.ts'
import { cutMiddle, type Medium, pad } from '../layout.ts'
import { forTerminal } from '../sanitize.ts'

/** So much is taken by the columns beside the name. */
const OTHERS = 42

export function auditToText({ queue, target, patches, policy }: Audit, medium: Medium): string {
  const room = Math.max(20, medium.width - OTHERS)
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
  const gates = policy === null ? '' : gatesToText(policy, medium)
  return `${lines.join('\n')}\n${gates === '' ? '' : `\n${gates}`}`
}

function falseClaims({ position, claims }: AuditedPatch): string[] {
  return claims.flatMap((claim) => {
    if (claim.holds !== 'false') return []
    return [`CLAIM ${position}: ${forTerminal(claimName(claim))} is false: ${claim.because}`]
  })
}
