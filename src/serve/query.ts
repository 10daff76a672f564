/** What an address asks for; what is not understood is as if not there. */
import * as v from 'valibot'
import { UserError } from '../errors.ts'
import {
  AGES,
  NEWS,
  type NewsFilter,
  type NewsKind,
  PATCH_SORTS,
  PORTFOLIO_SORTS,
  type PortfolioQuery,
  type QueueQuery,
} from '../model/dashboard.ts'
import { FATES } from '../model/fate.ts'
import { BURDENS } from '../model/life.ts'
import { NEXTS, PARTS, type Part } from '../model/tally.ts'

/** Longer words are nobody's. */
const LONGEST = 200
const MOST_PAGES = 1_000_000

const text = v.fallback(v.pipe(v.string(), v.maxLength(LONGEST)), '')
const page = v.fallback(
  v.pipe(v.string(), v.regex(/^\d{1,7}$/), v.transform(Number), v.minValue(1), v.maxValue(MOST_PAGES)),
  1,
)
const oneOf = <const Value extends readonly string[]>(values: Value) => v.fallback(v.picklist([...values, '']), '')
const list = v.pipe(
  text,
  v.transform((words) =>
    words
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  ),
)

const PORTFOLIO = v.object({
  owner: list,
  text,
  next: oneOf(NEXTS),
  sort: v.fallback(v.picklist(PORTFOLIO_SORTS), 'mend'),
  page,
})

const QUEUE = v.object({
  verdict: v.pipe(
    list,
    v.transform((words) => words.filter((word): word is Part => (PARTS as readonly string[]).includes(word))),
  ),
  fate: oneOf(FATES),
  kind: oneOf(BURDENS),
  ...{ owner: text, file: text, age: oneOf(AGES), on: text },
  sort: v.fallback(v.picklist(PATCH_SORTS), 'place'),
  page,
})

type Parameters = Readonly<Record<string, string>>

export function portfolioQuery(parameters: Parameters): PortfolioQuery {
  const { owner: owners, ...query } = v.parse(PORTFOLIO, filled(PORTFOLIO.entries, parameters))
  return { ...query, owners }
}

export function queueQuery(parameters: Parameters): QueueQuery {
  return v.parse(QUEUE, filled(QUEUE.entries, parameters))
}

/** What is not asked for is empty. */
function filled(entries: Readonly<Record<string, unknown>>, parameters: Parameters): Parameters {
  return Object.fromEntries(Object.keys(entries).map((name) => [name, parameters[name] ?? '']))
}

/** "?owner=ann,ben": whose queues and patches. */
export function ownersIn({ owner }: Parameters): string[] {
  return v.parse(list, owner ?? '')
}

/** What makes news of a patch that came to a part. */
const KINDS: Readonly<Partial<Record<Part, NewsKind>>> = {
  mend: 'broke',
  repair: 'broke',
  decide: 'asks',
  leave: 'leaves',
}

/** Which news a feed holds: as its page is filtered, and by their kind. */
export function newsFilter(parameters: Parameters): NewsFilter {
  const { news, text: words, file, owner, verdict } = parameters
  const named = v.parse(oneOf(NEWS), news ?? '')
  const ofParts = v.parse(list, verdict ?? '').flatMap((part) => KINDS[part as Part] ?? [])
  const kinds = named === '' ? [...new Set(ofParts)] : [named]
  const wanted = v.parse(text, words ?? file ?? '')
  const owners = v.parse(list, owner ?? '')
  return {
    ...(kinds.length === 0 ? {} : { kinds }),
    ...(wanted === '' ? {} : { text: wanted }),
    ...(owners.length === 0 ? {} : { owners }),
  }
}

const ANSWER = v.object({
  answer: v.picklist(['keep', 'drop', 'withdrawn']),
  digest: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  reason: v.pipe(v.string(), v.maxLength(2000)),
  by: v.pipe(v.string(), v.maxLength(100)),
  token: v.pipe(v.string(), v.maxLength(1000)),
})

/** What a form says of a patch. @throws UserError where it is none of ours. */
export function answerIn(fields: unknown): v.InferOutput<typeof ANSWER> {
  const parsed = v.safeParse(ANSWER, fields)
  if (parsed.success) return parsed.output
  throw new UserError('the form is not what this page sends', 'load the page again')
}
