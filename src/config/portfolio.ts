/** Reads a portfolio: a YAML file that lists queues, their upstreams, and what to try them on. */
import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import * as v from 'valibot'
import { UserError } from '../errors.ts'
import { FORMATS } from '../model/queue.ts'
import type { Portfolio, PortfolioQueue } from '../model/scan.ts'
import { parseYaml, type YamlNode } from './yaml.ts'

/** A hundred thousand queues have less. */
const MAX_PORTFOLIO = 64 << 20

const words = v.pipe(v.string(), v.regex(/^[^\0\n]+$/, 'it must be one line of text'))
const releases = v.union([words, v.pipe(v.array(words), v.minLength(1, 'it must name a release'))])

/** A file below the portfolio's directory; what is hidden there is somebody else's. */
const below = v.pipe(
  words,
  v.regex(
    /^[^/\\.][^/\\]*(?:\/[^/\\.][^/\\]*)*$/,
    'it must name a file in the directory of the portfolio, none that is hidden',
  ),
)
/** RFC 5322, 3.4, without comments: "a@b", "Name <a@b>". */
const address = v.pipe(
  words,
  v.maxLength(200),
  v.regex(
    /^(?:[^<>\p{Cc}]*<[^\s<>@,;:"()\p{Cc}]+@[\w.-]+>|[^\s<>@,;:"()\p{Cc}]+@[\w.-]+)$/u,
    'it must be an address, as in a mail',
  ),
)
/** crontab(5): five fields; each line of a crontab is one command. */
const cron = v.pipe(
  words,
  v.regex(
    /^[\dA-Za-z*,/-]{1,60}(?: [\dA-Za-z*,/-]{1,60}){4}$/,
    'it must be five fields, as crontab(5) has them: "30 4 * * *"',
  ),
)

const portfolioSchema = v.strictObject({
  schedule: v.optional(cron),
  notifications: v.optional(
    v.strictObject({
      ...{ mbox: v.optional(below), json: v.optional(below), feed: v.optional(below) },
      ...{ from: v.optional(address, 'rebaseline@localhost'), to: v.optional(address) },
      owners: v.optional(v.record(words, address), {}),
    }),
  ),
  upstreams: v.optional(v.record(words, v.strictObject({ repository: words, onto: v.optional(releases) })), {}),
  queues: v.pipe(
    v.array(
      v.strictObject({
        name: words,
        queue: words,
        upstream: words,
        base: v.optional(words),
        onto: v.optional(releases),
        format: v.optional(v.picklist(FORMATS)),
        guards: v.optional(v.array(words), []),
      }),
    ),
    v.minLength(1, 'it lists no queue'),
  ),
})

type Listed = v.InferOutput<typeof portfolioSchema>

/** `path`: absolute. @throws UserError that names the line where the file is no portfolio. */
export function readPortfolio(path: string): Portfolio {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat?.isFile()) throw new UserError(`${path} is no file`, 'name a portfolio: "rebaseline scan --help" shows one')
  if (stat.size > MAX_PORTFOLIO) throw new UserError(`${path} is larger than 64 MiB`, 'split the portfolio')
  const { listed, placeOf } = parse(readFileSync(path, 'utf8'), path)
  const seen = new Set<string>()
  const queues = listed.queues.map((queue, at): PortfolioQueue => {
    const where = placeOf(['queues', at])
    if (seen.has(queue.name)) throw new UserError(`${where}: a second queue is called ${queue.name}`, 'rename one')
    seen.add(queue.name)
    return toQueue(queue, listed.upstreams, { where, directory: dirname(path) })
  })
  const { schedule = null } = listed
  return { source: path, queues, problems: [], schedule, notifications: toNotifications(listed) }
}

type Place = readonly (string | number)[]

/** Lists of releases may be written in brackets, at each queue. */
const MOST_BRACKETS = 1_000_000

function parse(text: string, path: string): { listed: Listed; placeOf: (place: Place) => string } {
  const root = parseYaml(text, path, MOST_BRACKETS)
  const placeOf = (place: Place) => nodeAt(root, place)?.at ?? path
  const read = v.safeParse(portfolioSchema, root && toValue(root))
  if (read.success) return { listed: read.output, placeOf }
  const [issue] = read.issues
  const place = (issue.path ?? []).map(({ key }) => key as string | number)
  throw new UserError(
    `${placeOf(place)}: ${place.join('.') || 'the whole'}: ${issue.message}`,
    '"rebaseline scan --help" shows a portfolio',
  )
}

function toValue(node: YamlNode): unknown {
  if (node.kind === 'words') return node.words
  if (node.kind === 'list') return node.items.map(toValue)
  return Object.fromEntries(node.entries.map(({ key, value }) => [key.words, toValue(value)]))
}

/** What stands at a place; of what is missing, what it should be in. */
function nodeAt(root: YamlNode | null, place: Place): YamlNode | null {
  let node = root
  for (const step of place) {
    const next: YamlNode | undefined =
      node?.kind === 'list'
        ? node.items[Number(step)]
        : node?.kind === 'map'
          ? node.entries.find(({ key }) => key.words === step)?.value
          : undefined
    if (!next) return node
    node = next
  }
  return node
}

function toQueue(
  { name, queue, upstream: named, base, onto: own, format, guards }: Listed['queues'][number],
  upstreams: Listed['upstreams'],
  { where, directory }: { where: string; directory: string },
): PortfolioQueue {
  const upstream = Object.hasOwn(upstreams, named) ? upstreams[named] : undefined
  const onto = own ?? upstream?.onto
  if (onto === undefined)
    throw new UserError(`${where}: ${name} has no "onto"`, `say there, or of its upstream, what to try it on`)
  return {
    name,
    queue: resolve(directory, queue),
    upstream: upstream?.repository ?? named,
    base: base ?? null,
    onto: typeof onto === 'string' ? [onto] : onto,
    guards,
    format: format ?? null,
  }
}

function toNotifications({ notifications }: Listed): Portfolio['notifications'] {
  if (!notifications) return null
  const { mbox = null, json = null, feed = null, to = null, from, owners } = notifications
  return { mbox, json, feed, from, to, owners: new Map(Object.entries(owners)) }
}
