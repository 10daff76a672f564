import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { git } from '../../fixtures/build-upstream.ts'
import { rebaseline } from '../helpers/cli.ts'
import { type OpenDashboard, openDashboard } from '../helpers/dashboard.ts'
import { buildKettle } from '../helpers/scenario.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'
import { tellQueue } from '../helpers/told-queue.ts'

const directory = temporaryDirectory()
const record = join(directory, 'record.db')
const run = (...args: string[]) => rebaseline(directory, [...args, '--queue', 'queue', '--db', 'record.db'])
let open: OpenDashboard

beforeAll(async () => {
  const { queue } = buildKettle(directory)
  const { grown } = tellQueue(queue)
  run('history', 'import', '--repo', 'queue')
  git(queue, 'checkout', '--quiet', grown)
  for (const target of ['KETTLE-1.0.0', 'KETTLE-1.1.0', 'KETTLE-1.2.0'])
    run('try', '--upstream', 'upstream', '--base', 'KETTLE-1.0.0', '--onto', target)
  run('overrule', 'kettle-altitude.patch', 'keep', '--reason', 'the mountain needs it')
  open = await openDashboard(directory, record)
})
afterAll(() => open.close())

const text = async (path: string) => (await open.get(path)).text
const linksIn = (html: string, pattern: RegExp) => [...html.matchAll(pattern)].map(([, link = '']) => link)

interface Attempt {
  patches: { name: string; verdict: string; action: string; position: number; owner: string | null }[]
  summary: Record<string, number>
}
const newest = () => JSON.parse(run('show', '@3', '--json').stdout) as Attempt

