/** Where the mending of an attempt stands, and the note beside the open files, for people. */
import type { Conflict } from '../../model/attempt.ts'
import { toText } from '../../model/bytes.ts'
import { type NamedPatch, type NoteFacts, type ResolveStatus, TECHNIQUES, type Technique } from '../../model/resolve.ts'
import { fold, type Medium, type NextCommand, nextLines, plural, type Style, spread, styleFor } from '../layout.ts'
import { besideOf } from '../queue-name.ts'
import { forTerminal, shellPath, shellWord } from '../sanitize.ts'
import { conflictLines } from './conflict.ts'

/** `locator`: what finds the same record from here; `now`: milliseconds since 1970. */
export interface ResolveTextOptions extends Medium {
  locator: string
  now: number
}

export function resolveToText(status: ResolveStatus, options: ResolveTextOptions): string {
  const style = styleFor(options)
  const lines = [
    ...headline(status, options, style),
    ...openLines(status, options, style),
    ...doneLines(status, style),
    ...suggestedLines(status),
    ...nextCommands(status, options),
  ]
  return `${lines.join('\n')}\n`
}

function headline(status: ResolveStatus, { width, now }: ResolveTextOptions, style: Style): string[] {
  const { attempt, resolved, skipped, dropped, left, freed, waiting, since } = status
  const title = `resolve of @${attempt.id}: ${forTerminal(attempt.called)} onto ${forTerminal(attempt.target.ref)}`
  const age = since === null ? '' : ageOf(now - Date.parse(since))
  const mended = resolved.length
  const roots = left.length - waiting
  const all = mended + skipped.length + dropped.length + roots
  if (all === 0 && waiting === 0) return [style.bold(title), '', 'Nothing is in conflict: there is nothing to mend.']
  const waited = [
    freed > 0 ? `${freed} that waited ${freed === 1 ? 'has' : 'have'} landed` : '',
    waiting > 0 ? `${waiting} still ${waiting === 1 ? 'waits' : 'wait'}` : '',
  ].filter((part) => part !== '')
  const counts = [`${mended} of ${all} mended`, roots === 0 ? 'none to go' : `${roots} to go`].join(', ')
  return [
    spread(style.bold(title), style.dim(age), width),
    '',
    `${[counts, ...(waited.length > 0 ? [waited.join(', ')] : [])].join('; ')}.`,
  ]
}

const HOUR = 3_600_000

function ageOf(milliseconds: number): string {
  const days = Math.floor(milliseconds / (24 * HOUR))
  if (days >= 1) return `${plural(days, 'day')} old`
  const hours = Math.floor(milliseconds / HOUR)
  return hours >= 1 ? `${plural(hours, 'hour')} old` : ''
}

function questionLines(question: string, width: number, style: Style): string[] {
  const [line = '', ...more] = fold(`first: ${forTerminal(question)}`, width, '       ')
  return [line.replace('first', style.magenta('first')), ...more]
}

function openLines(
  { open, worktree, attempt }: ResolveStatus,
  { locator, width }: ResolveTextOptions,
  style: Style,
): string[] {
  if (!open || worktree === null) return []
  const show = `rebaseline show${locator} @${attempt.id} ${open.position}`
  return [
    '',
    `${style.bold('NOW')}    ${open.position} ${forTerminal(open.name)}`,
    ...(open.question === null ? [] : questionLines(open.question, width, style)),
    ...open.files.flatMap(({ path, reason, suggestion }) => [
      `       ${forTerminal(toText(path))}`,
      `         ${forTerminal(reason)}${suggestion ? `; a suggestion, ${suggestion.sure ? 'sure, is in its place' : 'not sure, is in the note'}` : ''}`,
    ]),
    `       in ${forTerminal(worktree)}`,
    style.dim(`       REBASELINE.txt there, and ${show}, say who changed what`),
  ]
}

const MADE: Readonly<Record<Technique, (count: number) => string>> = {
  'by-hand': (count) => `${count} by hand`,
  suggestion: (count) => `${plural(count, 'suggestion')} accepted`,
  remembered: (count) => `${count} remembered`,
}

/** So many positions are named; the rest is counted. */
const SHOWN = 12

function doneLines(status: ResolveStatus, style: Style): string[] {
  const { resolved, skipped, dropped, left, empty, open } = status
  const counts = TECHNIQUES.map((one) => ({ one, count: resolved.filter(({ technique }) => technique === one).length }))
  const how = counts.flatMap(({ one, count }) => (count === 0 ? [] : [MADE[one](count)]))
  const then = left.filter(({ position }) => position !== open?.position)
  const shown = then.slice(0, SHOWN).map(({ position }) => String(position))
  const more = then.length - shown.length
  const row = (word: string, count: number, text: string) =>
    `${style.bold(word.padEnd(4))} ${String(count).padStart(4)}   ${text}`
  const lines = [
    ...(resolved.length > 0 ? [row('DONE', resolved.length, how.join(', '))] : []),
    ...reasonRows('SKIP', skipped, row),
    ...reasonRows('DROP', dropped, row),
    ...empty.map(({ position, name }, at) => {
      const text = `${position} ${forTerminal(name)} changes nothing now: look, and resolve ${position} --drop "…"`
      return at === 0 ? row('LOOK', empty.length, text) : `${' '.repeat(12)}${text}`
    }),
    ...(then.length > 0 ? [row('THEN', then.length, `${shown.join(', ')}${more > 0 ? ` … ${more} more` : ''}`)] : []),
  ]
  return lines.length === 0 ? [] : ['', ...lines]
}

