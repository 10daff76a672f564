/** What the pages of the documentation hold: commands that can be run, links, anchors. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** One fenced block of a page. */
export interface Block {
  /** The line of its fence, from 1. */
  line: number
  language: string
  /** Why it is shown and not run; null where it is run. */
  unrun: string | null
  text: string
}

export interface Page {
  /** From the top of the project. */
  name: string
  blocks: Block[]
  /** All but the blocks. */
  prose: string
}

/** A block whose commands a test cannot run says so on its fence, with the reason. */
const FENCE = /^```(\w*)(?: not run: (.+))?\n([\s\S]*?)^```$/gm

/** README, CONTRIBUTING and all pages of docs/. */
export function pages(): Page[] {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name))
  return ['README.md', 'CONTRIBUTING.md', ...docs.sort()].map(readPage)
}

function readPage(name: string): Page {
  const text = readFileSync(join(ROOT, name), 'utf8')
  const blocks = [...text.matchAll(FENCE)].map(({ index, 1: language = '', 2: unrun = null, 3: inside = '' }) => ({
    ...{ line: text.slice(0, index).split('\n').length, language, unrun, text: inside },
  }))
  return { name, blocks, prose: text.replace(FENCE, '') }
}

/** Files and anchors of the project that a page leads to, from the project's top. */
export function linksOf({ name, prose }: Page): string[] {
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', anchor] = target.split('#')
      const file = path === '' ? name : relative(ROOT, join(ROOT, dirname(name), path))
      return anchor === undefined ? file : `${file}#${anchor}`
    })
}

/** Anchors of a page's headings, as GitHub makes them. */
export function anchorsOf({ prose }: Page): string[] {
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

/** Commands and options of ours that a page speaks of in its sentences: `rebaseline show --web`. */
export function spokenOf({ prose }: Page): string[] {
  return [...prose.matchAll(/`([^`\n]+)`/g)]
    .map(([, words = '']) => words)
    .filter((words) => /^(?:rebaseline [a-z]|--[a-z])/.test(words))
}
