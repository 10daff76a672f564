import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { git } from '../../fixtures/build-upstream.ts'

/** The commits of a queue's repository: grown on KETTLE-1.0.0, then rebased to 1.1.0 and to 1.2.0. */
export interface ToldQueue {
  begun: string
  grown: string
  rebased: string
  last: string
}

/** Gives the example's queue a history of two years, with two rebases. */
export function tellQueue(queue: string): ToldQueue {
  const series = join(queue, 'series')
  const whole = readFileSync(series, 'utf8')
  const without = (...names: string[]) =>
    whole
      .split('\n')
      .filter((line) => !names.some((name) => line.startsWith(name)))
      .join('\n')
  git(queue, 'init', '--quiet', '--initial-branch=main')
  writeFileSync(series, without('backport-', 'heater-limit', 'sensor-refuse'))
  const begun = commitAt(queue, '2019-03-01', 'Begin')
  writeFileSync(series, whole)
  const grown = commitAt(queue, '2019-12-01', 'Take three from upstream')
  writeFileSync(series, without('backport-', 'sensor-refuse'))
  rmSync(join(queue, 'backport-c4410f3c7062.patch'))
  const rebased = commitAt(queue, '2020-06-01', 'Rebase to 1.1.0')
  writeFileSync(series, without('backport-', 'sensor-refuse', 'heater-limit'))
  const last = commitAt(queue, '2021-02-01', 'Rebase to 1.2.0')
  return { begun, grown, rebased, last }
}

function commitAt(directory: string, day: string, message: string): string {
  git(directory, 'add', '--all')
  const date = `${day}T12:00:00 +0000`
  const identity = { NAME: 'Quentin', EMAIL: 'q@queue.example', DATE: date }
  const env = Object.fromEntries(
    Object.entries(identity).flatMap(([name, value]) =>
      ['AUTHOR', 'COMMITTER'].map((role) => [`GIT_${role}_${name}`, value]),
    ),
  )
  execFileSync('git', ['commit', '--quiet', '--message', message], {
    cwd: directory,
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', ...env },
  })
  return git(directory, 'rev-parse', 'HEAD')
}
