/** Which mails of many are the queue, and in which order: the newest version of each series. */
import type { ByteString } from '../../model/bytes.ts'
import type { PatchMail } from './patch-mail.ts'

/** What was left out, and why. */
export interface LeftOut<Mail> {
  mail: Mail
  because: string
}

export interface Chosen<Mail> {
  mails: Mail[]
  superseded: LeftOut<Mail>[]
  /** Places of a series that no mail has: "[PATCH v2] 3/4". */
  missing: string[]
}

/** Mails that were sent as one: they count to the same total in the same version. */
interface MailSeries<Mail> {
  version: number
  total: number | null
  mails: Mail[]
}

/** No more series of one version and length are told apart by which number they lack. */
const MAX_OPEN = 50

/** In the order of the first mail of each series, and in it of the numbers. */
export function chooseMails<Mail extends PatchMail>(all: readonly Mail[]): Chosen<Mail> {
  const series = seriesIn(all)
  const newest = newestRelated(series)
  const superseded: LeftOut<Mail>[] = []
  const kept: MailSeries<Mail>[] = []
  for (const one of series.toSorted((left, right) => right.version - left.version)) {
    const by = newest(one)
    if (by === null) kept.push(one)
    else superseded.push(...supersede(one, by))
  }
  const order = new Map(all.map((mail, at) => [mail, at]))
  const firstOf = ({ mails }: MailSeries<Mail>) => Math.min(...mails.slice(0, 1).map((mail) => order.get(mail) ?? 0))
  const sorted = kept.toSorted((left, right) => firstOf(left) - firstOf(right))
  return {
    mails: sorted.flatMap(({ mails }) => mails.toSorted((left, right) => numberOf(left) - numberOf(right))),
    superseded: superseded.sort((left, right) => (order.get(left.mail) ?? 0) - (order.get(right.mail) ?? 0)),
    missing: sorted.flatMap(missingIn),
  }
}

function numberOf({ place }: PatchMail): number {
  return place?.number ?? 0
}

function seriesIn<Mail extends PatchMail>(mails: readonly Mail[]): MailSeries<Mail>[] {
  const all: MailSeries<Mail>[] = []
  const open = new Map<string, { series: MailSeries<Mail>; numbers: Set<number>; roots: Set<string> }[]>()
  for (const mail of mails) {
    const { version, place, thread } = mail
    if (place === null) {
      all.push({ version, total: null, mails: [mail] })
      continue
    }
    const key = `${version}/${place.total}`
    const same = open.get(key) ?? []
    const lacking = same.slice(-MAX_OPEN).filter(({ numbers }) => !numbers.has(place.number))
    const found = lacking.find(({ roots }) => thread.some((id) => roots.has(id))) ?? lacking[0]
    const into = found ?? { series: { version, total: place.total, mails: [] }, numbers: new Set(), roots: new Set() }
    if (!found) all.push(into.series)
    into.series.mails.push(mail)
    into.numbers.add(place.number)
    for (const id of thread) into.roots.add(id)
    open.set(key, found ? same : [...same, into])
  }
  return all
}

/**
 * The newest version of a series: one that shares a subject or a thread with it; or a file, where
 * both say their version and are as long. Null of the newest itself.
 */
function newestRelated<Mail extends PatchMail>(
  all: readonly MailSeries<Mail>[],
): (series: MailSeries<Mail>) => MailSeries<Mail> | null {
  const newest = new Map<string, MailSeries<Mail>>()
  for (const series of all)
    for (const key of keysOf(series)) {
      const known = newest.get(key)
      if (known === undefined || known.version <= series.version) newest.set(key, series)
    }
  return (series) => {
    const related = keysOf(series).flatMap((key) => newest.get(key) ?? [])
    const newer = related.filter(({ version }) => version > series.version)
    return newer.toSorted((left, right) => right.version - left.version)[0] ?? null
  }
}

function keysOf<Mail extends PatchMail>({ mails, total }: MailSeries<Mail>): string[] {
  return mails.flatMap(({ subject, thread, isVersioned, paths }) => [
    ...(subject === '' ? [] : [`subject ${subject.toLowerCase()}`]),
    ...thread.slice(0, 20).map((id) => `thread ${id}`),
    ...(isVersioned ? paths.map((path: ByteString) => `path ${total} ${path}`) : []),
  ])
}

/** Of a series that was sent anew in part, what the newer one does not have stays. */
function supersede<Mail extends PatchMail>(old: MailSeries<Mail>, by: MailSeries<Mail>): LeftOut<Mail>[] {
  const numbers = new Set(by.mails.map(numberOf))
  const isPartial = by.total !== null && by.total === old.total && numbers.size < by.total
  const isStaying = (mail: Mail) => isPartial && !numbers.has(numberOf(mail))
  const left = old.mails.filter((mail) => !isStaying(mail))
  by.mails.push(...old.mails.filter(isStaying))
  return left.map((mail) => ({ mail, because: `v${old.version}, superseded by v${by.version}` }))
}

function missingIn<Mail extends PatchMail>({ version, total, mails }: MailSeries<Mail>): string[] {
  const numbers = new Set(mails.map(numberOf))
  const places = total === null || total > 1000 ? [] : Array.from({ length: total }, (_, at) => at + 1)
  const lacking = places.filter((number) => !numbers.has(number))
  return lacking.map((number) => `[PATCH${version === 1 ? '' : ` v${version}`} ${number}/${total}]`)
}
