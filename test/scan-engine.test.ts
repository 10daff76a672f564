/** Scans over real servers, with workers, collector and server killed at some time. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createPostgresBackend, Queue, withBackend } from 'bullmq'
import { describe, expect, it } from 'vitest'
import { rebaseline } from './helpers/cli.ts'
import { engineServer, HAS_SERVER } from './helpers/engine-server.ts'
import { buildPortfolio } from './helpers/portfolio.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url))

function hashes(place: string, db: string): string[] {
  const { stdout } = rebaseline(place, ['attempt', 'export', '--all', '--db', db])
  const lines = stdout.split('\n').filter(Boolean)
  return lines.map((line) => (JSON.parse(line) as { hash: string }).hash).sort()
}

/** A process that can be killed, and is started again where it ends. */
class Supervised {
  readonly #args: string[]
  readonly #place: string
  #child: ChildProcess
  #isOver = false

  constructor(place: string, args: string[]) {
    this.#place = place
    this.#args = args
    this.#child = this.#start()
  }

  #start(): ChildProcess {
    const env = { PATH: process.env.PATH ?? '', HOME: this.#place }
    const child = spawn(process.execPath, [cli, ...this.#args], { cwd: this.#place, env, stdio: 'ignore' })
    child.once('exit', () => {
      if (!this.#isOver) this.#child = this.#start()
    })
    return child
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  end(): void {
    this.#isOver = true
    this.kill()
  }
}

describe.each(['redis', 'postgres'] as const)('scan over %s', (kind) => {
  const name = HAS_SERVER[kind] ? 'makes the attempts that one machine makes' : `is skipped: no ${kind} is installed`
  it.skipIf(!HAS_SERVER[kind])(
    `${name}, whatever is killed`,
    async () => {
      const place = join(directory, kind)
      mkdirSync(place)
      buildPortfolio(place, 2, 6)
      const server = await engineServer(kind, join(place, 'server'))
      await server.start()
      const workers = [1, 2].map(() => new Supervised(place, ['scan', 'worker', '--engine', server.url]))
      const scan = ['scan', 'portfolio.yaml', '--engine', server.url, '--db', 'engine.db', '--json']
      try {
        const first = new Supervised(place, scan)
        await setTimeout(2500)
        workers[0]?.kill()
        await setTimeout(500)
        await server.kill()
        await setTimeout(500)
        await server.start()
        await setTimeout(500)
        first.end()
        workers[1]?.kill()
        const { code, stdout, stderr } = rebaseline(place, scan)
        expect(code, stderr).toBe(0)
        expect(JSON.parse(stdout)).toMatchObject({ planned: 12, problems: [] })
        rebaseline(place, ['scan', 'portfolio.yaml', '--db', 'here.db'])
        expect(hashes(place, 'engine.db')).toEqual(hashes(place, 'here.db'))
        expect(JSON.parse(rebaseline(place, scan).stdout)).toMatchObject({ tried: 0 })
      } finally {
        for (const worker of workers) worker.end()
        await server.kill()
      }
    },
    180_000,
  )
})

describe.each(['redis', 'postgres'] as const)('the times of %s', (kind) => {
  it.skipIf(!HAS_SERVER[kind])(
    'have a portfolio scanned at once, and again when it is time',
    async () => {
      const place = join(directory, `times-${kind}`)
      mkdirSync(place)
      const portfolio = buildPortfolio(place, 1, 1)
      appendFileSync(portfolio, 'schedule: 30 4 * * *\n')
      const server = await engineServer(kind, join(place, 'server'))
      await server.start()
      const engine = ['--engine', server.url]
      const scan = ['scan', 'portfolio.yaml', ...engine, '--db', 'engine.db']
      const processes = [
        ['scan', 'worker', ...engine],
        [...scan, '--on-schedule'],
      ].map((words) => new Supervised(place, words))
      const untilAttempts = async (count: number) => {
        for (let tries = 0; tries < 100 && hashes(place, 'engine.db').length < count; tries++) await setTimeout(200)
        expect(hashes(place, 'engine.db')).toHaveLength(count)
      }
      const queue = timesQueue(server.url, portfolio)
      try {
        await untilAttempts(1)
        const [scheduler, ...others] = await queue.getJobSchedulers()
        expect([scheduler?.pattern, others]).toEqual(['30 4 * * *', []])
        appendFileSync(join(place, 'queues', 'q1', 'stays.patch'), '\n')
        const [next] = await untilSome(() => queue.getDelayed())
        await next?.promote()
        await untilAttempts(2)
      } finally {
        await queue.close()
        for (const one of processes) one.end()
        await server.kill()
      }
    },
    180_000,
  )
})

/** The engine's queue of a portfolio's times, as anybody else sees it. */
function timesQueue(url: string, portfolio: string): Queue {
  const name = `rebaseline-times-${createHash('sha256').update(portfolio).digest('hex').slice(0, 16)}`
  if (url.startsWith('redis')) return new Queue(name, { connection: { url, maxRetriesPerRequest: null } })
  const { Queue: OnPostgres } = withBackend(createPostgresBackend)
  return new OnPostgres(name, { connection: { connectionString: url, migrate: true } }) as unknown as Queue
}

async function untilSome<One>(ask: () => Promise<One[]>): Promise<One[]> {
  for (let tries = 0; tries < 100; tries++) {
    const found = await ask()
    if (found.length > 0) return found
    await setTimeout(200)
  }
  return []
}

it('says of an engine that is not there how to go on', () => {
  const place = join(directory, 'absent')
  mkdirSync(place)
  buildPortfolio(place, 1, 1)
  const { code, stderr } = rebaseline(place, ['scan', 'portfolio.yaml', '--engine', 'postgres://x@127.0.0.1:1/x'])
  expect(code).toBe(2)
  expect(stderr).toMatch(/the engine does not answer: .*\n {2}hint: start it/)
  expect(rebaseline(place, ['scan', 'worker', '--engine', 'amqp://x']).code).toBe(1)
  expect(rebaseline(place, ['scan', 'worker']).code).toBe(1)
  expect(rebaseline(place, ['scan', 'portfolio.yaml', '--on-schedule']).code).toBe(1)
})
