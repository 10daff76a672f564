/** `npm run binary`: makes dist/rebaseline, which needs no Node, and the licences of what is in it. */
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildBinary } from './build-binary.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const { executable, licences } = buildBinary(root)
cpSync(executable, join(root, 'dist', 'rebaseline'))
writeFileSync(join(root, 'dist', 'rebaseline.licences.txt'), licences)
process.stdout.write('dist/rebaseline\ndist/rebaseline.licences.txt\n')
