import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { rebaseline } from './helpers/cli.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const upstream = join(directory, 'upstream')

/** A file of functions, each a name with its lines. */
function source(functions: Record<string, string[]>): string {
  const bodies = Object.entries(functions).map(([name, lines]) => {
    return [`int ${name}(void)`, '{', ...lines.map((line) => `    ${line}`), `    return ${name}_done;`, '}', ''].join(
      '\n',
    )
  })
  return `${bodies.join('\n')}\n`
}

const OPEN = { open: ['seek_valve();', 'turn_valve();'] }
const CLOSE = { close: ['find_valve();', 'shut_valve();'] }
const PIPE = { pipe: ['lay_pipe();', 'bend_pipe(90);', 'weld_pipe();'] }

/** The files of a release; null takes one away. */
type Files = Record<string, string | null>

const BASE: Files = {
  'valve.c': source({ ...OPEN, ...CLOSE }),
  'pipe.c': source(PIPE),
  'old.c': source({ rust: ['scrape_rust();'] }),
}
const TARGET: Files = {
  'valve.c': source({
    open: ['seek_valve();', 'oil_valve();', 'turn_valve();'],
    close: ['find_valve();', 'dry_valve();', 'shut_valve();'],
  }),
  'pipe.c': source({ pipe: ['lay_pipe();', 'hammer_pipe();', 'weld_pipe();'] }),
}

function put(files: Files): void {
  git(upstream, 'rm', '--quiet', '-r', '--ignore-unmatch', '.')
  for (const [name, content] of Object.entries(files))
    if (content !== null) writeFileSync(join(upstream, name), content)
  git(upstream, 'add', '--all')
}

function commit(files: Files, subject: string): string {
  put(files)
  git(upstream, 'commit', '--quiet', '--allow-empty', '--message', subject)
  return git(upstream, 'rev-parse', 'HEAD').trim()
}

/** The patch from some files to others, with a header in front. */
function patch(from: Files, to: Files, header = 'Subject: a change of ours'): string {
  git(upstream, 'checkout', '--quiet', '--force', '--detach', 'v1.0')
  put(from)
  git(upstream, 'commit', '--quiet', '--allow-empty', '--message', 'from')
  put({ ...from, ...to })
  const diff = git(upstream, 'diff', '--cached', 'HEAD')
  git(upstream, 'reset', '--quiet', '--hard')
  return `${header}\n---\n${diff}\n`
}

let queues = 0

function queue(patches: Record<string, string>): string {
  const name = `queue-${queues++}`
  mkdirSync(join(directory, name))
  for (const [patchName, content] of Object.entries(patches)) writeFileSync(join(directory, name, patchName), content)
  writeFileSync(join(directory, name, 'series'), `${Object.keys(patches).join('\n')}\n`)
  return name
}

/** "name path:hunk fate", with why, of all changes of the old queue. */
function fates(old: Record<string, string>, now: Record<string, string>): string[] {
  const release = ['--upstream', 'upstream', '--base', 'v1.0', '--onto', 'v2.0', '--json']
  const { stdout, stderr } = rebaseline(directory, ['export', '--check', queue(old), queue(now), ...release])
  if (stdout === '') throw new Error(stderr)
  interface Said {
    name: string
    fates: { path: string; hunk: number; fate: string; by: string | null; because: string | null }[]
    question: string | null
  }
  const { patches }: { patches: Said[] } = JSON.parse(stdout)
  return patches.flatMap(({ name, fates, question }) => [
    ...fates.map(
      ({ path, hunk, fate, because }) => `${name} ${path}:${hunk} ${fate}${because === null ? '' : `: ${because}`}`,
    ),
    ...(question === null ? [] : [`${name} asked: ${question}`]),
  ])
}

let oiled = ''

beforeAll(() => {
  mkdirSync(upstream)
  git(upstream, 'init', '--quiet', '--initial-branch=main')
  commit(BASE, 'Begin')
  git(upstream, 'tag', 'v1.0')
  commit({ ...BASE, 'pipe.c': TARGET['pipe.c'] ?? null }, 'Bend pipes with a hammer')
  oiled = commit({ ...BASE, ...TARGET }, 'valve: oil it before it is turned')
  commit({ ...TARGET }, 'Take the rust away')
  git(upstream, 'tag', 'v2.0')
})

const OTHER = () => patch(TARGET, { 'mine.c': 'int mine;\n' })

