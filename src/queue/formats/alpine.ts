/** Alpine's APKBUILD: what prepare() applies, or abuild's default_prepare (APKBUILD(5), abuild). */
import type { ByteString } from '../../model/bytes.ts'
import { baseName } from '../../model/paths.ts'
import { directoryOf, fileNamesIn, joinPath, kindAt, type QueuePlace } from '../files.ts'
import type { QueueFormat } from './format.ts'
import { SOURCES } from './shell/applied.ts'
import type { Call } from './shell/call.ts'
import { applyingOf } from './shell/patch-command.ts'
import { splitField } from './shell/scope.ts'
import { listingOf, Script } from './shell/script.ts'
import { baseOf, isPatchLike, RECIPE, sourcePlaces } from './shell/sources.ts'
import { writeRecipe } from './write-recipe.ts'

const NAME = 'APKBUILD'

export const alpine: QueueFormat = {
  name: 'alpine',
  write: writeRecipe,
  find: (place) => findRecipe(place, NAME),
  read: async (files, list) => {
    const beside = new Set(await fileNamesIn(files, directoryOf(list)))
    const { entriesOf, locate, paths } = sourcePlaces(list, beside, () => ['source'])
    const script = await Script.read(files, list, {
      variables: { srcdir: SOURCES, startdir: RECIPE },
      unknown: ['CARCH', 'CHOST', 'CBUILD', 'CTARGET', 'CTARGET_ARCH', 'CBUILD_ARCH', 'CLIBC', 'BOOTSTRAP', 'pkgdir'],
      ...{ locate, paths },
      command: (call, script) => (call.name === 'default_prepare' ? applyDefault(call, script) : null),
    })
    const builddir = script.text('builddir') || `${SOURCES}/${script.text('pkgname')}-${script.text('pkgver')}`
    if (script.defines('prepare')) script.call('prepare', builddir)
    else applyDefault({ ...NO_CALL, directory: builddir, line: script.line('source') }, script)
    script.call('build', builddir)
    const entries = entriesOf(script)
    const listed = entries.filter(({ name }) => isPatchLike(name)).map(({ name }) => name)
    script.patches.leaveOut(listed, 'listed in source, and not applied')
    return listingOf('alpine', files.nameOf(list), script.patches.finish(), baseOf(script, entries, baseName(list)))
  },
}

const NO_CALL: Call = { name: '', words: [], input: null, piped: null, directory: '', condition: null, line: 1 }

/** What of $source ends in .patch, packed or not, goes to patch(1) with $patch_args. */
function applyDefault(call: Call, script: Script): true {
  const options = splitField({ text: script.text('patch_args') || '-p1', line: call.line, condition: null })
  const applying = applyingOf({
    ...call,
    name: 'patch',
    words: options,
    input: { text: '-', line: 0, condition: null },
  })
  const files = script.words('source').map((field) => {
    const name = baseName(field.text.includes('::') ? field.text.replace(/::.*$/s, '') : field.text)
    return { ...field, text: `${SOURCES}/${name}` }
  })
  const patches = files.filter(({ text }) => /\.patch(?:\.(?:gz|xz))?$/.test(text))
  const directory = script.text('builddir') || call.directory
  if (applying && patches.length > 0) script.patches.add({ ...applying, directory, files: patches }, call)
  return true
}

/** The recipe in a directory, or the file itself, by its name. */
export async function findRecipe({ files, path, kind }: QueuePlace, name: ByteString): Promise<ByteString | null> {
  if (kind === 'file') return baseName(path).startsWith(name) ? path : null
  const found = joinPath(path, name)
  return (await kindAt(files, found)) === 'file' ? found : null
}
