/** Reads the sentences of `gates:`. */
import { UserError } from '../errors.ts'
import type { Gate, GateRule } from '../model/gate.ts'
import type { YamlNode } from './yaml.ts'

/** Days in each unit that an age can be said in. */
const DAYS: Readonly<Record<string, number>> = { day: 1, week: 7, month: 365.25 / 12, year: 365.25 }

interface Form {
  /** As it is shown to somebody who got it wrong. */
  shown: string
  pattern: RegExp
  /** Null where what fits the pattern makes no sense. */
  read: (found: readonly string[]) => GateRule | null
}

const FORMS: readonly Form[] = [
  {
    shown: 'section NAME must not grow since REVISION',
    pattern: /^section (.+) must not grow since (\S+)$/i,
    read: ([section = '', since = '']) => ({ kind: 'no-growth', section, since }),
  },
  {
    shown: 'no patch older than N days without an owner',
    pattern: /^no patch older than (\d{1,6}) (day|week|month|year)s? without an owner$/i,
    read: ([count, unit = '']) => {
      const days = Math.round(Number(count) * (DAYS[unit.toLowerCase()] ?? 0))
      const age = `${Number(count)} ${unit.toLowerCase()}${Number(count) === 1 ? '' : 's'}`
      return days > 0 ? { kind: 'no-old-unowned', days, age } : null
    },
  },
  {
    shown: 'no debug patch at a release',
    pattern: /^no debug patch at a release$/i,
    read: () => ({ kind: 'no-debug-at-release' }),
  },
  {
    shown: 'no security fix missing',
    pattern: /^no security fix missing$/i,
    read: () => ({ kind: 'no-fix-missing' }),
  },
  {
    shown: 'no false claim',
    pattern: /^no false claim$/i,
    read: () => ({ kind: 'no-claim', what: ['false'] }),
  },
  {
    shown: 'no unexplained claim',
    pattern: /^no unexplained claim$/i,
    read: () => ({ kind: 'no-claim', what: ['unexplained'] }),
  },
  {
    shown: 'no unexplained or false claim',
    pattern: /^no (?:unexplained or false|false or unexplained) claim$/i,
    read: () => ({ kind: 'no-claim', what: ['false', 'unexplained'] }),
  },
]

const ALL_FORMS = FORMS.map(({ shown }) => `"${shown}"`).join(', ')

/** @throws UserError for a sentence that is none of the forms: a gate must not pass for a slip of the pen. */
export function readGate(node: YamlNode): Gate {
  if (node.kind !== 'words')
    throw new UserError(
      `${node.at}: a gate is one sentence`,
      `where it has a colon in it, put it in quotes; the gates are: ${ALL_FORMS}`,
    )
  const { at, line } = node
  const text = node.words.replace(/\s+/g, ' ')
  for (const { pattern, read } of FORMS) {
    const found = pattern.exec(text)
    const rule = found && read(found.slice(1))
    if (rule) return { text, line, rule }
  }
  const strange = strangeWord(text)
  const about = strange === null ? 'it ends too early' : `"${strange}" is not understood there`
  throw new UserError(`${at}: "${text}" is no gate: ${about}`, `the gates are: ${ALL_FORMS}`)
}

/** The first word at which a sentence leaves the form that it follows the farthest; null at its end. */
function strangeWord(text: string): string | null {
  const words = text.split(' ')
  const agreed = FORMS.map(({ shown }) => agreedWords(words, shown.split(' ')))
  return words[Math.max(...agreed)] ?? null
}

/** Words in capitals stand for any; that of a section for one or more. */
function agreedWords(words: readonly string[], form: readonly string[]): number {
  let at = 0
  for (const [place, wanted] of form.entries()) {
    if (at >= words.length) break
    if (wanted === 'NAME') {
      const next = words.indexOf(form[place + 1] ?? '', at + 1)
      if (next < 0) return at
      at = next
    } else if (wanted === 'N' ? /^\d+$/.test(words[at] ?? '') : isCapital(wanted) || sameWord(wanted, words[at])) at++
    else break
  }
  return at
}

function isCapital(word: string): boolean {
  return /^[A-Z]+$/.test(word)
}

function sameWord(wanted: string, word: string | undefined): boolean {
  return wanted === word?.toLowerCase()
}
