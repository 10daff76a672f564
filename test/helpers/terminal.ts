import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { shellWord } from '../../src/report/sanitize.ts'

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

export interface Screen {
  columns: number
  rows: number
}

/** Lines that the command leaves on a terminal of that size, by script(1); without colours. */
export function onTerminal(
  cwd: string,
  args: readonly string[],
  { columns, rows }: Screen,
  environment: Record<string, string> = {},
): string[] {
  const command = [process.execPath, cli, ...args].map(shellWord).join(' ')
  const size = `stty columns ${columns} rows ${rows}`
  const { stdout } = spawnSync('script', ['-qec', `${size}; exec ${command}`, '/dev/null'], {
    cwd,
    env: { PATH: process.env.PATH ?? '', HOME: cwd, TERM: 'xterm', NO_COLOR: '1', ...environment },
    encoding: 'utf8',
  })
  // What progress wrote is wiped out again.
  const text = stdout.replaceAll('\r\n', '\n').replace(/[^\n]*\r\x1b\[K/g, '')
  return text.replace(/\n$/, '').split('\n')
}
