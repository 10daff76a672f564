/** Reads a portfolio: a YAML file that lists queues, their upstreams, and what to try them on. */
import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import * as v from 'valibot'
import { type Document, isNode, LineCounter, parseDocument } from 'yaml'
import { UserError } from '../errors.ts'
import { FORMATS } from '../model/queue.ts'
import type { Portfolio, PortfolioQueue } from '../model/scan.ts'

/** A hundred thousand queues have less. */
const MAX_PORTFOLIO = 64 << 20

const words = v.pipe(v.string(), v.regex(/^[^\0\n]+$/, 'it must be one line of text'))
const releases = v.union([words, v.pipe(v.array(words), v.minLength(1, 'it must name a release'))])

const portfolioSchema = v.strictObject({
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
  const { listed, lineOf } = parse(readFileSync(path, 'utf8'), path)
  const seen = new Set<string>()
  const queues = listed.queues.map((queue, at): PortfolioQueue => {
    const where = `${path}:${lineOf(['queues', at])}`
    if (seen.has(queue.name)) throw new UserError(`${where}: a second queue is called ${queue.name}`, 'rename one')
    seen.add(queue.name)
    return toQueue(queue, listed.upstreams, { where, directory: dirname(path) })
  })
  return { source: path, queues, problems: [] }
}

type Place = readonly (string | number)[]

function parse(text: string, path: string): { listed: Listed; lineOf: (place: Place) => number } {
  const lines = new LineCounter()
  // All scalars are text: a release "4.10" is no number.
  const document = parseDocument(text, { lineCounter: lines, schema: 'failsafe', prettyErrors: false })
  const [error] = document.errors
  if (error) throw new UserError(`${path}:${lines.linePos(error.pos[0]).line}: ${error.message}`, 'mend the YAML')
  const lineOf = (place: Place) => lines.linePos(offsetOf(document, place)).line
  const read = v.safeParse(portfolioSchema, toValue(document, path))
  if (read.success) return { listed: read.output, lineOf }
  const [issue] = read.issues
  const place = (issue.path ?? []).map(({ key }) => key as string | number)
  throw new UserError(
    `${path}:${lineOf(place)}: ${place.join('.') || 'the whole'}: ${issue.message}`,
    '"rebaseline scan --help" shows a portfolio',
  )
}

/** Aliases could make much of little. @throws UserError where they do. */
function toValue(document: Document, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    throw new UserError(`${path}: ${(error as Error).message}`, 'write out what the aliases stand for')
  }
}

/** Where a value stands; of one that is missing, what it should be in. */
function offsetOf(document: Document, place: Place): number {
  for (let depth = place.length; depth > 0; depth--) {
    const node = document.getIn(place.slice(0, depth), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
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