function reasonRows(
  word: string,
  patches: readonly (NamedPatch & { reason: string | null; at: string })[],
  row: (word: string, count: number, text: string) => string,
): string[] {
  const texts = patches.map(({ position, name, reason, at }) => {
    return `${position} ${forTerminal(name)}${reason === null ? '' : `   "${forTerminal(reason)}"`}, ${at.slice(0, 10)}`
  })
  return texts.map((text, at) => (at === 0 ? row(word, patches.length, text) : `${' '.repeat(12)}${text}`))
}

function suggestedLines({ left, waiting, suggested, sure, seconds }: ResolveStatus): string[] {
  const roots = left.length - waiting
  const lines = [
    ...(suggested > 0
      ? [
          `${suggested} of the ${roots} ${suggested === 1 ? 'has' : 'have'} a suggestion, ${sure === 0 ? 'none' : sure} of them sure.`,
        ]
      : []),
    ...(seconds > 0 ? [`time  ${timeOf(seconds)} at work so far, breaks over 20 min not counted; not logged`] : []),
  ]
  return lines.length === 0 ? [] : ['', ...lines]
}

/** As `effort log --duration` takes it. */
function timeOf(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60))
  const hours = Math.floor(minutes / 60)
  return [hours > 0 ? `${hours} h` : '', minutes % 60 > 0 ? `${minutes % 60} min` : '']
    .filter((one) => one !== '')
    .join(' ')
}

function nextCommands(
  { attempt, open, sure, seconds, resolved, left, commits: tree }: ResolveStatus,
  options: ResolveTextOptions,
): string[] {
  const { locator } = options
  const resolve = `rebaseline resolve${locator}`
  const { base, target } = attempt
  const log = `rebaseline effort log${locator} --from ${shellWord(base.ref)} --to ${shellWord(target.ref)} --duration "${timeOf(seconds)}"`
  const rows: (NextCommand | false)[] = open
    ? [
        [`${resolve} --continue`, 'when its files are mended'],
        sure > 0 && [
          `${resolve} --accept sure`,
          sure === 1 ? 'take the sure suggestion' : `take the ${sure} sure suggestions`,
        ],
        [`${resolve} --skip`, 'put it off; --drop "why" gives it up'],
        [`${resolve} --abort`, `back to @${attempt.id}, nothing is lost`],
      ]
    : [
        left.length > 0 && [resolve, 'open the next one'],
        [`rebaseline export${locator} --attempt @${attempt.id} --output ${besideOf(attempt)}`, 'write the queue'],
        tree !== null && [`git fetch ${shellPath(tree)} HEAD:rebased`, 'the same as a branch, a commit each'],
        seconds > 0 && resolved.length > 0 && [log, 'the time at work'],
      ]
  return ['', ...nextLines(rows, options)]
}

/**
 * The note beside the files of the open patch: what conflicts, who brought it, what is suggested.
 * `locator`: what finds the record from there.
 */
export function noteToText({ attempt, patch, files, landing, diffs }: NoteFacts, locator: string): string {
  const medium = { width: 80, color: false }
  const known = new Map(('conflicts' in landing ? landing.conflicts : []).map((one) => [one.path, one]))
  const conflicts = files.map((file): Conflict => {
    const { path, reason, suggestion } = file
    const found = known.get(path) ?? {
      hunks: 1,
      hunksFailed: 1,
      marked: null,
      isGone: false,
      regions: [],
      culprits: [],
    }
    return { ...found, path, reason, suggestion }
  })
  const show = `rebaseline show${locator} @${attempt.id} ${patch.position}`
  const lines = [
    `${patch.position} ${forTerminal(patch.name)}, onto ${forTerminal(attempt.target.ref)}`,
    ...(patch.subject === null ? [] : [forTerminal(patch.subject)]),
    '',
    'Its clean files are staged here. Mend the others; git add, git rm and git commit are',
    'understood, and not needed where there were markers. Then:',
    '',
    `  rebaseline resolve${locator} --continue`,
    '',
    `The patch itself:    ${show}`,
    `With suggestions:    ${show} --suggested`,
    `What upstream did:   git -C ${shellPath(attempt.upstream)} log -p ${attempt.base.commit.slice(0, 12)}..${attempt.target.commit.slice(0, 12)} -- FILE`,
    ...conflictLines(conflicts, { upstream: attempt.upstream, diffs, suggestedLines: new Map() }, medium),
  ]
  return `${lines.join('\n')}\n`
}
