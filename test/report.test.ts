import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { toCsv } from '../src/report/csv.ts'
import { rebaseline } from './helpers/cli.ts'
import { buildKettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const { queue } = buildKettle(directory)
const evil = '<img src=x onerror=alert(1)>'
writeFileSync(join(queue, 'series'), `${readFileSync(join(queue, 'series'), 'utf8')}evil-<b>&.patch\n`)
writeFileSync(
  join(queue, 'evil-<b>&.patch'),
  `Subject: ${evil} </script>\n\n--- a/README\n+++ b/README\n@@ -0,0 +1 @@\n+x\n`,
)
git(queue, 'init', '--quiet', '--initial-branch=main')
git(queue, 'add', '--all')
git(queue, 'commit', '--quiet', '--message', `Begin ${evil}`)
const run = (...args: string[]) => rebaseline(directory, [...args, '--queue', 'queue'], { COLUMNS: '120' })
// Before an attempt names an upstream, which has other releases.
for (const [from, to, duration] of [
  ['4.2', '4.3', '3 days'],
  ['3.4', '4.1', '13 months'],
  ['4.1', '4.2', '3 months'],
] as const)
  run(
    'effort',
    'log',
    '--from',
    from,
    '--to',
    to,
    '--duration',
    duration,
    '--note',
    'http://e.example @all www.e.example',
  )
const tried = run('try', '--upstream', 'upstream', '--base', 'KETTLE-1.0.0', '--onto', 'KETTLE-1.?.0')
run('history', 'import', '--repo', 'queue')
const file = join(directory, 'report.html')
const written = run('report', '--output', 'report.html')

describe('many targets', () => {
  it('make a matrix of patch by release, in the order of their versions', () => {
    expect(tried.code).toBe(0)
    expect(tried.stdout).toMatch(/^14 patches on KETTLE-1\.0\.0, tried on 3 releases$/m)
    expect(tried.stdout).toMatch(/^ +8 +kettle-altitude\.patch +\. x x +conflicts on KETTLE-1\.1\.0$/m)
    expect(tried.stdout).toMatch(
      /^ +2 +backport-c4410f3c7062\.patch +\. U U +leaves with KETTLE-1\.1\.0 as c4410f3c70$/m,
    )
    for (const line of tried.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
  })

  it('are recorded one by one, and refuse what is for one target', () => {
    expect(
      run('show')
        .stdout.split('\n')
        .filter((line) => line.includes('KETTLE-1.0.0 ->')),
    ).toHaveLength(3)
    const args = ['try', '--upstream', 'upstream', '--base', 'KETTLE-1.0.0', '--onto', 'KETTLE-1.?.0']
    expect(run(...args, '--keep').code).toBe(1)
    expect(run('try', '--upstream', 'upstream', '--onto', 'NONE-*').stderr).toContain('no tag of the upstream fits')
    expect(JSON.parse(run(...args, '--json').stdout)).toMatchObject({
      schema: 'rebaseline/matrix@1',
      targets: { length: 3 },
    })
  })
})

describe('report', () => {
  const html = readFileSync(file, 'utf8')

  it('is one file that lets nothing in, whatever a patch is called', () => {
    expect(written.stdout.trim()).toBe(file)
    expect(html).not.toContain(evil)
    expect(html).not.toContain('evil-<b>')
    expect(html).toContain('evil-&lt;b&gt;&amp;.patch')
    expect(html).toContain("default-src 'none'")
    expect(html.match(/<script/g)).toHaveLength(1)
    expect(html).not.toMatch(/<[^>]*\s(?:src|srcset|action|style|on\w+)=|<link|url\(|@import/)
    expect([...html.matchAll(/\shref="([^"]*)"/g)].filter(([, to]) => !/^(?:#\w+$|https:\/\/)/.test(to ?? ''))).toEqual(
      [],
    )
    expect(statSync(file).size).toBeLessThan(1_000_000)
  })

  it('gives every chart a text alternative', () => {
    const charts = html.match(/<svg [^>]*>/g)?.filter((tag) => !tag.includes('aria-hidden')) ?? []
    expect(charts.length).toBeGreaterThanOrEqual(2)
    for (const chart of charts) expect(chart).toMatch(/role="img" aria-label="[^"]+"/)
  })

  it('says the same as Markdown, CSV and JSON', () => {
    const markdown = run('report', '--format', 'md').stdout
    expect(markdown).toMatch(/^\| 3\.4 to 4\.1 \| 13 months \|/m)
    expect(markdown).not.toContain('<b>')
    expect(markdown).toContain('http&#58;//e.example &#64;all www&#46;e.example')
    const csv = run('report', '--format', 'csv').stdout
    // Fourteen patches on three targets, and the names of the columns.
    expect(csv.trim().split('\r\n')).toHaveLength(43)
    expect(JSON.parse(run('report', '--format', 'json').stdout)).toMatchObject({
      ...{ schema: 'rebaseline/report@1', latest: { summary: { upstreamed: 3 } } },
      ...{ efforts: { length: 3 }, matrix: { length: 14 }, history: { branch: 'main' } },
    })
  })

  it('says what is missing where there is nothing', () => {
    mkdirSync(join(directory, 'empty'))
    const { code, stderr } = rebaseline(join(directory, 'empty'), ['report', '--db', 'none.db'])
    expect([code, stderr.includes('rebaseline try')]).toEqual([2, true])
  })
})

it('csv cells are quoted, and no text begins like a formula', () => {
  expect(toCsv(['a'], [['=1+1', ' @x', 'say "hi"', -5, 'a\nb']])).toBe(
    '"a"\r\n"\'=1+1","\' @x","say ""hi""",-5,"a\\u{a}b"\r\n',
  )
})
