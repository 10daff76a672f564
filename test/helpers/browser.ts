import { existsSync } from 'node:fs'
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
