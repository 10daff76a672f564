/** What was imported of a queue's past. */
import { sep } from 'node:path'
import { UserError } from '../errors.ts'
import { fitsGlob } from '../model/glob.ts'
import type { QueueLife } from '../model/life.ts'
import type { QueueIdentity } from '../model/queue-name.ts'
import { compareReleases } from '../model/version.ts'
import { listAttempts } from '../record/attempts.ts'
import type { Connection } from '../record/database.ts'
import { type LifeKey, listLives, loadLife } from '../record/life.ts'
import { placesOf } from '../record/queue-names.ts'

/** The life of a queue, on some branches of its repository. */
export interface BranchLife {
  life: QueueLife
  /** In the order in which their revisions are told. */
  branches: string[]
}

/**
 * The life of a queue: the one imported for it, or from the repository that it is in, at its own
 * place before others; or the only one there is. `wanted`: names or globs; by default HEAD's branch, else the one with
 * the newest revision. Null where nothing of it was imported.
 *
 * @throws UserError where it has no such branch.
 */
export function lifeOf(
  database: Connection,
  queue: Pick<QueueIdentity, 'places'> | null,
  wanted: readonly string[],
): BranchLife | null {
  const lives = listLives(database)
  if (lives.length === 0) return null
  const places = queue?.places ?? []
  const isTried = listAttempts(database).some(({ source }) => places.includes(source))
  const key = chooseLife(lives, places, isTried)
  if (!key) return null
  const life = loadLife(database, key)
  const branches = wanted.flatMap((name) => branchesNamed(life, name))
  const own = life.head !== null && life.branches.has(life.head) ? life.head : newestBranch(life)
  return { life, branches: branches.length > 0 ? inOrder(life, [...new Set(branches)]) : [own] }
}

/** The same, where it is surely of this queue: one that was never tried is given the only life that is known. */
export function ownLifeOf(database: Connection, place: string): BranchLife | null {
  const places = placesOf(database, place)
  const found = lifeOf(database, { places }, [])
  if (!found) return null
  const { queue: own, repository } = found.life
  const isOwn = own === null || places.some((one) => one === own || one.startsWith(`${repository}${sep}`))
  return isOwn ? found : null
}

/** `wanted`: a name, as git shows it in this clone or in another, or a glob. */
function branchesNamed({ branches }: QueueLife, wanted: string): string[] {
  const name = wanted.replace(/^origin\//, '')
  const found = branches.has(name) ? [name] : [...branches.keys()].filter((one) => fitsGlob(one, name))
  if (found.length > 0) return found
  throw new UserError(
    `there is no branch "${wanted}"`,
    `it has ${[...branches.keys()].join(', ')}; "history import" reads those that came since`,
  )
}

/** Branches of releases follow each other as the bases that they end on. */
function inOrder({ branches, revisions }: QueueLife, names: readonly string[]): string[] {
  const baseOf = (name: string) => revisions.get(branches.get(name) ?? '')?.base ?? ''
  return [...names].sort((one, other) => compareReleases(baseOf(one), baseOf(other)))
}

/** What to say where nothing of a queue was imported. */
export function noLife(database: Connection): UserError {
  const known = listLives(database).map(({ queue, repository }) => queue ?? repository)
  if (known.length === 0)
    return new UserError(
      'no history is recorded',
      'import it from the repository that holds the queue: "rebaseline history import --help" says how',
    )
  return new UserError('no history of this queue is recorded', `name one of these with --queue: ${known.join(', ')}`)
}

/** `isTried`: whether the record knows the queue by itself; then another's life is not its own. */
function chooseLife(lives: readonly LifeKey[], places: readonly string[], isTried: boolean): LifeKey | undefined {
  for (const place of places) {
    const own = lives.findLast(({ queue }) => queue === place)
    const around = lives.findLast(({ repository }) => place.startsWith(`${repository}${sep}`))
    if (own ?? around) return own ?? around
  }
  const [only] = lives.length === 1 ? lives : []
  return isTried && only?.queue !== null ? undefined : only
}

/** The branch whose last revision is the newest. */
function newestBranch({ branches, revisions }: QueueLife): string {
  const timeOf = (sha: string) => revisions.get(sha)?.time ?? 0
  const [newest] = [...branches].sort((one, other) => timeOf(other[1]) - timeOf(one[1]))
  return newest?.[0] ?? ''
}
