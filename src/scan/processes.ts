/** The processes that work for a scan on one machine. */
import { type ChildProcess, spawn } from 'node:child_process'
import { UserError } from '../errors.ts'

/** How a worker is started, and what is done where one ends before the work does. */
export interface Workforce {
  /** The interpreter and the program. */
  program: readonly string[]
  /** The arguments of the worker of a name. */
  argumentsOf: (worker: string) => readonly string[]
  /** Called where one was killed: what it had must go to another. */
  died: (worker: string) => Promise<void>
}

/** Workers that die one after the other point at the machine: no more are started. */
const MAX_DEATHS = 100

/** Runs so many workers until all have ended by themselves; a killed one is replaced. */
export async function runWorkers(count: number, workforce: Workforce): Promise<void> {
  let deaths = 0
  const runOne = async (number: number): Promise<void> => {
    for (let life = 1; ; life++) {
      const worker = `${process.pid}-${number}-${life}`
      const end = await endOf(startWorker(workforce, worker))
      if (end === 0) return
      if (end === null) await workforce.died(worker)
      if (end !== null || ++deaths > MAX_DEATHS)
        throw new UserError(
          `a worker ended with ${end ?? 'a signal, as many did before'}`,
          'what it says stands above; scan again to go on where it stopped',
        )
    }
  }
  await Promise.all(Array.from({ length: count }, (_, at) => runOne(at + 1)))
}

/** It ends with us: the channel between us closes. */
function startWorker({ program, argumentsOf }: Workforce, worker: string): ChildProcess {
  const [command = '', ...rest] = [...program, ...argumentsOf(worker)]
  return spawn(command, rest, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], shell: false })
}

/** The exit code; null for one that was killed. */
function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code))
  })
}
