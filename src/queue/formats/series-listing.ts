/** What a series file lists, as quilt, guilt, SUSE and their like have it. */
import { UserError } from '../../errors.ts'
import { type ByteString, fromBytes, toText } from '../../model/bytes.ts'
import type { Problem } from '../../model/patch.ts'
import { baseName } from '../../model/paths.ts'
import { isUnread, type QueueFiles } from '../files.ts'
import { MAX_SERIES } from '../limits.ts'
import { parseSeries, passesGuards, type Series, type SeriesEntry } from '../series.ts'
import type { ListedPatch, PatchSource, QueueListing, ReadOptions } from './format.ts'

export interface SeriesOptions extends ReadOptions {
  format: QueueListing['format']
  /** Where the patches are. */
  directory: ByteString
  /** Whether all of several `#+tag` must hold (guilt), not any of them (mq). */
  wantsAll: boolean
}

/** @throws UserError where the file is no series. */
export async function readSeriesFile(
  files: QueueFiles,
  list: ByteString,
  options: SeriesOptions,
): Promise<QueueListing> {
  const series = await readSeries(files, list)
  const name = files.nameOf(list)
  const isActive = (entry: SeriesEntry) => passesGuards(entry, options.guards, options.wantsAll)
  const active = series.entries.filter(isActive)
  const firstLines = new Map<ByteString, number>()
  for (const { name: patch, line } of active) if (!firstLines.has(patch)) firstLines.set(patch, line)
  return {
    format: options.format,
    patches: active.map((entry) => toListed(entry, firstLines.get(entry.name), { name, list, options })),
    disabled: [
      ...series.disabled.map((entry) => ({
        name: toText(entry.name),
        reason: 'commented out',
        patch: toListed(entry, entry.line, { name, list, options }),
      })),
      ...series.entries
        .filter((entry) => !isActive(entry))
        .map((entry) => ({
          name: toText(entry.name),
          reason: `guard ${toText(entry.guards.join(' '))}`,
          patch: toListed(entry, entry.line, { name, list, options }),
        })),
    ],
    base: null,
    order: `stated (${toText(baseName(list))})`,
    notes: [],
  }
}

async function readSeries(files: QueueFiles, list: ByteString): Promise<Series> {
  const read = await files.read(list, MAX_SERIES)
  const name = files.nameOf(list)
  if (isUnread(read)) throw new UserError(`${name}: ${read.because}`, 'name a series file with --queue')
  if (looksLikePatch(fromBytes(read)))
    throw new UserError(
      `${name} is a patch, not a series of them`,
      'name the series file or its directory with --queue; "rebaseline find" takes single patches',
    )
  return parseSeries(fromBytes(read))
}

function toListed(
  entry: SeriesEntry,
  first: number | undefined,
  { name, list, options }: { name: string; list: ByteString; options: SeriesOptions },
): ListedPatch {
  const { section, owner, comment, strip, reversed, line } = entry
  return {
    name: toText(entry.name),
    section,
    owner,
    comment,
    strip,
    reversed,
    directory: '',
    listed: `${toText(baseName(list))}:${line}`,
    content: sourceOf(entry, first, { name, options }),
    isStripStated: true,
  }
}

/**
 * `first`: the line that names the patch first; quilt(1) knows patches by their names, so that each
 * stands in the series once.
 */
function sourceOf(
  { name, line, problem }: SeriesEntry,
  first: number | undefined,
  { name: series, options }: { name: string; options: SeriesOptions },
): PatchSource {
  const refused = (message: string, hint: string): { kind: 'problem'; problem: Problem } => {
    return { kind: 'problem', problem: { file: series, line, message: `${toText(name)}${message}`, hint } }
  }
  if (problem)
    return {
      kind: 'problem',
      problem: {
        file: series,
        line,
        message: `${problem} for ${toText(name)}`,
        hint: 'a series line takes -pN and -R',
      },
    }
  if (first !== line)
    return refused(` is listed twice, first in line ${first}`, 'take one of the two lines out of the series')
  // "./a.patch" is a.patch.
  return { kind: 'file', directory: options.directory, name: name.replace(/^(?:\.\/+)+(?=.)/, '') }
}

/** Whether a file is a patch itself. */
export function looksLikePatch(text: ByteString): boolean {
  return /^(?:diff --git |@@ -\d)/m.test(text)
}
