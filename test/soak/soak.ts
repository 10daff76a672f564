/**
 * Three long tests. `npm run soak -- --queue QUEUE [--runs 25000] [--seed 1]` cuts, flips and doubles
 * bytes of the patches of a real queue, and reads what comes of it: nothing may be called empty,
 * nothing may be taken shorter without a word, and nothing may be thrown, unless the cut left no
 * sign in the file (docs/safety.md). `npm run soak -- --patches 3000 [--seed 1]` applies patches that
 * are made up, as git apply and patch(1) do. `npm run soak -- --lists 2000 [--seed 1]` damages the
 * files of each scene of fixtures/formats, as often, and reads what comes of it: nothing but a
 * UserError may be thrown, and nothing may take a second.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { UserError } from '../../src/errors.ts'
import { changesOf, type Patch } from '../../src/model/patch.ts'
import { readPatch } from '../../src/patch/read/read-patch.ts'
import { readQueue } from '../../src/queue/read-queue.ts'
import { filesBelow, readDamaged } from '../helpers/damaged-queue.ts'
import { applyAll, faultOf, makePatch, type Random, randomOf } from '../helpers/differential.ts'

const { values } = parseArgs({
  options: {
    queue: { type: 'string' },
    patches: { type: 'string' },
    lists: { type: 'string' },
    runs: { type: 'string', default: '25000' },
    seed: { type: 'string', default: '1' },
  },
})
/** What tells how long a patch is: a diffstat, parts of MIME. */
const TELLS = /^(?: \d+ files? changed| \S.* \| +(?:\d|Bin)|Content-Type: *multipart)/m
/** What a line of anything else than words begins with: fields and tags, marks of a commit, a diff. */
const NO_WORDS =
  /^(?:(?:From|Subject|Date|Description|Origin|Author|Cc|Upstream-Status|[A-Z][a-z]+(?:-[a-z]+)*-by): |diff |Index: |--- ?|\+\+\+ |@@|# HG |From |commit )/m

if (values.queue !== undefined) await readDamagedPatches(values.queue)
else if (values.lists !== undefined) await readDamagedLists(Number(values.lists))
else if (values.patches !== undefined) await compareAppliers(Number(values.patches))
else {
  process.stderr.write(
    'soak: --queue names the queue whose patches are damaged; or --patches how many are made up; or --lists how often lists are damaged\n',
  )
  process.exit(64)
}

async function compareAppliers(runs: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'rebaseline-soak-'))
  const random = randomOf(Number(values.seed))
  let faults = 0
  for (let run = 0; run < runs; run++) {
    const made = makePatch(random, directory)
    if (made.patch === '') continue
    const outcomes = await applyAll(made, directory)
    const fault = faultOf(made, outcomes)
    if (fault === null) continue
    faults++
    process.stdout.write(`${fault}\n${JSON.stringify({ ...made, outcomes }, null, 1)}\n`)
  }
  rmSync(directory, { recursive: true })
  process.stdout.write(`${runs} patches, ${faults} faults\n`)
  if (faults > 0) process.exitCode = 1
}

/** A reader that takes longer hangs. */
const LONGEST_MS = 1000

async function readDamagedLists(runs: number): Promise<void> {
  const scenes = join(process.cwd(), 'fixtures/formats')
  const root = mkdtempSync(join(tmpdir(), 'rebaseline-soak-'))
  cpSync(scenes, root, { recursive: true })
  const random = randomOf(Number(values.seed))
  let [refused, faults] = [0, 0]
  for (const scene of readdirSync(root)) {
    const { queue } = JSON.parse(readFileSync(join(root, scene, 'expected.json'), 'utf8')) as { queue: string }
    const paths = filesBelow(join(root, scene, 'queue'))
    for (let run = 0; run < runs; run++) {
      const started = Date.now()
      const failed = await readDamaged(join(root, scene, queue), paths, random).catch((error: unknown) => error)
      const took = Date.now() - started
      if (failed instanceof UserError) refused++
      const isFault = took > LONGEST_MS || (failed instanceof Error && !(failed instanceof UserError))
      if (!isFault) continue
      faults++
      process.stdout.write(`${scene}, run ${run}: ${took} ms, ${failed instanceof Error ? failed.stack : 'read'}\n`)
    }
  }
  rmSync(root, { recursive: true })
  process.stdout.write(`${runs} for each scene: ${refused} refused, ${faults} faults\n`)
  if (faults > 0) process.exitCode = 1
}

