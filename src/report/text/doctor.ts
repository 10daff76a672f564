/** What `doctor` found, for people: what is broken comes last, where the eye ends. */
import { CHECK_STATES, type Check, type CheckState } from '../../model/doctor.ts'
import { type Medium, pad, type Style, styleFor } from '../layout.ts'
import { forTerminal } from '../sanitize.ts'

/** Columns of the states, and of the names. */
const COLUMNS = { state: 9, name: 10 }

export function doctorToText(checks: readonly Check[], medium: Medium): string {
  const style = styleFor(medium)
  const rows = CHECK_STATES.flatMap((state) => checks.filter((check) => check.state === state))
  const lines = rows.flatMap((check) => linesOf(check, style))
  return `${[...lines, '', sumOf(checks)].join('\n')}\n`
}

function linesOf({ name, state, said, way }: Check, style: Style): string[] {
  const mark = colorOf(state, style)(pad(state, COLUMNS.state))
  const indent = ' '.repeat(COLUMNS.state + COLUMNS.name)
  const line = `${mark}${pad(name, COLUMNS.name)}${forTerminal(said)}`
  return way === null ? [line] : [line, `${indent}${forTerminal(way)}`]
}

function colorOf(state: CheckState, style: Style): (text: string) => string {
  return { ok: style.green, missing: style.yellow, broken: style.red }[state]
}

function sumOf(checks: readonly Check[]): string {
  const count = (wanted: CheckState) => checks.filter(({ state }) => state === wanted).length
  if (count('broken') > 0) return `${count('broken')} of ${checks.length} must be mended first`
  return count('missing') === 0 ? 'all is there' : `what is needed is there; ${count('missing')} could be added`
}
