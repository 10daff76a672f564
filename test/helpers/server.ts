import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

/** `rebaseline serve`, as a person starts it. */
export interface RunningServer {
  /** Without a slash at its end. */
  url: string
  stop: () => Promise<void>
}

/** On any free port of loopback. */
export async function startServer(directory: string, args: readonly string[]): Promise<RunningServer> {
  const server = spawn(process.execPath, [cli, 'serve', '--port', '0', ...args], {
    cwd: directory,
    env: { PATH: process.env.PATH ?? '', HOME: directory },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(server, 'exit')
  const stop = async () => {
    server.kill()
    await ended
  }
  for await (const line of createInterface(server.stdout)) return { url: line.replace(/\/$/, ''), stop }
  throw new Error('the server ended before it served')
}
