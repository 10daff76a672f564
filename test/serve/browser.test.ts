import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { git } from '../../fixtures/build-upstream.ts'
import { openDatabase } from '../../src/record/database.ts'
import { planItems, takeItem } from '../../src/record/scan-items.ts'
import { axeFaults, browser, SIGHTS, unfold, widthOf, withPage } from '../helpers/browser.ts'
import { rebaseline } from '../helpers/cli.ts'
import { scanItem } from '../helpers/scan-item.ts'
import { buildKettle } from '../helpers/scenario.ts'
import { type RunningServer, startServer } from '../helpers/server.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'
import { tellQueue } from '../helpers/told-queue.ts'

const directory = temporaryDirectory()
const VIEWS = [
  '/',
  '/?owner=igor',
  '/portfolio',
  '/portfolio?text=zebra',
  '/q/queue',
  '/q/queue/trend',
  '/jobs',
  '/a/@3',
  '/none',
]
let server: RunningServer
let patch = ''

describe.skipIf(browser === undefined)('the dashboard in a browser', () => {
  beforeAll(async () => {
    const { queue } = buildKettle(directory)
    const { grown } = tellQueue(queue)
    const run = (...args: string[]) => rebaseline(directory, [...args, '--queue', 'queue', '--db', 'record.db'])
    run('history', 'import', '--repo', 'queue')
    run('history', '--try-rebases')
    git(queue, 'checkout', '--quiet', grown)
    for (const target of ['KETTLE-1.0.0', 'KETTLE-1.1.0', 'KETTLE-1.2.0'])
      run('try', '--upstream', 'upstream', '--base', 'KETTLE-1.0.0', '--onto', target)
    server = await startServer(directory, ['--db', 'record.db'])
    const shown = await (await fetch(`${server.url}/q/queue`)).text()
    patch = /href="(\/q\/queue\/p\/L\d+\/kettle-altitude)"/.exec(shown)?.[1] ?? ''
  })
  afterAll(() => server?.stop())

  it('asks for nothing but itself, and says no error', async () => {
    await withPage({}, async (page) => {
      const said: string[] = []
      page.on('console', (message) => said.push(message.text()))
      page.on('pageerror', (error) => said.push(String(error)))
      page.on('request', (request) => {
        if (!request.url().startsWith(server.url)) said.push(request.url())
      })
      for (const view of [...VIEWS.filter((one) => one !== '/none'), patch]) await page.goto(server.url + view)
      expect(said).toEqual([])
    })
  })

  it.each(SIGHTS)('has nothing outside the screen, and nothing that axe-core minds: $width, $scheme', async (sight) => {
    await withPage({ ...sight, unguarded: true }, async (page) => {
      for (const view of [...VIEWS, patch]) {
        await page.goto(server.url + view)
        await unfold(page)
        expect([view, Math.max(sight.width, await widthOf(page))]).toEqual([view, sight.width])
        expect([view, await axeFaults(page)]).toEqual([view, []])
      }
    })
  })

  it('filters by a choice alone, keeps that in the address, and goes back', async () => {
    await withPage({}, async (page) => {
      await page.goto(`${server.url}/q/queue`)
      const rows = () => page.locator('.mx tbody tr:not(.sum)').count()
      const all = await rows()
      await page.getByLabel('verdict').selectOption('leave')
      await page.waitForURL('**/q/queue?verdict=leave**')
      expect(await rows()).toBeLessThan(all)
      expect(page.url()).not.toContain('fate=')
      await page.goBack()
      expect(await rows()).toBe(all)
    })
  })

  it('filters without scripts: by its button', async () => {
    await withPage({ scripts: false }, async (page) => {
      await page.goto(`${server.url}/q/queue`)
      await page.getByLabel('file or name').fill('altitude')
      await page.getByRole('button', { name: 'filter' }).click()
      expect(await page.locator('.mx tbody tr:not(.sum)').count()).toBe(1)
      await page.goto(`${server.url}/portfolio`)
      await page.getByLabel('any field').fill('zebra')
      await page.getByRole('button', { name: 'find' }).click()
      expect(await page.getByText('No queue is like that.').count()).toBe(1)
    })
  })

  it('is worked by the keyboard alone', async () => {
    await withPage({}, async (page) => {
      await page.goto(server.url)
      await page.keyboard.press('Tab')
      expect(await page.locator(':focus').textContent()).toBe('Skip to the content')
      await page.keyboard.press('Enter')
      expect(page.url()).toMatch(/#main$/)
      await page.getByRole('link', { name: 'queue', exact: true }).focus()
      await page.keyboard.press('Enter')
      await page.waitForURL('**/q/queue')
      await page.getByRole('link', { name: 'kettle-altitude', exact: true }).focus()
      await page.keyboard.press('Enter')
      await page.waitForURL('**/p/L*/kettle-altitude')
      await page.locator('summary').first().focus()
      await page.keyboard.press('Enter')
      expect(await page.locator('details pre').first().isVisible()).toBe(true)
      expect(await page.locator('details pre').first().getAttribute('tabindex')).toBe('0')
    })
  })

  it('counts jobs as they go, without loading the page again', async () => {
    const record = await openDatabase(join(directory, 'record.db'), 'amend')
    await planItems(record, { source: '/portfolio.yaml', isOurs: () => true }, [scanItem(1), scanItem(2)])
    await withPage({}, async (page) => {
      await page.goto(`${server.url}/jobs`)
      await page.evaluate('window.isTheSame = true')
      expect(await page.locator('[data-count="0-waiting"]').textContent()).toBe('2')
      await takeItem(
        record,
        { portfolio: '/portfolio.yaml', worker: 'w', lease: 60_000 },
        { upstream: null, now: Date.now() },
      )
      await expect.poll(() => page.locator('[data-count="0-taken"]').textContent(), { timeout: 20_000 }).toBe('1')
      expect(await page.evaluate('window.isTheSame')).toBe(true)
    })
    record.close()
  })
})
