/** Asks, at every attempt, whether patches are to go by what their header or the config says. */
import { conditionsOf, evaluate, readCondition } from '../../audit/retire.ts'
import type { Scratch } from '../../git/scratch.ts'
import { listTree } from '../../git/tree.ts'
import type { Attempt, Base } from '../../model/attempt.ts'
import type { Retirement } from '../../model/audit.ts'
import { fromText } from '../../model/bytes.ts'
import type { Config } from '../../model/config.ts'
import type { Problem } from '../../model/patch.ts'
import type { PatchQueue } from '../../model/queue.ts'
import { toVersion } from '../../model/version.ts'
import { claimedCommits } from '../../upstream/claimed-commits.ts'
import { listTags } from '../../upstream/releases.ts'

/** The conditions of each patch that has some, each with its answer, by position. */
export type Retirements = ReadonlyMap<number, Retirement[]>

export async function retirementsOf(
  { patches }: PatchQueue,
  { retire }: Pick<Config, 'retire'>,
  { base, target }: Pick<Attempt, 'base' | 'target'>,
  scratch: Scratch,
): Promise<Retirements> {
  const asked = patches.flatMap((patch): [number, string[]][] => {
    const conditions = conditionsOf(patch, retire)
    return conditions.length === 0 ? [] : [[patch.position, conditions]]
  })
  if (asked.length === 0) return new Map()
  const names = asked.flatMap(([, conditions]) => {
    return conditions.map(readCondition).flatMap((one) => (one.kind === 'commit' ? [one.sha] : []))
  })
  const range = { base: base.commit, target: target.commit }
  const { named: commits } = await claimedCommits(scratch, range, { names, subjects: [] })
  const entries = await listTree(scratch, target.commit)
  const facts = {
    ...{ base: await releaseOf(base, scratch), commits },
    knowsCommits: knowsAllCommits(scratch),
    hasFile: (path: string) => entries.has(fromText(path)),
  }
  return new Map(asked.map(([position, conditions]) => [position, conditions.map((words) => evaluate(words, facts))]))
}

/** Behind the cut of a shallow clone may be any commit, and of tarballs none is known. */
export function knowsAllCommits({ detail, cuts }: Scratch): boolean {
  return detail === 'commits' && cuts.size === 0
}

/** A base that is named by its commit is called like the tag that it has. */
async function releaseOf({ ref, commit }: Base, scratch: Scratch): Promise<string> {
  if (toVersion(ref)) return ref
  const tag = (await listTags(scratch)).find((one) => one.commit === commit && one.version !== null)
  return tag?.name ?? ref
}

/** What a person should know of them: what is to go, what nobody can answer, and names that fit no patch. */
export function retirementNotes({ patches }: PatchQueue, { file, retire }: Config, found: Retirements): Problem[] {
  const notes = patches.flatMap(({ position, name }) => {
    return (found.get(position) ?? []).flatMap(({ condition, met, because }): Problem[] => {
      if (met === false) return []
      const [says, hint] = met
        ? ['is to go', 'take the patch out of the queue, or the condition out of it']
        : ['may be to go', 'answer it yourself, and write it so that it can be asked']
      return [{ file: name, line: null, message: `${says}: "${condition}": ${because}`, hint }]
    })
  })
  const known = new Set(patches.map(({ name }) => name))
  const strangers = [...retire].flatMap(([name, { line }]): Problem[] => {
    if (known.has(name)) return []
    const message = `retire: the queue has no patch "${name}"`
    return [{ file: file ?? '', line, message, hint: 'take the line out, or mend the name' }]
  })
  return [...notes, ...strangers]
}
