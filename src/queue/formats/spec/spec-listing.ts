/** A spec as a queue lists it. */
import { UserError } from '../../../errors.ts'
import { type ByteString, toText } from '../../../model/bytes.ts'
import type { DisabledPatch, FormatName } from '../../../model/queue.ts'
import { directoryOf } from '../../files.ts'
import type { ListedPatch, QueueListing } from '../format.ts'
import type { PackageFiles } from './package-files.ts'
import { type AppliedFile, placeText, type Spec, type SpecPatch } from './spec.ts'

/** `list`: the spec's path. What %prep applies is the queue; what it does not apply is disabled. */
export function listingOf(
  spec: Spec,
  { format, list, found }: { format: FormatName; list: ByteString; found: PackageFiles },
): QueueListing {
  const patchOf = new Map(spec.patches.map((patch) => [patch.name, patch]))
  return {
    format,
    patches: spec.applied.map((applied) => toListed(applied, patchOf.get(applied.name), { list, found })),
    disabled: disabledOf(spec),
    base: spec.base,
    order: spec.prep ? `stated (${placeText(spec.prep)})` : 'guessed (no %prep says it)',
    notes: spec.notes,
  }
}

/** @throws UserError where %prep applies none of the patches that are listed. */
export function refuseUnapplied({ patches, prep }: Spec, name: string): void {
  const [first] = patches
  if (!first) return
  const because = prep ? `%prep (${placeText(prep)}) applies none` : 'it has no %prep that applies one'
  throw new UserError(
    `${name} lists ${patches.length} patches, and ${because}`,
    'name the queue that is meant: a series file, or the directory of the patches with --format mails',
  )
}

function disabledOf({ patches, applied, disabled }: Spec): DisabledPatch[] {
  const isApplied = new Set(applied.map(({ name }) => toText(name)))
  const unused = patches.map(({ name }) => ({ name: toText(name), reason: 'not applied by %prep' }))
  const all = new Map([...unused, ...disabled].map((patch) => [patch.name, patch]))
  return [...all.values()].filter(({ name }) => !isApplied.has(name))
}

function toListed(
  { name, strip, reversed, directory, place }: AppliedFile,
  patch: SpecPatch | undefined,
  { list, found }: { list: ByteString; found: PackageFiles },
): ListedPatch {
  const listed = patch?.place ?? place
  const shown = toText(name)
  return {
    name: shown,
    section: patch?.section ?? '',
    owner: null,
    comment: patch?.comment ?? null,
    strip: strip ?? 1,
    reversed,
    directory,
    listed: placeText(listed),
    isStripStated: strip !== null,
    content: /%[{(]/.test(name)
      ? {
          kind: 'problem',
          problem: {
            ...listed,
            message: `${shown}: a macro of the name is not known`,
            hint: 'define it in the spec, or put the name in its place',
          },
        }
      : { kind: 'file', directory: found.get(name) ?? directoryOf(list), name },
  }
}
