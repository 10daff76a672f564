/** Arch's PKGBUILD: makepkg(8) applies nothing by itself, so what prepare() and build() do counts. */
import { baseName } from '../../model/paths.ts'
import { directoryOf, fileNamesIn } from '../files.ts'
import { findRecipe } from './alpine.ts'
import type { QueueFormat } from './format.ts'
import { SOURCES } from './shell/applied.ts'
import { listingOf, Script } from './shell/script.ts'
import { baseOf, isPatchLike, RECIPE, sourcePlaces } from './shell/sources.ts'
import { writeRecipe } from './write-recipe.ts'

/** The processors that `source_ARCH` may name (PKGBUILD(5)). */
const ARCHES = ['x86_64', 'aarch64', 'armv7h', 'armv6h', 'arm', 'i686', 'pentium4', 'riscv64', 'loong64', 'i486']

export const arch: QueueFormat = {
  name: 'arch',
  write: writeRecipe,
  find: (place) => findRecipe(place, 'PKGBUILD'),
  read: async (files, list) => {
    const beside = new Set(await fileNamesIn(files, directoryOf(list)))
    const { entriesOf, locate, paths } = sourcePlaces(list, beside, () => [
      'source',
      ...ARCHES.map((name) => `source_${name}`),
    ])
    const script = await Script.read(files, list, {
      variables: { srcdir: SOURCES, startdir: RECIPE },
      unknown: ['CARCH', 'CHOST', 'MINGW_CHOST', 'MSYSTEM', 'pkgdir'],
      ...{ locate, paths },
      command: () => null,
    })
    script.call('prepare', SOURCES)
    script.call('build', SOURCES)
    const entries = entriesOf(script)
    const listed = entries.filter(({ name }) => isPatchLike(name)).map(({ name }) => name)
    script.patches.leaveOut(listed, 'listed in source, and not applied')
    return listingOf('arch', files.nameOf(list), script.patches.finish(), baseOf(script, entries, baseName(list)))
  },
}
