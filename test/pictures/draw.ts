/** `npm run pictures`: draws the pictures of the README anew, the report's with a Chromium of the machine. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { browser, withPage } from '../helpers/browser.ts'
import { drawScene, sentenceOf } from './scene.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const pictures = join(root, 'docs', 'pictures')
const directory = mkdtempSync(join(tmpdir(), 'rebaseline-pictures-'))
try {
  const { terminal, report } = drawScene(root, directory)
  writeFileSync(join(pictures, 'try.svg'), terminal)
  const file = join(directory, 'report.html')
  writeFileSync(file, report)
  process.stdout.write(`try.svg\nreport.png: ${sentenceOf(report)}\n`)
  if (browser === undefined) throw new Error('no Chromium is on the PATH: report.png stays as it is')
  await withPage({ width: 1100 }, async (page) => {
    await page.goto(pathToFileURL(file).href)
    await page.screenshot({ path: join(pictures, 'report.png') })
  })
} finally {
  rmSync(directory, { recursive: true, force: true })
}
