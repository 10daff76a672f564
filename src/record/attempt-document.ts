/**
 * An attempt as one JSON document (`rebaseline/recorded-attempt@1`), known by the hash of what it
 * says: its number and its times are outside of that. Byte strings stand in it as they are held,
 * one character per byte.
 */
import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { UserError } from '../errors.ts'
import { ACTIONS, type Attempt, BASE_FOUND, type PatchResult, type Timing, VERDICTS } from '../model/attempt.ts'
import { toText } from '../model/bytes.ts'
import { CHANGE_KINDS, FATES } from '../model/fate.ts'
import { SIGNALS } from '../model/finding.ts'
import type { NumberlessOverrule } from '../model/overrule.ts'
import { CLAIM_FORMS } from '../model/patch.ts'
import { FORMATS, type Found } from '../model/queue.ts'
import { RECALLS, RESOLUTION_ORIGINS } from '../model/resolution.ts'
import { HAZARDS, SUGGESTION_REASONS } from '../model/suggestion.ts'

const SCHEMA = 'rebaseline/recorded-attempt@1'

/** What a document says. */
export interface AttemptDocument {
  attempt: Attempt | NumberlessAttempt
  timing: Timing
  /** The bytes of its patches, by digest. */
  contents: ReadonlyMap<string, Uint8Array>
}

/** What the document of an attempt is known by: "sha256:…". */
export function hashOf(attempt: AttemptDocument['attempt']): string {
  return hashOfBody(bodyOf(attempt))
}

/** Attempts from before 0017 have no notes: what they say is the same. */
function bodyOf({ queue: { notes, ...queue }, upstream, base, target, results }: AttemptDocument['attempt']) {
  const noted = notes.length === 0 ? queue : { ...queue, notes }
  return { queue: noted, upstream, base, target, results: results.map(withoutNumber) }
}

function hashOfBody(body: unknown): string {
  return `sha256:${sha256(JSON.stringify(canonical(body)))}`
}

/** `text`: one line. */
export function documentOf({ attempt, timing, contents }: AttemptDocument): { text: string; hash: string } {
  const body = bodyOf(attempt)
  const hash = hashOfBody(body)
  const patches = attempt.results.map(inBrief)
  const bytes = Object.fromEntries([...contents].map(([digest, one]) => [digest, Buffer.from(one).toString('base64')]))
  const document = { schema: SCHEMA, hash, timing, ...body, patches, contents: bytes }
  return { text: JSON.stringify(canonical(document)), hash }
}

/** What most readers want of a result. */
function inBrief({ patch, verdict, landing }: Pick<PatchResult, 'patch' | 'verdict' | 'landing'>) {
  return { name: toText(patch.name), verdict: verdict.kind, landing: landing.kind }
}

/** An answer's number is one of the record that holds it. */
function withoutNumber({ overrule, ...result }: PatchResult | NumberlessResult): NumberlessResult {
  if (overrule === null || !('id' in overrule)) return { ...result, overrule }
  const { id: _, ...answer } = overrule
  return { ...result, overrule: answer }
}

/** An attempt that may go into any record: its answers have no numbers. */
export function numberless({ results, ...attempt }: Attempt): NumberlessAttempt {
  return { ...attempt, results: results.map(withoutNumber) }
}

/** The same value with the keys of every object in order. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, part]) => [key, canonical(part)]),
  )
}

function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

type NumberlessResult = Omit<PatchResult, 'overrule'> & { overrule: NumberlessOverrule | null }

/** An attempt outside of a record: answers have no numbers. */
export interface NumberlessAttempt extends Omit<Attempt, 'results'> {
  results: NumberlessResult[]
}

/** What is read from a document. */
export interface ReadDocument extends AttemptDocument {
  attempt: NumberlessAttempt
  hash: string
}

/**
 * `from`: the file, for messages. @throws UserError where it is no such document, or not what its
 * hash says.
 */
export function readDocument(text: string, from: string): ReadDocument {
  const wrong = (message: string) =>
    new UserError(`${from}: ${message}`, 'give what "rebaseline attempt export" wrote, whole and unchanged')
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw wrong('no JSON document')
  }
  const read = v.safeParse(document, json)
  if (!read.success) {
    const [issue] = read.issues
    throw wrong(`no attempt: ${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`)
  }
  const { timing, hash, contents, schema: _, patches, ...attempt } = read.output
  if (hashOfBody(attempt) !== hash) throw wrong('it was changed: its hash is another')
  if (JSON.stringify(canonical(patches)) !== JSON.stringify(canonical(attempt.results.map(inBrief))))
    throw wrong('it was changed: its patches are not its results')
  const bytes = new Map(Object.entries(contents).map(([digest, base64]) => [digest, Buffer.from(base64, 'base64')]))
  for (const [digest, content] of bytes) if (sha256(content) !== digest) throw wrong(`patch ${digest} was changed`)
  const lacking = attempt.results.find(({ patch }) => !bytes.has(patch.digest))
  if (lacking) throw wrong(`the content of patch ${lacking.patch.position} is missing`)
  const queue = { ...attempt.queue, notes: attempt.queue.notes ?? [] }
  return { attempt: { ...attempt, queue }, timing, hash, contents: bytes }
}

const text = v.string()
/** A byte string: what stands for no byte would be cut off where it is recorded. */
const byteString = v.pipe(text, v.regex(/^[\0-\xff]*$/, 'a character above U+00FF is no byte'))
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
/** Git is asked about it later: it must never pass for anything but an id. */
const sha = v.pipe(text, v.regex(/^[0-9a-f]{7,64}$/))
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1))
const digest = v.pipe(text, v.regex(/^[0-9a-f]{64}$/))
const time = v.pipe(text, v.isoTimestamp())
const place = v.strictObject({ path: byteString, line: count })
const release = { ref: text, commit: sha }

