import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/** A server of an engine on loopback, whose data outlive it. */
export interface EngineServer {
  url: string
  start: () => Promise<void>
  /** At once, as a power failure would. */
  kill: () => Promise<void>
}

/** Where Debian's package postgresql puts its programs; null where it is not installed. */
function postgresPrograms(): string | null {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : []
  const newest = versions.map(Number).sort((one, other) => other - one)[0]
  return newest === undefined ? null : `/usr/lib/postgresql/${newest}/bin`
}

/** Whether a server of a kind is installed. */
export const HAS_SERVER = {
  redis: spawnSync('redis-server', ['--version']).status === 0,
  postgres: postgresPrograms() !== null,
}

/** `directory` is made. */
export async function engineServer(kind: 'redis' | 'postgres', directory: string): Promise<EngineServer> {
  mkdirSync(directory, { recursive: true })
  const port = await freePort()
  const [url, command] = kind === 'redis' ? redis(directory, port) : postgres(directory, port)
  let child: ChildProcess | null = null
  return {
    url,
    start: async () => {
      for (let tries = 0; tries < 300; tries++) {
        // The processes of a killed PostgreSQL may keep a second one off for a moment.
        if (child === null || child.exitCode !== null || child.signalCode !== null)
          child = spawn(command[0] ?? '', command.slice(1), { stdio: 'ignore', detached: true })
        if (await answers(port)) return
        await setTimeout(100)
      }
      throw new Error(`${kind} does not come up`)
    },
    kill: async () => {
      const { pid } = child ?? {}
      if (!child || pid === undefined) return
      const ended = new Promise((resolve) => child?.once('exit', resolve))
      process.kill(-pid, 'SIGKILL')
      await ended
    },
  }
}

function redis(directory: string, port: number): [string, string[]] {
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', '']
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, ...durable]
  return [`redis://127.0.0.1:${port}`, ['redis-server', ...args]]
}

function postgres(directory: string, port: number): [string, string[]] {
  const programs = postgresPrograms() ?? ''
  // It refuses to run as root.
  const asUser = process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--'] : []
  if (asUser.length > 0) {
    const [id = '', group = ''] = ['-u', '-g'].map((what) => spawnSync('id', [what, 'postgres']).stdout.toString())
    chownSync(directory, Number(id), Number(group))
    for (let above = dirname(directory); above !== '/tmp' && above !== '/'; above = dirname(above))
      chmodSync(above, 0o755)
  }
  const data = join(directory, 'data')
  const make = [`${programs}/initdb`, '-D', data, '-A', 'trust', '-U', 'rebaseline', '-E', 'UTF8', '--locale=C']
  const [program = '', ...rest] = [...asUser, ...make]
  const made = spawnSync(program, rest)
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`)
  const onLoopback = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=']
  return [
    `postgres://rebaseline@127.0.0.1:${port}/postgres`,
    [...asUser, `${programs}/postgres`, '-D', data, '-p', String(port), ...onLoopback],
  ]
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const end = (isThere: boolean) => {
      socket.destroy()
      resolve(isThere)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}