type Damage = 'cut' | 'flip' | 'double'
function damage(bytes: Uint8Array, kind: Damage, random: Random): Uint8Array {
  const at = random(bytes.length)
  if (kind === 'cut') return bytes.slice(0, at)
  if (kind === 'flip') return bytes.with(at, (bytes[at] ?? 0) ^ (1 << random(8)))
  const end = Math.min(bytes.length, at + 1 + random(200))
  return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)])
}

/** Lines that a patch adds and removes, file by file. */
function sizeOf(patch: Patch): number {
  return patch.added + patch.removed + changesOf(patch).length
}

/**
 * Whether a cut leaves a file that somebody may have written just so: the bytes alone are looked at.
 * It falls between two lines, of words alone, or where a hunk or a file would have followed; and
 * nothing in front of it says how long the patch is.
 */
function leavesNoSign(whole: Uint8Array, size: number): boolean {
  const text = Buffer.from(whole).toString('latin1')
  const [left, lost] = [text.slice(0, size), text.slice(size)]
  if (!left.endsWith('\n') || TELLS.test(left)) return false
  return !NO_WORDS.test(left) || /^(?:@@ -\d|diff |Index: |--- \S+.*\n\+\+\+ )/.test(lost)
}

async function readDamagedPatches(queue: string): Promise<void> {
  const kinds: readonly Damage[] = ['cut', 'flip', 'double']
  const random = randomOf(Number(values.seed))
  const patches = (await readQueue(queue)).patches.filter(
    (patch) => patch.content.kind === 'readable' && patch.files > 0,
  )
  const found: string[] = []
  const counts = {
    runs: 0,
    unreadable: 0,
    warned: 0,
    same: 0,
    other: 0,
    noSignLeft: 0,
    empty: 0,
    shorter: 0,
    thrown: 0,
  }
  for (; counts.runs < Number(values.runs); counts.runs++) {
    const whole = patches[random(patches.length)]
    const kind = kinds[counts.runs % kinds.length]
    if (whole === undefined || kind === undefined) break
    const bytes = damage(whole.bytes, kind, random)
    try {
      const read = readPatch(whole, whole.position, bytes)
      const note = `${kind} of ${whole.name} to ${bytes.length} of ${whole.bytes.length} bytes`
      const isLess = read.files === 0 || (kind === 'cut' && sizeOf(read) < sizeOf(whole))
      if (read.content.kind === 'unreadable') counts.unreadable++
      else if (read.files > 0 && read.warnings.length > whole.warnings.length) counts.warned++
      else if (isLess && kind === 'cut' && leavesNoSign(whole.bytes, bytes.length)) counts.noSignLeft++
      else if (read.files === 0) found.push(`empty: ${note}`) && counts.empty++
      else if (isLess) found.push(`shorter: ${note}`) && counts.shorter++
      else if (sizeOf(read) === sizeOf(whole)) counts.same++
      else counts.other++
    } catch (error) {
      counts.thrown++
      found.push(`thrown: ${kind} of ${whole.name}: ${error instanceof Error ? error.stack : String(error)}`)
    }
  }
  process.stdout.write(`${found.slice(0, 20).join('\n')}${found.length > 0 ? '\n' : ''}${JSON.stringify(counts)}\n`)
  if (counts.empty + counts.shorter + counts.thrown > 0) process.exitCode = 1
}
