/** What the README's pictures show: two commands on the example that `npm run demo` leaves. */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { buildDemo } from '../../fixtures/build-demo.ts'
import { terminalSvg } from './terminal-svg.ts'

const COLUMNS = 80

/** `root`: the project; `directory`: an empty one. Returns the picture of the terminal and the report. */
export function drawScene(root: string, directory: string): { terminal: string; report: string } {
  buildDemo(join(root, 'fixtures', 'kettle'), join(directory, 'demo'))
  const home = join(directory, 'home')
  mkdirSync(home)
  const run = (...words: string[]) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(root, 'dist', 'cli.js'), ...words], {
      cwd: join(directory, 'demo', 'queue'),
      env: { PATH: process.env.PATH ?? '', HOME: home, COLUMNS: String(COLUMNS) },
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`)
    return stdout
  }
  run('init')
  run('history', 'import')
  const tried = run('try', '--color', 'always')
  return { terminal: terminalSvg('rebaseline try', tried, COLUMNS), report: run('report') }
}

/** The first sentence of a report. */
export function sentenceOf(report: string): string {
  return (/<h1[^>]*>([\s\S]*?)<\/h1>/.exec(report)?.[1] ?? '').replace(/<[^>]*>/g, '').trim()
}
