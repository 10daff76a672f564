/**
 * `npm run bench`: `rebaseline try` against the loop that it replaces, `git am -3` patch by patch
 * past every failure, in the same run.
 *
 *   npm run bench
 *   npm run bench -- --curve            how time and memory grow with the queue, to 5,000 patches
 *   npm run bench -- serve              a dashboard of 30,000 queues: each page, and a minute of
 *                                       requests [--db FILE to keep the record]
 *   npm run bench -- --queue PATH --upstream REPOSITORY --onto TAG [--base TAG]
 *
 * Also `audit` of the recorded attempt against `try`, and the queue's history against git alone,
 * where the queue is in a repository.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { git } from '../../fixtures/build-upstream.ts'
import { openScratch } from '../../src/git/scratch.ts'
import { tryQueue } from '../../src/jobs/try/try-queue.ts'
import type { PreparedQueues } from '../../src/model/attempt.ts'
import { readQueue } from '../../src/queue/read-queue.ts'
import { openCommitIndex } from '../../src/record/commit-index.ts'
import { repositoryAround } from '../../src/workspace/repository-around.ts'
import { gitSetting } from '../helpers/git-setting.ts'
import { generate } from './generate.ts'
import { benchServe } from './serve.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    db: { type: 'string' },
    seconds: { type: 'string' },
    queue: { type: 'string' },
    upstream: { type: 'string' },
    onto: { type: 'string' },
    base: { type: 'string' },
    curve: { type: 'boolean' },
  },
})
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
const print = (text: string) => process.stdout.write(`${text}\n`)

/** Each run makes everything anew. */
const NOTHING_PREPARED: PreparedQueues = { load: () => null, save: async () => {} }

const work = mkdtempSync(join(tmpdir(), 'rebaseline-bench-'))
try {
  if (positionals[0] === 'serve') {
    const db = resolve(values.db ?? join(work, 'many.db'))
    await benchServe({ cli, db, work, seconds: Number(values.seconds ?? 60), print })
  } else await (values.curve ? benchCurve() : bench())
} finally {
  rmSync(work, { recursive: true, force: true })
}

async function bench(): Promise<void> {
  const { queue, upstream, onto, base } = await settle()
  const place = ['--queue', queue, '--upstream', upstream, '--onto', onto, ...(base ? ['--base', base] : [])]
  const args = ['try', ...place, '--db', join(work, 'bench.db'), '--json']
  const first = await run(args)
  const again = await run(args)
  const loop = await amLoop(queue, upstream, onto)
  const { patches, summary } = JSON.parse(again.output)
  print(`queue of ${patches.length} patches on ${onto}: ${JSON.stringify(summary)}`)
  print(`git am -3, one by one    ${loop.seconds.toFixed(2)} s   (${loop.failed} of ${loop.patches} fail)`)
  print(`rebaseline try, first    ${first.seconds.toFixed(2)} s   ratio ${(first.seconds / loop.seconds).toFixed(3)}`)
  print(`rebaseline try, again    ${again.seconds.toFixed(2)} s   ratio ${(again.seconds / loop.seconds).toFixed(3)}`)
  print(`peak memory of node      ${Math.max(first.megabytes, again.megabytes)} MB`)
  await benchAudit(place, again)
  await benchHistory(queue)
  await benchStages(queue, upstream, onto, base ?? null)
  await benchIndex(queue, upstream, JSON.parse(again.output))
}

/** The attempt is recorded and the cache ready; the first also reads the queue's history. */
async function benchAudit(place: readonly string[], tried: Run): Promise<void> {
  const audit = ['audit', ...place, '--db', join(work, 'bench.db'), '--json']
  print(`audit, first             ${against(await run(audit), tried.seconds)}`)
  print(`audit, again             ${against(await run(audit), tried.seconds)}`)
}

