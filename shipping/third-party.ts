/** The licences of what is bundled: each asks to be handed on. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What esbuild says of a bundle: only the names of its inputs are of interest. */
interface Bundle {
  outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>
}

interface Package {
  name: string
  version: string
  license?: string
  author?: unknown
}

/** Every package of which something is in the bundle, with its licence in full. `metafile`: esbuild's. */
export function licencesOf(root: string, metafile: string): string {
  const { outputs } = JSON.parse(readFileSync(metafile, 'utf8')) as Bundle
  const inputs = Object.values(outputs).flatMap(({ inputs }) =>
    Object.keys(inputs).filter((name) => (inputs[name]?.bytesInOutput ?? 0) > 0),
  )
  const directories = new Set(inputs.flatMap((name) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? []))
  return [...directories]
    .sort()
    .map((directory) => licenceOf(join(root, directory)))
    .join('\n')
}

function licenceOf(directory: string): string {
  const { name, version, license, author } = JSON.parse(
    readFileSync(join(directory, 'package.json'), 'utf8'),
  ) as Package
  return `${'-'.repeat(78)}\n${name} ${version}: ${license ?? 'see below'}\n\n${textIn(directory) ?? `By ${author}`}\n`
}

/** The licence's own file; else the end of the README; null where neither says more than its name. */
function textIn(directory: string): string | null {
  const read = (pattern: RegExp) => {
    const file = readdirSync(directory).find((one) => pattern.test(one))
    return file === undefined ? '' : readFileSync(join(directory, file), 'utf8')
  }
  const text = read(/^licen[cs]e/i) || (/^#+ licen[cs]e\n(.*)/ims.exec(read(/^readme/i))?.[1] ?? '')
  return text.trim() || null
}
