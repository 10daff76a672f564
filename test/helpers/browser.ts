import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { chromium, type Page } from 'playwright-core'

/** A Chromium of the machine; undefined where there is none. */
export const browser = ['chromium', 'chromium-browser', 'google-chrome']
  .flatMap((name) => (process.env.PATH ?? '').split(delimiter).map((path) => join(path, name)))
  .find((path) => existsSync(path))

/** How a page is looked at. */
export interface Sight {
  width?: number
  scheme?: 'light' | 'dark'
  /** Whether scripts run; by default they do. */
  scripts?: boolean
  /** Whether the page's own policy is lifted, to run a checker in it. */
  unguarded?: boolean
}

/** Widths and colours in which every page is looked at. */
export const SIGHTS = [400, 1280].flatMap((width) => [
  { width, scheme: 'light' as const },
  { width, scheme: 'dark' as const },
])

/** How wide a page is that is open, in pixels: more than its window where something is outside. */
export function widthOf(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth')
}

/** Opens all that is folded. */
export function unfold(page: Page): Promise<void> {
  return page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true')
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe-core minds of a page whose own policy is lifted: the rules, each with an element. */
export async function axeFaults(page: Page): Promise<[rule: string, html: string][]> {
  await page.evaluate(AXE)
  return await page.evaluate(
    'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))',
  )
}

/** Opens a page for as long as `use` looks at it. */
export async function withPage<Result>(
  { width = 1280, scheme = 'light', scripts = true, unguarded = false }: Sight,
  use: (page: Page) => Promise<Result>,
): Promise<Result> {
  const running = await chromium.launch({ executablePath: browser ?? '', args: ['--no-sandbox'] })
  try {
    const context = await running.newContext({
      ...{ viewport: { width, height: 900 }, colorScheme: scheme },
      ...{ javaScriptEnabled: scripts, bypassCSP: unguarded },
    })
    return await use(await context.newPage())
  } finally {
    await running.close()
  }
}