/** `git log -p` reads the same, and understands nothing of it. */
async function benchHistory(queue: string): Promise<void> {
  const repository = repositoryAround(queue)
  if (repository === null) return
  const started = performance.now()
  const log = spawnSync('git', ['-C', repository, 'log', '-p', '--branches', '--remotes'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (log.status !== 0) throw new Error(`git log ended with ${log.status}`)
  const seconds = (performance.now() - started) / 1000
  const place = ['--db', join(work, 'history.db'), '--queue', queue]
  const read = ['history', 'import', '--repo', repository, ...place]
  print(`git log -p of the queue  ${seconds.toFixed(2)} s`)
  print(`history import           ${against(await run(read), seconds)}`)
  print(`history import, again    ${against(await run(read), seconds)}`)
  print(`history                  ${against(await run(['history', ...place, '--json']), seconds)}`)
}

function against(run: Run, seconds: number): string {
  return `${run.seconds.toFixed(2)} s   ratio ${(run.seconds / seconds).toFixed(3)}   ${run.megabytes} MB`
}

/** What two stages of a try take of it, everything they need being there. */
async function benchStages(path: string, upstream: string, onto: string, base: string | null): Promise<void> {
  const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
  const directory = mkdtempSync(join(memory, 'rebaseline-bench-'))
  const cache = openCommitIndex(join(work, 'bench.db'))
  const begun = new Map<string, number>()
  let stage = ''
  const seconds = new Map<string, number>()
  const progress = (step: string) => {
    if (step === stage) return
    const now = performance.now()
    seconds.set(stage, (now - (begun.get(stage) ?? now)) / 1000)
    begun.set(step, now)
    stage = step
  }
  try {
    const scratch = await openScratch(join(directory, 'scratch'), upstream, gitSetting())
    const queue = await readQueue(path)
    await tryQueue(
      queue,
      { upstream, onto, base },
      { scratch, cache, prepared: NOTHING_PREPARED, overrules: new Map(), resolutions: [], progress, warn: () => {} },
    )
    const matching = seconds.get('looking for the patches upstream') ?? 0
    const landing = seconds.get('landing') ?? 0
    print(`matching, of that        ${matching.toFixed(2)} s`)
    print(
      `landing, of that         ${landing.toFixed(2)} s   ${((landing * 1000) / queue.patches.length).toFixed(2)} ms per patch of the queue`,
    )
  } finally {
    cache.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** The same upstream, queues of double the length: the time per patch should stay. */
async function benchCurve(): Promise<void> {
  for (const patches of [625, 1250, 2500, 5000]) {
    const directory = join(work, `${patches}`)
    generate(directory, { files: 2000, commits: 3000, patches })
    const args = ['try', '--queue', join(directory, 'queue'), '--upstream', join(directory, 'upstream')]
    const { seconds, megabytes } = await run([...args, '--base', 'v1.0', '--onto', 'v2.0', '--json'])
    const each = ((seconds * 1000) / patches).toFixed(2)
    print(`${String(patches).padStart(5)} patches   ${seconds.toFixed(2)} s   ${each} ms each   ${megabytes} MB`)
    rmSync(directory, { recursive: true, force: true })
  }
}

interface Tried {
  base: { commit: string }
  target: { commit: string }
  patches: { name: string }[]
}

/**
 * The index of upstream commits from nothing, against what git alone needs for their patch-ids;
 * then `find` with it ready.
 */
async function benchIndex(queue: string, upstream: string, { base, target, patches }: Tried): Promise<void> {
  const range = `${base.commit}..${target.commit}`
  const { source } = await readQueue(queue)
  const files = patches.map(({ name }) => join(dirname(source), name))
  const find = ['find', '--upstream', upstream, '--in', range, '--db', join(work, 'index.db'), '--json']
  const started = performance.now()
  const ids = spawnSync('sh', ['-c', 'git -C "$1" log -p "$2" | git patch-id --stable', 'sh', upstream, range], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (ids.status !== 0) throw new Error(`git patch-id ended with ${ids.status}`)
  const seconds = (performance.now() - started) / 1000
  const cold = await run([...find, ...files.slice(0, 1)])
  const all = await run([...find, ...files])
  const again = await run([...find, ...files])
  print(`git log -p | patch-id    ${seconds.toFixed(2)} s`)
  print(
    `find one, index cold     ${cold.seconds.toFixed(2)} s   ratio ${(cold.seconds / seconds).toFixed(3)}   ${cold.megabytes} MB`,
  )
  print(
    `find all ${String(files.length).padStart(5)}, first    ${all.seconds.toFixed(2)} s   ratio ${(all.seconds / seconds).toFixed(3)}`,
  )
  print(
    `find all ${String(files.length).padStart(5)}, again    ${again.seconds.toFixed(2)} s   ratio ${(again.seconds / seconds).toFixed(3)}`,
  )
}

async function settle(): Promise<{ queue: string; upstream: string; onto: string; base: string | undefined }> {
  if (values.queue && values.upstream) {
    if (!values.onto) throw new Error('name the release to try with --onto')
    return { queue: resolve(values.queue), upstream: resolve(values.upstream), onto: values.onto, base: values.base }
  }
  print('generating an upstream of 2,000 files and 3,000 commits, and a queue of 300')
  generate(work, { files: 2000, commits: 3000, patches: 300 })
  commitOneByOne(join(work, 'queue'))
  return { queue: join(work, 'queue'), upstream: join(work, 'upstream'), onto: 'v2.0', base: 'v1.0' }
}

/** Makes a queue's directory a repository in which one patch after the other came in. */
function commitOneByOne(queue: string): void {
  const names = readFileSync(join(queue, 'series'), 'utf8').trim().split('\n')
  git(queue, 'init', '--quiet')
  git(queue, 'add', '--all')
  for (const at of names.keys()) {
    writeFileSync(join(queue, 'series'), `${names.slice(0, at + 1).join('\n')}\n`)
    git(queue, 'commit', '--quiet', '--all', '--message', `Add ${names[at]}`)
  }
}

interface Run {
  seconds: number
  megabytes: number
  output: string
}

async function run(args: string[]): Promise<Run> {
  const started = performance.now()
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let megabytes = 0
  const watch = setInterval(() => {
    megabytes = Math.max(megabytes, peakOf(child.pid))
  }, 20)
  const chunks: Buffer[] = []
  for await (const chunk of child.stdout) chunks.push(chunk)
  const code = await new Promise((done) => child.once('close', done))
  clearInterval(watch)
  if (code !== 0) throw new Error(`rebaseline ended with ${code}`)
  return { seconds: (performance.now() - started) / 1000, megabytes, output: Buffer.concat(chunks).toString() }
}

/** Linux tells the peak of a running process; elsewhere it stays 0. */
function peakOf(pid: number | undefined): number {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Math.round(Number(kilobytes ?? 0) / 1024)
  } catch {
    return 0
  }
}

/** The checkout is not counted, the loop alone. */
async function amLoop(
  queue: string,
  upstream: string,
  onto: string,
): Promise<{ seconds: number; failed: number; patches: number }> {
  const tree = join(work, 'am')
  git(work, 'clone', '--quiet', '--shared', '--no-checkout', upstream, tree)
  git(tree, 'checkout', '--quiet', '--detach', onto)
  const { source, patches } = await readQueue(queue)
  let failed = 0
  const started = performance.now()
  const call = (...args: string[]) => {
    return (
      spawnSync('git', ['-c', 'user.name=b', '-c', 'user.email=b@example.org', ...args], { cwd: tree, stdio: 'ignore' })
        .status === 0
    )
  }
  for (const patch of patches) {
    if (call('am', '-3', '--quiet', join(dirname(source), patch.name))) continue
    failed++
    if (!call('am', '--skip', '--quiet') && !call('am', '--abort')) call('reset', '--quiet', '--hard')
  }
  return { seconds: (performance.now() - started) / 1000, failed, patches: patches.length }
}
