import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { git } from '../../fixtures/build-upstream.ts'
import { axeFaults, browser, SIGHTS, unfold, widthOf, withPage } from '../helpers/browser.ts'
import { rebaseline } from '../helpers/cli.ts'
import { buildKettle } from '../helpers/scenario.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'
import { tellQueue } from '../helpers/told-queue.ts'

const directory = temporaryDirectory()
const { queue, upstream } = buildKettle(directory)
git(upstream, 'remote', 'add', 'origin', 'https://github.com/kettle/kettle.git')
const commits = tellQueue(queue)
const run = (...args: string[]) => rebaseline(directory, [...args, '--queue', 'queue'], { COLUMNS: '120' })
const bases = [
  ...[`${commits.begun}=KETTLE-1.0.0`, `${commits.grown}=KETTLE-1.0.0`],
  ...[`${commits.rebased}=KETTLE-1.1.0`, `${commits.last}=KETTLE-1.2.0`],
]
run('history', 'import', '--repo', 'queue', '--base', ...bases)
git(queue, 'checkout', '--quiet', commits.grown)
run('try', '--upstream', 'upstream', '--base', 'KETTLE-1.0.0', '--onto', 'KETTLE-1.1.0')
run('history', '--try-rebases')
const file = join(directory, 'report.html')
const written = run('report', '--output', 'report.html')
const html = readFileSync(file, 'utf8')
const address = (place = '') => `file://${file}${place}`

describe('the report', () => {
  it('begins with an answer whose numbers are those of the attempt, and add up', () => {
    expect(written.code).toBe(0)
    const { latest, says } = JSON.parse(run('report', '--format', 'json').stdout)
    const { tally } = latest
    const { patches, ...parts } = tally
    expect(Object.values<number>(parts).reduce((sum, count) => sum + count, 0)).toBe(patches)
    expect(says[0]).toBe(
      `Moving to 1.1.0 takes the queue from ${patches} patches to ${patches - tally.leave}, down ${Math.round((tally.leave / patches) * 100)} %; ${tally.mend + tally.repair} of those need a person.`,
    )
    expect(html).toContain(`<h1>${says[0]}</h1>`)
    expect(run('report', '--format', 'md').stdout).toContain(`# ${says[0]}`)
  })

  it('names one queue, branch, revision and attempt', () => {
    expect(html).toContain(
      `<b>queue</b>, branch main · queue of 2019-12-01 (${commits.grown.slice(0, 10)}) on KETTLE-1.0.0, tried on KETTLE-1.1.0 · attempt @1 of `,
    )
    expect(html).toContain('numbers are of attempt @1 and branch main only')
  })

  it('tells of each patch what the history knows', () => {
    const { latest } = JSON.parse(run('report', '--format', 'json').stdout)
    const of = (name: string) => latest.patches.find((one: { name: string }) => one.name === name)
    expect(of('kettle-altitude.patch')).toMatchObject({
      ...{ part: 'mend', kind: 'debt', isAtLeast: true, versions: 1, earlier: { rebases: 0, conflicts: 0 } },
    })
    expect(of('backport-c4410f3c7062.patch')).toMatchObject({
      ...{ part: 'leave', kind: 'backport', isAtLeast: false, since: Date.parse('2019-12-01T12:00:00Z') / 1000 },
    })
    expect(latest.workList[0].position).toBeGreaterThan(0)
    expect(latest.commitAddress).toBe('https://github.com/kettle/kettle/commit/')
  })

  it('marks the rebases with what was before and after, and says what was done', () => {
    expect(html).toMatch(/class="rl halo">1\.1\.0<\/text>/)
    expect(html).toContain('that its maintainers made on 2020-06-01')
    const { done } = JSON.parse(run('report', '--format', 'json').stdout)
    expect(done.rows.find(({ part }: { part: string }) => part === 'leave')).toMatchObject({ dropped: 2 })
  })

  it('has no words of ours alone, and no command that is not as it is typed', () => {
    expect(html).not.toMatch(/good and evil/i)
    expect(html.replaceAll(/<span class="w">|<\/span>/g, '')).toContain(
      '<code>rebaseline export --queue queue --list drop</code>',
    )
  })
})

