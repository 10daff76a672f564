/** One queue on many releases, for people: patch by release. */
import stringWidth from 'string-width'
import { type RecordedAttempt, summarize, type VerdictKind } from '../../model/attempt.ts'
import { type MatrixRow, matrixOf } from '../../trend/matrix.ts'
import { printJson } from '../json/print.ts'
import { cut, cutMiddle, type Medium, nextLines, pad, styleFor } from '../layout.ts'
import { forTerminal } from '../sanitize.ts'

const MARKS: Record<VerdictKind, string> = {
  ...{ applies: '.', conflicting: 'x', blocked: 'w', upstreamed: 'U', droppable: 'd', invalid: '!' },
}

const LEGEND = '. applies   x conflicting   w blocked   U upstreamed   d droppable   ? decide   ! invalid'

/** A name that is shorter tells nothing. */
const MIN_NAME = 12

export function matrixToText(attempts: readonly RecordedAttempt[], medium: Medium & { locator: string }): string {
  const style = styleFor(medium)
  const names = attempts.map(({ target }) => forTerminal(target.ref))
  const first = attempts[0]
  const rows = matrixOf(attempts)
  const longest = Math.max(...rows.map(({ patch }) => stringWidth(forTerminal(patch.name))))
  const nameWidth = Math.max(MIN_NAME, Math.min(longest, Math.floor(medium.width * 0.4)))
  const lines = [
    `${rows.length} patches on ${forTerminal(first?.base.ref ?? '')}, tried on ${attempts.length} releases`,
    '',
    ...attempts.map((attempt, at) => {
      const { upstreamed, droppable, conflicting, blocked, invalid } = summarize(attempt.results)
      const carried = attempt.results.length - upstreamed - droppable
      const column = `${' '.repeat(nameWidth + 9)}${'| '.repeat(at)}`
      return cut(
        `${column}${names[at]}  @${attempt.id}: ${carried} to carry, ${conflicting + blocked + invalid} fail`,
        medium.width,
      )
    }),
    ...rows.map((row) => rowLine(row, names, nameWidth, medium.width)),
    '',
    style.dim(LEGEND),
    '',
    ...nextLines([[`rebaseline show${medium.locator} @${attempts.at(-1)?.id}`, 'the last of them']], medium),
  ]
  return `${lines.join('\n')}\n`
}

function rowLine(
  { patch, cells, leavesAt, breaksAt }: MatrixRow,
  names: string[],
  nameWidth: number,
  width: number,
): string {
  const marks = cells.map(({ verdict, action }) => (action === 'review' ? '?' : MARKS[verdict])).join(' ')
  const says = [
    ...breakInWords(cells, breaksAt, names),
    ...(leavesAt === null ? [] : [`leaves with ${names[leavesAt]}${asCommit(cells[leavesAt]?.commit)}`]),
  ]
  const name = pad(cutMiddle(forTerminal(patch.name), nameWidth), nameWidth)
  return cut(`${String(patch.position).padStart(5)}  ${name}  ${marks}  ${says.join(', ')}`.trimEnd(), width)
}

/** What the marks say of a patch that does not land, or of which a person must tell whether it is upstream. */
function breakInWords(cells: MatrixRow['cells'], breaksAt: number | null, names: readonly string[]): string[] {
  const askedAt = cells.findIndex(({ action }) => action === 'review')
  const asked = askedAt < 0 ? [] : [`a person decides on ${names[askedAt]}`]
  if (breaksAt === null) return asked
  const word = cells[breaksAt]?.verdict === 'blocked' ? 'waits' : 'conflicts'
  return [...asked, `${word} on ${askedAt === breaksAt ? 'it' : names[breaksAt]}`]
}

function asCommit(commit: string | null | undefined): string {
  return commit ? ` as ${commit.slice(0, 10)}` : ''
}

/**
 * The `rebaseline/matrix@1` document: the attempts without their patches, and the patches with a
 * cell for each.
 */
export function matrixToJson(attempts: readonly RecordedAttempt[]): string {
  const targets = attempts.map(({ id, target, results }) => ({ attempt: id, target, summary: summarize(results) }))
  const refAt = (at: number | null) => (at === null ? null : (attempts[at]?.target.ref ?? null))
  return printJson({
    schema: 'rebaseline/matrix@1',
    base: attempts[0]?.base,
    targets,
    patches: matrixOf(attempts).map(({ patch: { position, name }, cells, leavesAt, breaksAt }) => {
      return { position, name, cells, leavesWith: refAt(leavesAt), breaksOn: refAt(breaksAt) }
    }),
  })
}
