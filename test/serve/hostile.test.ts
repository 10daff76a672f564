import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { git } from '../../fixtures/build-upstream.ts'
import { browser, withPage } from '../helpers/browser.ts'
import { rebaseline } from '../helpers/cli.ts'
import { type OpenDashboard, openDashboard } from '../helpers/dashboard.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const EVIL = `"><img src=x onerror=alert(1)><script>alert(2)</script>'\``
const HIDDEN = '\u202ecod.c\u2066\u200b\u00ad'

/** Text of others wherever a queue has some. */
function buildHostile(directory: string): void {
  const upstream = join(directory, 'upstream')
  const commit = (lines: string, message: string) => {
    writeFileSync(join(upstream, '<script>alert(3)<', 'b>.c'), lines)
    writeFileSync(join(upstream, 'plain.c'), lines)
    git(upstream, 'add', '--all')
    git(upstream, 'commit', '--quiet', '--message', message, `--author=${EVIL.replaceAll(/[<>]/g, '')} <a@b>`)
  }
  mkdirSync(join(upstream, '<script>alert(3)<'), { recursive: true })
  git(upstream, 'init', '--quiet', '--initial-branch=main')
  commit('one\ntwo\nthree\n', 'start')
  git(upstream, 'tag', 'v1.0')
  commit(`one\n${EVIL} & others\nthree\n`, `${EVIL} ${HIDDEN} \u001b]0;title\u0007`)
  git(upstream, 'tag', 'v2.0')

  const queue = join(directory, `evil<b onclick=alert(4)>&amp;`)
  mkdirSync(queue)
  const diff = (path: string) => `--- a/${path}\n+++ b/${path}\n@@ -1,3 +1,3 @@\n one\n-two\n+2 ${EVIL}\n three\n`
  const header = `Subject: ${EVIL} ${HIDDEN}\nFrom: ${EVIL} <a@example.org>\nForwarded: javascript:alert(5)\nOrigin: upstream, data:text/html,${EVIL}\nApplied-Upstream: "onmouseover="alert(6)\n\n`
  const names = ['<svg onload=alert(7)>.patch', '__proto__.patch', `é'"&.patch`, 'javascript:alert(8).patch']
  for (const name of names)
    writeFileSync(join(queue, name), `${header}${diff(name.includes('svg') ? '<script>alert(3)</b>.c' : 'plain.c')}`)
  const series = names.map((name) => `${name} # ${EVIL.replaceAll(/\s/g, '')}\n`).join('')
  writeFileSync(join(queue, 'series'), `#####\n# Section ${EVIL}\n#\n${series}`)
}

const directory = temporaryDirectory()
const record = join(directory, 'record.db')
let open: OpenDashboard

beforeAll(async () => {
  buildHostile(directory)
  for (const target of ['v1.0', 'v2.0'])
    rebaseline(directory, [
      'try',
      '--queue',
      'evil<b onclick=alert(4)>&amp;',
      '--upstream',
      'upstream',
      '--base',
      'v1.0',
      '--onto',
      target,
      '--db',
      'record.db',
    ])
  open = await openDashboard(directory, record)
})
afterAll(() => open.close())

/** Every page that a link leads to, from the first on. */
async function everyPage(): Promise<Map<string, string>> {
  const pages = new Map<string, string>()
  const left = [
    '/',
    '/portfolio',
    '/jobs',
    `/portfolio?text=${encodeURIComponent(EVIL)}`,
    `/?owner=${encodeURIComponent(EVIL)}`,
  ]
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    if (pages.has(path)) continue
    const { status, text } = await open.get(path)
    expect([path, status]).toEqual([path, 200])
    pages.set(path, text)
    // What is no HTML is looked at by itself.
    if (/\/feed\.json/.test(path)) pages.set(path, '')
    for (const [, link = ''] of text.matchAll(/href="(\/[^"]*)"/g)) left.push(link.replaceAll('&amp;', '&'))
  }
  return pages
}

describe('what others wrote', () => {
  it('is text on every page, in every feed and on every badge', async () => {
    const pages = await everyPage()
    expect(pages.size).toBeGreaterThan(12)
    for (const [path, text] of pages) {
      const own = text.replace(/<style>[\s\S]*<\/style>/, '').replace(/<script>\n\(\(\) =>[\s\S]*<\/script>/, '')
      // In text a quotation mark is escaped: what stands between two is a value.
      const tags = own.replaceAll(/"[^"]*"/g, '""')
      expect([path, tags.match(/<(?:img|script|b onclick|svg onload|iframe)|<[a-z][^>]*\son\w+=/g)]).toEqual([
        path,
        null,
      ])
      expect([path, own.match(/[\u202e\u2066\u200b\u00ad\u001b\u0007]/g)]).toEqual([path, null])
      expect([path, /(?:href|src|action)="(?!\/|#|https?:)/.exec(own)]).toEqual([path, null])
    }
    const shown = [...pages.values()].join('')
    expect(shown).toContain('&lt;img src=x onerror=alert(1)&gt;')
    expect(shown).toContain('\\u{202e}')
    expect(open.failures).toEqual([])
  })

  it('is sound XML and JSON in feeds', async () => {
    const [queue = ''] = [...(await open.get('/portfolio')).text.matchAll(/href="(\/q\/[^"/]+)"/g)].map(
      ([, link = '']) => link,
    )
    const json = JSON.parse((await open.get(`${queue}/feed.json`)).text)
    expect(json.items.length).toBeGreaterThan(0)
    const atom = (await open.get(`${queue}/feed.atom`)).text
    expect(atom.replaceAll(/&(?:lt|gt|amp|quot|#39|#96);/g, '')).not.toMatch(/&/)
    expect(atom.match(/<[a-zA-Z]+/g)?.length).toBe(atom.match(/<\/|\/>/g)?.length)
  })

  it.skipIf(browser === undefined)('runs nothing and asks nothing in a browser', async () => {
    const pages = await everyPage()
    await withPage({}, async (page) => {
      const said: string[] = []
      page.on('dialog', (dialog) => said.push(dialog.message()))
      page.on('console', (message) => said.push(message.text()))
      page.on('pageerror', (error) => said.push(String(error)))
      await page.route('**/*', async (route) => {
        const url = new URL(route.request().url())
        if (url.origin !== 'http://127.0.0.1:7171') said.push(url.href)
        const { status, text, headers } = await open.get(`${url.pathname}${url.search}`)
        await route.fulfill({ status, body: text, headers: Object.fromEntries(headers) })
      })
      for (const path of pages.keys())
        if (!/\.(?:atom|json|svg|csv)(?:\?|$)/.test(path)) await page.goto(`http://127.0.0.1:7171${path}`)
      expect(said).toEqual([])
    })
  })
})