describe.skipIf(browser === undefined)('in a browser', () => {
  it('opens from a file without a request or an error', async () => {
    await withPage({}, async (page) => {
      const said: string[] = []
      const requests: string[] = []
      page.on('console', (message) => said.push(message.text()))
      page.on('pageerror', (error) => said.push(String(error)))
      page.on('request', (request) => requests.push(request.url()))
      await page.goto(address())
      expect([said, requests]).toEqual([[], [address()]])
    })
  })

  it('is reached by its contents, and every link into it leads somewhere', async () => {
    await withPage({}, async (page) => {
      await page.goto(address())
      const targets = await page.locator('a[href^="#"]').evaluateAll((links) => {
        return links.map((link) => link.getAttribute('href') ?? '')
      })
      expect(targets.length).toBeGreaterThan(10)
      for (const target of new Set(targets)) expect(await page.locator(target).count(), target).toBe(1)
      await page.getByRole('navigation').getByRole('link', { name: 'All patches' }).click()
      expect(page.url()).toBe(address('#patches'))
    })
  })

  it('opens the fold that a link leads into, without scripts, too', async () => {
    for (const scripts of [true, false])
      await withPage({ scripts }, async (page) => {
        await page.goto(address('#p2'))
        await expect.poll(() => page.locator('#p2').isVisible()).toBe(true)
        await page.goto(address('#m8'))
        await expect.poll(() => page.locator('#m8').isVisible()).toBe(true)
      })
  })

  it('filters and sorts, keeps that in the address, and reads it from there', async () => {
    await withPage({}, async (page) => {
      await page.goto(address())
      await page.getByText('Every patch in the order of the queue').click()
      const shown = async () =>
        (await page.locator('#all tbody tr:visible td:first-child').allTextContents()).map(Number)
      const inOrder = await shown()
      expect(inOrder).toEqual(Array.from({ length: inOrder.length }, (_, at) => at + 1))
      await page.getByLabel('verdict').selectOption('mend')
      await page.getByLabel('words in the row').fill('kettle altitude')
      expect(await shown()).toEqual([8])
      expect(page.url()).toBe(address('#patches?verdict=mend&text=kettle+altitude'))
      await page.getByRole('button', { name: 'all' }).click()
      await expect.poll(shown).toEqual(inOrder)
      await page.getByLabel('sort by').selectOption('name')
      expect(await shown()).not.toEqual(inOrder)
      await page.goto('about:blank')
      await page.goto(address('#patches?verdict=leave&sort=since&kind=nonsense'))
      await expect.poll(shown).toContain(2)
      expect(await page.getByText(/^\d+ patches$/).textContent()).toBe('5 patches')
    })
  })

  it('is worked by the keyboard alone', async () => {
    await withPage({}, async (page) => {
      await page.goto(address())
      await page.keyboard.press('Tab')
      expect(await page.locator(':focus').textContent()).toBe('Skip to the first section')
      await page.keyboard.press('Enter')
      expect(page.url()).toBe(address('#first'))
      const summary = page.locator('.work summary').first()
      await summary.focus()
      await page.keyboard.press('Enter')
      expect(await page.locator('.work .more').first().isVisible()).toBe(true)
      expect(await page.locator('.work pre').first().getAttribute('tabindex')).toBe('0')
    })
  })

  it.each(SIGHTS)('has nothing outside the screen, and nothing that axe-core minds: $width, $scheme', async (sight) => {
    await withPage({ ...sight, unguarded: true }, async (page) => {
      await page.goto(address())
      expect(await widthOf(page)).toBeLessThanOrEqual(sight.width)
      await unfold(page)
      expect(await widthOf(page)).toBeLessThanOrEqual(sight.width)
      expect(await axeFaults(page)).toEqual([])
    })
  })

  it.each([
    { what: 'a history alone', args: ['history', 'import', '--repo', 'queue'] },
    { what: 'efforts alone', args: ['effort', 'log', '--from', '1.0', '--to', '1.1', '--duration', '3 days'] },
    {
      what: 'many targets',
      args: ['try', '--upstream', 'upstream', '--base', 'KETTLE-1.0.0', '--onto', 'KETTLE-1.?.0'],
    },
  ])('is as sound of $what', async ({ what, args }) => {
    const named = what.replaceAll(' ', '-')
    run(...args, '--db', `${named}.db`)
    const page = run('report', '--db', `${named}.db`, '--output', `${named}.html`).stdout.trim()
    await withPage({ width: 400, unguarded: true }, async (opened) => {
      await opened.goto(`file://${page}`)
      await unfold(opened)
      expect(await widthOf(opened)).toBeLessThanOrEqual(400)
      expect(await axeFaults(opened)).toEqual([])
    })
  })

  it('prints on A4, the work list open, the long tables folded', async () => {
    await withPage({}, async (page) => {
      await page.goto(address())
      const pdf = await page.pdf({ preferCSSPageSize: true })
      // ISO 32000-1, 7.7.3.3: 595 x 842 points are A4.
      expect(pdf.toString('latin1')).toMatch(/\/MediaBox\s*\[0 0 59[45][\d.]* 84[12][\d.]*\]/)
      await page.emulateMedia({ media: 'print' })
      expect(await page.locator('#all').isVisible()).toBe(false)
      expect(await page.getByRole('navigation').isVisible()).toBe(false)
    })
  })
})