describe('what a patch that was left out does is accounted for', () => {
  it('where its own commit found the text gone that it changes', () => {
    const backport = patch(
      BASE,
      {
        'valve.c': TARGET['valve.c'] ?? '',
        'pipe.c': source({ pipe: ['lay_pipe();', 'bend_pipe(45);', 'weld_pipe();'] }),
      },
      `Subject: valve: oil it before it is turned\n\n(cherry picked from commit ${oiled})`,
    )
    expect(fates({ 'oil.patch': backport }, { 'mine.patch': OTHER() })).toEqual([
      `oil.patch pipe.c:1 dropped: ${oiled.slice(0, 12)} found that text gone`,
      'oil.patch valve.c:1 upstream',
      'oil.patch valve.c:2 upstream',
    ])
  })

  it('but not where the text stood when its commit came, and stands', () => {
    const backport = patch(
      BASE,
      {
        'valve.c': source({
          open: ['seek_valve();', 'oil_valve();', 'turn_valve();'],
          close: ['find_valve(twice);', 'shut_valve();'],
        }),
      },
      `Subject: valve: oil it before it is turned\n\n(cherry picked from commit ${oiled})`,
    )
    expect(fates({ 'oil.patch': backport }, { 'mine.patch': OTHER() }).join('\n')).toMatch(
      /^oil\.patch valve\.c:\d missing$/m,
    )
  })

  it('where its own commit did it elsewhere, and that stands; once', () => {
    const header = `Subject: valve: oil it before it is turned\n\n(cherry picked from commit ${oiled})`
    const valve = source({ open: ['seek_valve();', 'oil_valve();', 'turn_valve();'], ...CLOSE })
    const dried = (...lines: string[]) => {
      const pipe = source({ pipe: [...(PIPE.pipe ?? []), ...lines] })
      return fates(
        { 'dry.patch': patch(BASE, { 'valve.c': valve, 'pipe.c': pipe }, header) },
        { 'mine.patch': OTHER() },
      )
    }
    expect(dried('dry_valve();')[0]).toBe('dry.patch pipe.c:1 upstream')
    expect(dried('dry_valve();', 'dry_valve();')[0]).toBe('dry.patch pipe.c:1 missing')
  })

  it('where upstream took the file away', () => {
    const well = made(['dig_well();'])
    const old = patch(BASE, { ...well, 'old.c': source({ rust: ['scrape_rust();', 'paint_it();'] }) })
    expect(fates({ 'well.patch': old }, { 'well.patch': patch(TARGET, well) })).toEqual([
      expect.stringMatching(/^well\.patch old\.c:1 dropped: v2\.0 no longer has the file: [0-9a-f]{12} took it away$/),
      'well.patch well.c:1 as-is',
    ])
  })

  it('where a later patch of the old queue takes it back', () => {
    const well = made(['dig_well();'])
    const there = patch(BASE, { ...well, 'valve.c': TWICE })
    const back = patch({ ...BASE, ...well, 'valve.c': TWICE }, { 'valve.c': BASE['valve.c'] ?? '' })
    const said = fates({ 'there.patch': there, 'back.patch': back }, { 'there.patch': patch(TARGET, well) })
    expect(said).toContain('there.patch valve.c:1 dropped: back.patch took it back')
  })

  it('where another patch of the new queue does it with its own change', () => {
    const [one, two] = [made(['dig_well();', 'line_well();']), made(['dig_well();', 'check_well();', 'line_well();'])]
    const old = { 'well.patch': patch(BASE, one), 'check.patch': patch({ ...BASE, ...one }, two) }
    const wrong = made(['dig_well();', 'line_well();', 'drink();'])
    const said = (files: Files) => fates(old, { 'well.patch': patch(TARGET, files) })
    expect(said(two)).toContain('check.patch well.c:1 moved')
    expect(said(wrong)).toContain('check.patch well.c:1 missing')
  })
})

const TWICE = source({ ...OPEN, close: ['find_valve();', 'find_valve_again();', 'shut_valve();'] })

function made(lines: string[]): Files {
  return { 'well.c': source({ well: lines }) }
}

describe('a person is asked', () => {
  it('once about a patch, and told why', () => {
    const old = patch(BASE, { 'valve.c': TWICE })
    expect(fates({ 'twice.patch': old }, { 'mine.patch': OTHER() })).toEqual([
      'twice.patch valve.c:1 missing',
      'twice.patch asked: left out whole: no commit upstream is known to do it',
    ])
  })

  it('with what no new line says', () => {
    const old = patch(BASE, made(['dig_well();', 'check_well();', 'line_well();']))
    const now = patch(TARGET, made(['dig_well();', 'line_well();']))
    expect(fates({ 'well.patch': old }, { 'well.patch': now })).toEqual([
      'well.patch well.c:1 changed',
      'well.patch asked: 1 line of it is in no new patch, and nothing there says check_well',
    ])
  })

  it('not about a line with a name that upstream took away, where another came in', () => {
    const old = { 'well.patch': patch(BASE, made(['dig_well();', 'bend_pipe(1);'])) }
    const said = (lines: string[]) => fates(old, { 'well.patch': patch(TARGET, made(lines)) })
    expect(said(['dig_well();', 'hammer_it();'])).toEqual(['well.patch well.c:1 changed'])
    expect(said(['dig_well();']).join()).toMatch(/asked: .* nothing there says bend_pipe$/)
  })

  it('not about a change of another patch, which has a brace in common with what is missing', () => {
    const old = patch(BASE, {
      'valve.c': source({
        ...OPEN,
        close: ['find_valve();', 'if (stuck)', '{', '    hit_valve();', '}', 'shut_valve();'],
      }),
    })
    const mopped = (TARGET['valve.c'] ?? '').replace(
      '    shut_valve();\n',
      '    while (wet)\n    {\n        mop();\n    }\n    shut_valve();\n',
    )
    const stranger = patch(TARGET, { 'valve.c': mopped }, 'Subject: mop the floor')
    expect(fates({ 'hit.patch': old }, { 'mop.patch': stranger })[0]).toBe('hit.patch valve.c:1 missing')
  })
})
