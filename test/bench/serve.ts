/**
 * `npm run bench -- serve`: a dashboard of 30,000 queues and 70,000 patches. Prints what every page
 * takes on the server, and what memory does under 50 requests a second for a minute.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { writeRecordOfMany } from '../helpers/record-of-many.ts'

export interface ServeBench {
  cli: string
  /** The record; made where it is missing. */
  db: string
  /** Where the cache is. */
  work: string
  seconds: number
  print: (text: string) => void
}

const MANY = { queues: 30_000, patches: 70_000 }
const PER_SECOND = 50
const TIMES = 21

/** Pages of every kind; names and addresses are read from the first of them. */
async function pagesOf(base: string): Promise<string[]> {
  const portfolio = await (await fetch(`${base}/portfolio`)).text()
  const [, queue = ''] = /href="(\/q\/[^"/]+)"/.exec(portfolio) ?? []
  const shown = await (await fetch(base + queue)).text()
  const [, patch = ''] = /href="(\/q\/[^"]+\/p\/[^"]+)"/.exec(shown) ?? []
  const [, attempt = ''] = /href="(\/a\/[0-9a-f]+)"/.exec(shown) ?? []
  return [
    ...['/', '/?owner=ann', '/?owner=ann,ben,eve', '/feed.atom', '/feed.json?owner=ann'],
    ...['/portfolio', '/portfolio?page=300', '/portfolio?sort=name&page=600', '/portfolio?next=decide&sort=size'],
    ...[
      '/portfolio?text=package-00123',
      '/portfolio?text=fix-77',
      '/portfolio?text=src%2Fnet',
      '/portfolio?text=Rework',
    ],
    ...['/portfolio/feed.atom?text=fix-77', queue, `${queue}?verdict=mend&file=net&sort=age`, `${queue}/feed.json`],
    ...[`${queue}/trend`, `${queue}/trend.csv`, `${queue}/badge.svg`, patch, `${patch}/feed.atom`, attempt],
    ...[`${attempt}/feed.atom`, '/jobs', '/badge.svg', '/nothing-here'],
  ]
}

export async function benchServe({ cli, db, work, seconds, print }: ServeBench): Promise<void> {
  if (!existsSync(db)) {
    print(`writing a record of ${MANY.queues} queues and ${MANY.patches} patches, each tried twice`)
    await writeRecordOfMany(db, MANY)
  }
  const begun = performance.now()
  const server = spawn(process.execPath, [cli, 'serve', '--db', db, '--port', '0'], {
    env: { ...process.env, XDG_CACHE_HOME: work, XDG_STATE_HOME: work },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const base = await addressOf(server)
    print(`drawn and serving after  ${((performance.now() - begun) / 1000).toFixed(1)} s`)
    const pages = await pagesOf(base)
    let worst = 0
    print('status   median       slowest    processor of the server')
    for (const page of pages) worst = Math.max(worst, await timePage(base, page, { server, print }))
    print(`worst median             ${worst.toFixed(1)} ms`)
    await load(base, pages, { server, seconds, print })
  } finally {
    server.kill()
  }
}

async function addressOf(server: ChildProcess): Promise<string> {
  if (!server.stdout) throw new Error('the server has no output')
  for await (const line of createInterface(server.stdout)) return line.replace(/\/$/, '')
  throw new Error('the server ended')
}

interface Running {
  server: ChildProcess
  print: (text: string) => void
}

/** The median of some requests one after the other, connection and all. */
async function timePage(base: string, page: string, { server, print }: Running): Promise<number> {
  const before = processorOf(server)
  const times: number[] = []
  let bytes = 0
  let status = 0
  for (let at = 0; at < TIMES; at++) {
    const begun = performance.now()
    const answer = await fetch(base + page)
    bytes = (await answer.arrayBuffer()).byteLength
    status = answer.status
    times.push(performance.now() - begun)
  }
  times.sort((one, other) => one - other)
  const median = times[Math.floor(TIMES / 2)] ?? 0
  const slowest = times.at(-1) ?? 0
  const own = (processorOf(server) - before) / TIMES
  const columns = [median, slowest, own].map((milliseconds) => `${milliseconds.toFixed(1).padStart(8)} ms`)
  print(`${status}  ${columns.join('  ')}  ${String(bytes).padStart(7)} bytes  ${page}`)
  return median
}

/** Asks for all pages in turn, so many times a second, whatever the answers take. */
async function load(
  base: string,
  pages: readonly string[],
  { server, seconds, print }: Running & { seconds: number },
): Promise<void> {
  const times: number[] = []
  const open: Promise<void>[] = []
  let failed = 0
  const ask = async (page: string) => {
    const begun = performance.now()
    try {
      await (await fetch(base + page)).arrayBuffer()
      times.push(performance.now() - begun)
    } catch {
      failed++
    }
  }
  const before = processorOf(server)
  const begun = performance.now()
  const memory: number[] = []
  for (let at = 0; at < PER_SECOND * seconds; at++) {
    await setTimeout(Math.max(0, begun + (at * 1000) / PER_SECOND - performance.now()))
    open.push(ask(pages[at % pages.length] ?? '/'))
    if (at % (PER_SECOND * 10) === 0) memory.push(megabytesOf(server))
  }
  await Promise.all(open)
  memory.push(megabytesOf(server))
  const took = (performance.now() - begun) / 1000
  times.sort((one, other) => one - other)
  const at = (share: number) => (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1)
  print(
    `${times.length} requests in ${took.toFixed(1)} s: median ${at(0.5)} ms, 95 % below ${at(0.95)} ms, slowest ${at(1)} ms; ${failed} failed`,
  )
  print(`processor of the server  ${((processorOf(server) - before) / times.length).toFixed(1)} ms a request`)
  print(`memory of the server     ${memory.join(', ')} MB, every ten seconds`)
}

/** proc(5): milliseconds of processor time, own and for the system, of hundredths of a second. */
function processorOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** proc(5): resident memory. */
function megabytesOf({ pid }: ChildProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
}
