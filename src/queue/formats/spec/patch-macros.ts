/** The macros that apply many patches at once, and the line that each of them becomes. */
import { UserError } from '../../../errors.ts'
import type { ByteString } from '../../../model/bytes.ts'
import { wordsIn } from './functions.ts'
import { argumentsOf, type Macros } from './macros.ts'
import type { SpecPatch } from './spec.ts'

/** The word that begins a line of ours: "%__apply_listed 3 -p1". */
export const APPLY_LISTED = '%__apply_listed'

/** %autosetup of rpm, and those of Fedora's packagers that do the same. */
const SETUPS = ['autosetup', 'forgeautosetup', 'goautosetup']
/** What -S may name, and applies with -p1 where nothing else is said. */
const STRIPS_ONE = new Set(['git', 'git_am', 'quilt', 'hg'])

/**
 * Lets a spec's macros know %autosetup, %autopatch and %apply_patches (Mageia). They hold for the
 * patches that are listed where they stand.
 */
export function applyAll(macros: Macros, patches: () => readonly SpecPatch[]): void {
  const apply = (line: ByteString): ByteString => {
    const found = argumentsOf('autopatch', 'vp:qm:M:', wordsIn(line))
    const strip = found.get('-p*') ?? (STRIPS_ONE.has(macros.get('__scm') ?? '') ? '1' : null)
    const chosen = chosenOf(patches(), found, macros.place)
    return chosen.map(({ number }) => `\n${APPLY_LISTED} ${number}${strip === null ? '' : ` -p${strip}`}`).join('')
  }
  for (const name of SETUPS)
    macros.builtIn(name, (line) => {
      const found = argumentsOf(name, 'a:b:cCDn:TvNS:p:', wordsIn(line))
      const scm = found.get('-S*')
      if (scm !== undefined) macros.set('__scm', scm)
      const setup = ['-a', '-b', '-c', '-D', '-n', '-T'].flatMap((option) => found.get(option) ?? [])
      const rest = found.has('-N') ? '' : apply(found.get('-p') ?? '')
      return `%setup ${setup.join(' ')}${rest}`
    })
  macros.builtIn('autopatch', apply)
  macros.builtIn('apply_patches', () => apply('-p1'))
}

/** Those whose numbers are given, in that order; else those between -m and -M, both included. */
function chosenOf(patches: readonly SpecPatch[], found: ReadonlyMap<string, ByteString>, place: string): SpecPatch[] {
  const low = Number(found.get('-m*') ?? 0)
  const high = Number(found.get('-M*') ?? Number.POSITIVE_INFINITY)
  if (Number.isNaN(low + high))
    throw new UserError(`${place}: the range of %autopatch is not known`, 'put the numbers in the place of its macro')
  const count = Number(found.get('#'))
  if (count === 0) return patches.filter(({ number }) => number >= low && number <= high)
  return Array.from({ length: count }, (_, index) => {
    const wanted = found.get(String(index + 1)) ?? ''
    const patch = patches.find(({ number }) => number === Number(wanted))
    if (patch) return patch
    throw new UserError(`${place}: %autopatch of ${wanted}, which is no number of a patch`, 'mend the number')
  })
}