describe('pages', () => {
  it('say with every answer what may run, and that nobody may frame it', async () => {
    for (const path of ['/', '/portfolio', '/q/queue', '/jobs', '/nothing', '/badge.svg', '/feed.atom']) {
      const { headers } = await open.get(path)
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; /)
      expect(policy).not.toContain('unsafe')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('x-frame-options')).toBe('DENY')
    }
  })

  it.each(['evil.example', 'evil.example:7171', '127.0.0.1.evil.example', 'localhost@evil.example', ''])(
    'refuse the host "%s": another name may be made to lead here',
    async (host) => {
      const { status, text: body } = await open.get('/', { host })
      expect([status, body.includes('queue')]).toEqual([421, false])
    },
  )

  it.each(['127.0.0.1:7171', 'localhost', 'LOCALHOST:80', '[::1]:7171'])('answer to the host "%s"', async (host) => {
    expect((await open.get('/', { host })).status).toBe(200)
  })

  it('are only read', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const answer = await open.app.request('/q/queue', { method, headers: { host: 'localhost' } })
      expect([method, answer.status]).toEqual([method, 405])
    }
  })

  it('answer first: home names the queue, what is next, and what changed', async () => {
    const home = await text('/')
    const { summary } = newest()
    const mend = (summary.conflicting ?? 0) + (summary.invalid ?? 0)
    expect(home).toContain('<h1>The queue waits for a person</h1>')
    expect(home).toContain(`</b>mend ${mend}</span>`)
    expect(home).toContain('1.0.0 → 1.2.0')
    expect(home).toMatch(
      /patch(?:es)? of queue (?:broke on|leaves? with|(?:is|are) to be decided on) 1\.2\.0|<\/a> of queue /,
    )
  })

  it('show a person their patches, and a team theirs', async () => {
    const own = newest().patches.filter(({ owner }) => owner === 'igor')
    expect(own.length).toBeGreaterThan(1)
    const page = await text('/?owner=igor')
    for (const { name } of own) expect(page).toContain(`>${name}</a>`)
    expect(page).not.toContain('heater-report-measured-power.patch</a>')
    expect(await text('/?owner=igor,maude')).toContain('heater-report-measured-power.patch</a>')
    expect(await text('/?owner=nobody')).toContain('<h1>No queue has a patch of yours</h1>')
  })

  it('show the patches of a queue by releases, and each filter shows what it says', async () => {
    const { patches } = newest()
    const namesAt = async (query: string) =>
      linksIn(await text(`/q/queue?${query}`), /href="\/q\/queue\/p\/L\d+\/([^"]+)" title/g).sort()
    const namesOf = (keep: (patch: Attempt['patches'][number]) => boolean) =>
      patches
        .filter(keep)
        .map(({ name }) => name.replace('.patch', ''))
        .sort()
    expect(await namesAt('')).toEqual(namesOf(() => true))
    expect(await namesAt('verdict=leave')).toEqual(namesOf(({ action }) => action === 'drop'))
    expect(await namesAt('verdict=mend')).toEqual(namesOf(({ verdict }) => verdict === 'conflicting'))
    expect(await namesAt('owner=igor')).toEqual(namesOf(({ owner }) => owner === 'igor'))
    expect(await namesAt('file=heater')).toContain('heater-limit-power')
    expect((await namesAt('file=heater')).length).toBeLessThan(patches.length)
    expect(await namesAt('kind=backport')).toContain('backport-c4410f3c7062')
    expect(await namesAt('age=under-1&kind=debt')).toEqual([])
    expect(await namesAt('fate=remains')).not.toEqual([])
    expect(await namesAt('verdict=nonsense&fate=x&kind=y&age=z&sort=q&page=-1&on=nowhere')).toEqual(namesOf(() => true))
    const shown = await text('/q/queue?verdict=mend&on=KETTLE-1.1.0')
    expect(shown).toContain('to carry on 1.1.0</h1>')
    expect(shown).toContain('<option value="mend" selected>')
    expect(shown).toContain('aria-current="true">1.1.0</a>')
  })

  it('keep the address of a patch whatever its position, and tell its life', async () => {
    const queue = await text('/q/queue')
    const [address = ''] = linksIn(queue, /href="(\/q\/queue\/p\/L\d+\/kettle-altitude)"/g)
    const patch = await text(address)
    expect(patch).toContain('<h1>kettle-altitude.patch</h1>')
    expect(patch).toContain('the mountain needs it')
    expect(patch).toContain('3 attempts had it')
    expect(patch).toContain('carried since at least 2019-03-01')
    expect((await open.get(address.replace('kettle-altitude', 'any-name'))).status).toBe(200)
    const fates = linksIn(queue, /href="(\/q\/queue\/p\/L\d+\/backport-[^"]+)"/g)
    expect(await text(fates[0] ?? '')).toMatch(/The fates of \d+ changes?/)
  })

  it('open an attempt on its difference to the one before, at the hash of its document', async () => {
    const [address = ''] = linksIn(await text('/q/queue'), /href="(\/a\/[0-9a-f]{24})"/g)
    const attempt = await text(address)
    expect(attempt).toContain('on 1.2.0')
    expect(attempt).toContain('What changed: ')
    const [, hash] = /sha256:([0-9a-f]{64})/.exec(attempt) ?? []
    expect(hash?.startsWith(address.slice(3))).toBe(true)
    expect((await open.get(`/a/${hash}`)).text.replaceAll(`/a/${hash}`, '')).toContain(`sha256:${hash}`)
    expect((await open.get('/a/@1')).text).toContain('it is the first of this queue')
    const counts = linksIn(attempt, /<td class="num" data-l="patches"><b>(\d+)<\/b>/g).map(Number)
    const [, all] = /What changed: (\d+) of/.exec(attempt) ?? []
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(Number(all))
  })

  it('find a queue by any field, and list it in the portfolio', async () => {
    const found = async (words: string) =>
      (await text(`/portfolio?text=${encodeURIComponent(words)}`)).includes(
        '<th scope="row"><a class="n" href="/q/queue"',
      )
    for (const words of ['queue', 'heater-limit-power', 'src/heater', 'IGOR', 'kettle altitude', 'ue'])
      expect([words, await found(words)]).toEqual([words, true])
    expect(await found('zebra')).toBe(false)
    expect(await found('" OR ""')).toBe(false)
    expect(await text('/portfolio')).toContain('<h1>1 queue: 1 needs a person</h1>')
    expect(await text('/portfolio?next=export')).toContain('No queue is like that.')
  })

  it('tell how the queue went, as CSV, too', async () => {
    expect(await text('/q/queue/trend')).toContain('What each rebase cost')
    const { text: csv, headers } = await open.get('/q/queue/trend.csv')
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    const lines = csv.trim().split('\r\n')
    expect(lines[0]).toBe('"day","on","patches","debt","waiting","backport","to mend"')
    expect(lines.filter((line) => line.includes('KETTLE-1.'))).toHaveLength(3)
    expect(lines.length).toBeGreaterThan(5)
  })

  it('are badges: the next action in a word', async () => {
    for (const path of ['/badge.svg', '/q/queue/badge.svg']) {
      const { text: svg, headers } = await open.get(path)
      expect(headers.get('content-type')).toBe('image/svg+xml')
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]*aria-label="[^"]+: mend \d+">/)
    }
  })

  it.each([
    '/q/none',
    '/q/queue/p/L999/x',
    '/a/0123456789abcdef',
    '/a/@99',
    '/q/none/trend',
    '/q/%',
    '/q/..%2f..%2fetc',
    '/x',
  ])('say of %s that nothing is there', async (path) => {
    expect((await open.get(path)).status).toBe(404)
  })

  it('link to nothing that is not there', async () => {
    const pages = ['/', '/portfolio', '/q/queue', '/q/queue/trend', '/jobs', '/a/@2', '/q/queue/p/L1/x']
    const links = new Set<string>()
    for (const page of pages)
      for (const link of linksIn(await text(page), /(?:href|action)="(\/[^"]*)"/g)) links.add(link)
    expect(links.size).toBeGreaterThan(30)
    for (const link of links)
      expect([link, (await open.get(link.replaceAll('&amp;', '&'))).status]).toEqual([link, 200])
    expect(open.failures).toEqual([])
  })
})

describe('feeds', () => {
  it('are there for every view, with its filter', async () => {
    const places = ['', '/portfolio', '/jobs', '/q/queue', '/q/queue/trend', '/q/queue/p/L2/x', '/a/@2']
    for (const place of places) {
      const { text: atom, headers } = await open.get(`${place}/feed.atom`)
      expect(headers.get('content-type')).toBe('application/atom+xml; charset=utf-8')
      expect(
        atom.startsWith('<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'),
      ).toBe(true)
      const json = JSON.parse((await open.get(`${place}/feed.json`)).text)
      expect(json.version).toBe('https://jsonfeed.org/version/1.1')
      expect(json.items.length).toBe((atom.match(/<entry>/g) ?? []).length)
    }
    const all = JSON.parse(await text('/q/queue/feed.json')).items
    const kinds = new Set(all.flatMap(({ tags }: { tags: string[] }) => tags))
    expect(kinds.size).toBeGreaterThan(1)
    const left = JSON.parse(await text('/q/queue/feed.json?verdict=leave')).items
    expect(new Set(left.flatMap(({ tags }: { tags: string[] }) => tags))).toEqual(new Set(['leaves']))
    expect(JSON.parse(await text('/feed.json?owner=nobody')).items).toEqual([])
    expect(JSON.parse(await text('/feed.json?news=gate')).items).toEqual([])
  })
})