const recollection = v.strictObject({
  how: v.picklist(RECALLS),
  origin: v.picklist(RESOLUTION_ORIGINS),
  file: v.pipe(text, v.regex(/^[0-9a-f]{32}\.txt$/)),
})

const region = v.strictObject({
  line: count,
  ours: v.array(byteString),
  base: v.array(byteString),
  theirs: v.array(byteString),
  hunks: v.array(count),
  wentTo: v.nullable(place),
  culprits: v.array(sha),
})

const conflicts = v.array(
  v.strictObject({
    path: byteString,
    hunksFailed: count,
    hunks: count,
    reason: text,
    marked: v.nullable(byteString),
    isGone: v.boolean(),
    regions: v.array(region),
    culprits: v.array(
      v.strictObject({
        sha,
        subject: text,
        author: text,
        date: text,
        firstTag: v.nullable(text),
        lines: count,
      }),
    ),
    suggestion: v.nullable(
      v.strictObject({
        sure: v.boolean(),
        reasons: v.array(v.picklist(SUGGESTION_REASONS)),
        hazards: v.array(v.picklist(HAZARDS)),
        remembered: v.exactOptional(v.array(recollection)),
      }),
    ),
  }),
)

const rebuild = v.variant('kind', [
  v.strictObject({ kind: v.literal('clean') }),
  v.strictObject({ kind: v.picklist(['offset', 'fuzz']), lines: count }),
  v.strictObject({ kind: v.picklist(['failed', 'unreadable']), reason: text, hint: text }),
])

const landing = v.variant('kind', [
  v.strictObject({ kind: v.picklist(['clean', 'merged', 'noop', 'withheld', 'unreadable']) }),
  v.strictObject({ kind: v.literal('offset'), lines: count, by: v.picklist(['merge', 'context']) }),
  v.strictObject({ kind: v.literal('fuzz'), lines: count }),
  v.strictObject({ kind: v.literal('conflict'), conflicts }),
  v.strictObject({ kind: v.literal('blocked'), conflicts, by: v.array(count) }),
])

const finding = v.strictObject({
  status: v.picklist(['absent', 'present', 'partial', 'reverted']),
  coverage: share,
  survival: share,
  confidence: share,
  commits: v.array(
    v.strictObject({
      sha,
      subject: text,
      date: text,
      firstTag: v.nullable(text),
      signals: v.array(v.picklist(SIGNALS)),
      coverage: share,
    }),
  ),
  parts: count,
  fates: v.array(
    v.strictObject({
      path: byteString,
      kind: v.picklist(CHANGE_KINDS),
      hunk: v.nullable(count),
      fate: v.picklist(FATES),
      by: v.nullable(sha),
      changedBy: v.nullable(sha),
      at: v.nullable(place),
      lines: count,
      standing: count,
    }),
  ),
  question: v.nullable(
    v.strictObject({
      kind: v.picklist(['fates', 'alike', 'taken-back', 'cut', 'needless']),
      sha: v.nullable(sha),
    }),
  ),
  revertedBy: v.nullable(sha),
  claims: v.array(v.strictObject({ field: text, form: v.picklist(CLAIM_FORMS), text, commit: v.nullable(sha) })),
})

const patch = v.strictObject({
  position: v.pipe(count, v.minValue(1)),
  name: text,
  section: text,
  owner: v.nullable(text),
  comment: v.nullable(text),
  strip: count,
  reversed: v.boolean(),
  directory: text,
  listed: v.nullable(text),
  digest,
  subject: v.nullable(text),
  author: v.nullable(text),
  added: count,
  removed: count,
  files: count,
})

const result = v.strictObject({
  patch,
  rebuild,
  landing,
  upstream: finding,
  verdict: v.strictObject({ kind: v.picklist(VERDICTS), action: v.picklist(ACTIONS), reason: v.nullable(text) }),
  residual: v.nullable(byteString),
  suggested: v.nullable(byteString),
  overrule: v.nullable(
    v.strictObject({
      digest,
      answer: v.picklist(['drop', 'keep']),
      commit: v.nullable(sha),
      reason: text,
      by: text,
      at: time,
    }),
  ),
})

const found = v.custom<Found>((value) => typeof value === 'string' && /^(?:given$|(?:stated|guessed) \()/.test(value))

const document = v.strictObject({
  schema: v.literal(SCHEMA),
  hash: v.pipe(text, v.regex(/^sha256:[0-9a-f]{64}$/)),
  timing: v.strictObject({ startedAt: time, durationMs: count, toolVersion: text }),
  queue: v.strictObject({
    source: text,
    format: v.picklist(FORMATS),
    revision: v.pipe(text, v.regex(/^sha256:[0-9a-f]{64}$/)),
    order: found,
    disabled: v.array(v.strictObject({ name: text, reason: text })),
    notes: v.exactOptional(v.array(v.strictObject({ file: text, line: v.nullable(count), message: text, hint: text }))),
  }),
  upstream: text,
  base: v.strictObject({ ...release, found: v.union([v.picklist(BASE_FOUND), found]) }),
  target: v.strictObject(release),
  results: v.array(result),
  patches: v.array(v.strictObject({ name: text, verdict: v.picklist(VERDICTS), landing: text })),
  contents: v.record(digest, text),
})
