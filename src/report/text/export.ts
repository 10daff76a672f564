/** What an export wrote, for people, with the account of every change. */
import { type AccountedPatch, CARRIED_FATES, type CarriedFate, isAsked } from '../../model/account.ts'
import type { RecordedAttempt } from '../../model/attempt.ts'
import { type Medium, type NextCommand, nextLines, plural, type Style, styleFor } from '../layout.ts'
import { forTerminal, shellPath, shellWord } from '../sanitize.ts'
import { accountLines } from './account.ts'

export interface ExportFacts {
  directory: string
  source: string
  isWritten: boolean
  backup: string | null
  /** The line of the config that names the base from before; null where none does. */
  staleBase: { at: string; isConfig: boolean } | null
  attempt: Pick<RecordedAttempt, 'id' | 'upstream' | 'base' | 'target'>
  patches: AccountedPatch[]
  dropped: string[]
  refreshed: string[]
  unresolved: string[]
  /** Moved, and not to be rewritten in their own form: written backwards. */
  kept: string[]
}

const FATE_WORDS: Readonly<Record<CarriedFate, string>> = {
  'as-is': 'as it was',
  moved: 'moved: the same lines with other numbers or context',
  changed: 'changed while mending',
  upstream: 'upstream has it',
  dropped: 'dropped for a reason',
  missing: 'missing',
}

/** Columns of the numbers. */
const NUMBER = 7

/** `locator`: what finds the same queue and record again. */
export function exportToText(facts: ExportFacts, medium: Medium & { locator: string }): string {
  const { directory, source, isWritten, patches, dropped, attempt } = facts
  const style = styleFor(medium)
  const route = `${forTerminal(source)} -> ${forTerminal(directory)}`
  const missing = patches.flatMap(({ fates }) => fates.filter(({ fate }) => fate === 'missing'))
  const head = isWritten
    ? `${patches.length - dropped.length} of ${plural(patches.length, 'patch', 'patches')}, for ${forTerminal(attempt.target.ref)}`
    : `not written, ${plural(missing.length, 'change')} of the old queue ${missing.length === 1 ? 'is' : 'are'} missing`
  const lines = [
    style.bold(`${route}: ${head}`),
    '',
    ...(isWritten ? writtenLines(facts) : []),
    ...accountLines(patches, medium),
    ...proofLines(patches, style),
    '',
    ...nextLines(nextCommands(facts, medium.locator), medium),
  ]
  return `${lines.join('\n')}\n`
}

/** What was done with the patches, and which of them need a person. */
function writtenLines(facts: ExportFacts): string[] {
  const { patches, dropped, refreshed, unresolved, kept, backup, staleBase, attempt } = facts
  const isOut = new Set([...dropped, ...refreshed, ...unresolved])
  const same = patches.filter(({ name }) => !isOut.has(name)).length
  const row = (count: number, words: string) => (count === 0 ? [] : [`${numberOf(count)}  ${words}`])
  return [
    ...row(same, 'byte for byte as before'),
    ...row(refreshed.length, 'refreshed'),
    ...row(unresolved.length, `for a person, as before and marked (attempt @${attempt.id}):`),
    ...unresolved.map((name) => `${' '.repeat(NUMBER)}    ${forTerminal(name)}`),
    ...row(dropped.length, 'out, and their files gone'),
    ...kept.map(
      (name) => `${' '.repeat(NUMBER)}  ${forTerminal(name)} moved, and stays as it is written: backwards (-R)`,
    ),
    ...(backup === null ? [] : [`${' '.repeat(NUMBER)}  as it was: ${forTerminal(backup)}`]),
    ...(staleBase === null ? [] : ['', staleWords(staleBase, attempt)]),
    '',
  ]
}

/** A base that is left as it was would be taken for the next attempt's. */
function staleWords({ at, isConfig }: NonNullable<ExportFacts['staleBase']>, { base, target }: ExportFacts['attempt']) {
  const now = forTerminal(target.ref)
  if (isConfig) return `write "base: ${now}" into ${forTerminal(at)}`
  return `${forTerminal(at)} states the base ${forTerminal(base.ref)}: it is ${now} now`
}

/** Every change of the old queue has one fate: the numbers add up. */
function proofLines(patches: readonly AccountedPatch[], style: Style): string[] {
  const all = patches.flatMap(({ fates }) => fates)
  const rows = CARRIED_FATES.flatMap((fate) => {
    const count = all.filter((change) => change.fate === fate).length
    return count === 0 && fate !== 'missing' ? [] : [`${numberOf(count)}  ${FATE_WORDS[fate]}`]
  })
  return [
    `${style.bold('PROOF')}  every change of the old queue has one fate`,
    ...rows,
    `${numberOf(all.length)}  of ${all.length.toLocaleString('en')}`,
  ]
}

function nextCommands(facts: ExportFacts, locator: string): NextCommand[] {
  const { patches, isWritten, attempt, backup, directory, source, unresolved } = facts
  const [first] = patches.filter(({ fates }) => fates.some(isAsked)).map(({ name }) => name)
  const { upstream, base, target } = attempt
  const release = `--base ${shellWord(base.ref)} --onto ${shellWord(target.ref)}`
  const old = shellPath(backup ?? source)
  const check = `rebaseline export --check ${old} ${shellPath(directory)} --upstream ${shellPath(upstream)} ${release}`
  const resolve = `rebaseline resolve${locator} --attempt @${attempt.id}`
  if (first === undefined && unresolved.length > 0) return [[resolve, 'mend what is marked']]
  if (first === undefined) return [[check, 'hold them against each other']]
  const name = shellWord(first)
  const place = backup === null ? `--output ${shellPath(directory)}` : '--in-place'
  const again = `rebaseline export${locator} --attempt @${attempt.id} ${place} --on-purpose ${name} --because "it is not needed"`
  if (isWritten) return [[`${check} --on-purpose ${name} --because "it is not needed"`, 'if that is so']]
  return [
    [`${resolve} ${name}`, 'open it again'],
    [again, 'if that is so'],
  ]
}

function numberOf(count: number): string {
  return count.toLocaleString('en').padStart(NUMBER)
}
