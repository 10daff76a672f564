/** The licences of what is bundled: each asks to be handed on. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What esbuild says of a bundle: only the names of its inputs are of interest. */
interface Bundle {
  outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>
}

interface Package {
  name: string
  version: string
  license?: string
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
  const { name, version, license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Package
  const file = readdirSync(directory).find((one) => /^licen[cs]e/i.test(one))
  const text = file && existsSync(join(directory, file)) ? readFileSync(join(directory, file), 'utf8').trim() : ''
  return `${'-'.repeat(78)}\n${name} ${version}: ${license ?? 'see below'}\n\n${text}\n`
}
