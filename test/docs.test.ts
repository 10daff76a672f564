/** What the documentation says is so: its commands do what it says, its links lead somewhere. */
import { spawn } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildDemo } from '../fixtures/build-demo.ts'
import { VERDICTS } from '../src/model/attempt.ts'
import { PATCH_CLASSES } from '../src/model/audit.ts'
import { FATES } from '../src/model/fate.ts'
import { shellWord } from '../src/report/sanitize.ts'
import { SCHEMAS } from '../src/report/schemas/schemas.ts'
import { rebaseline } from './helpers/cli.ts'
import { anchorsOf, type Block, linksOf, pages, ROOT, spokenOf } from './helpers/pages.ts'
import { kettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'
import { drawScene, sentenceOf } from './pictures/scene.ts'

const scratch = temporaryDirectory()
const PAGES = pages()

/** What `npm run demo` leaves; `rebaseline` is found, and so is an editor that mends a conflict. */
const clone = join(scratch, 'clone')
buildDemo(kettle, join(clone, 'demo'))
const programs = join(scratch, 'programs')
mkdirSync(programs)
program('rebaseline', `exec ${shellWord(process.execPath)} ${shellWord(join(ROOT, 'dist', 'cli.js'))} "$@"`)
program(
  'editor',
  String.raw`exec sed -i -e '/^<<<<<<</d' -e '/^|||||||/,/^>>>>>>>/d' \
    -e 's/< kettle->target)/< lowest(kettle->target, distro_boiling_point()))/' -e 's/^@@ -4,6 +4,7/@@ -4,6 +4,8/' "$1"`,
)

function program(name: string, text: string): void {
  writeFileSync(join(programs, name), `#!/bin/sh\n${text}\n`)
  chmodSync(join(programs, name), 0o755)
}

/** A shell for one page: where one block leaves it, the next begins. */
class Shell {
  readonly #home: string
  #directory: string

  constructor(name: string) {
    this.#home = join(scratch, name.replaceAll('/', '-'))
    cpSync(clone, this.#home, { recursive: true })
    this.#directory = this.#home
  }

  /** What the commands print, on whatever stream; it ends at one that fails. */
  run(commands: string): Promise<{ code: number | null; output: string }> {
    const place = join(this.#home, '.place')
    const script = `trap 'pwd > ${shellWord(place)}' EXIT\n${commands}`
    const child = spawn('bash', ['-euo', 'pipefail', '-c', `exec 2>&1\n${script}`], {
      cwd: this.#directory,
      env: {
        ...{ PATH: `${programs}:${process.env.PATH}`, HOME: this.#home, COLUMNS: '80', EDITOR: 'editor' },
        ...{ GIT_AUTHOR_NAME: 'Maude', GIT_AUTHOR_EMAIL: 'maude@kettle.example' },
        ...{ GIT_COMMITTER_NAME: 'Maude', GIT_COMMITTER_EMAIL: 'maude@kettle.example' },
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      output += part
    })
    return new Promise((done) =>
      child.on('close', (code) => {
        this.#directory = readFileSync(place, 'utf8').trimEnd()
        done({ code, output })
      }),
    )
  }
}

/** A command with "# exits 3" behind it does so. */
function expectingCodes(commands: string): string {
  return commands.replace(
    /^(.*\S) +# exits (\d+).*$/gm,
    (_, command, code) => `code=0; ${command} || code=$?; [ "$code" = ${code} ]`,
  )
}

/** "$ command" and what it prints, in which "…" stands for whatever is left out. */
function sessionsIn({ text }: Block): { command: string; shown: string }[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((session) => ({ command: session.split('\n', 1)[0] ?? '', shown: session.replace(/^.*\n/, '') }))
}

function patternOf(shown: string): RegExp {
  const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const lines = shown.trimEnd().split('\n')
  const parts = lines.map((line) => (line.trim() === '…' ? '(?:.*\\n)*?' : `${literal(line)}\\n`))
  return new RegExp(`^${parts.join('')}`, 'm')
}

async function runBlock(block: Block, shell: Shell): Promise<void> {
  if (block.language === 'sh') {
    const result = await shell.run(expectingCodes(block.text))
    expect(result).toEqual({ code: 0, output: result.output })
    return
  }
  for (const { command, shown } of sessionsIn(block)) {
    const { code, output } = await shell.run(expectingCodes(command))
    expect({ command, code, output }).toEqual({ command, code: 0, output: expect.stringMatching(patternOf(shown)) })
  }
}

describe('the commands', () => {
  const runnable = PAGES.map(({ name, blocks }) => ({
    name,
    blocks: blocks.filter(({ language, unrun }) => ['sh', 'console'].includes(language) && unrun === null),
  })).filter(({ blocks }) => blocks.length > 0)

  it.concurrent.each(runnable)('of $name do what it says', { timeout: 600_000 }, async ({ name, blocks }) => {
    const shell = new Shell(name)
    for (const block of blocks) await runBlock(block, shell)
  })

  it('are run, but for a few that a test cannot run', () => {
    // What installs is tried by `npm run try-shipping`.
    const unrun = PAGES.filter(({ name }) => name !== 'docs/install.md').flatMap(({ name, blocks }) =>
      blocks.flatMap(({ line, unrun: reason }) => (reason === null ? [] : [`${name}:${line}: ${reason}`])),
    )
    const run = runnable.flatMap(({ blocks }) => blocks)
    expect(unrun.length * 2).toBeLessThan(run.length)
  })

  it('stand in blocks whose language says whether they are', () => {
    const languages = PAGES.flatMap(({ blocks }) => blocks.map(({ language }) => language))
    expect([...new Set(languages)].filter((one) => !['sh', 'console', 'yaml', 'json', 'text'].includes(one))).toEqual(
      [],
    )
    // What is no language of commands shows none.
    const others = PAGES.flatMap(({ blocks }) => blocks.filter(({ language }) => !['sh', 'console'].includes(language)))
    expect(others.filter(({ text }) => /^(?:\$ )?(?:rebaseline|npm|git) /m.test(text))).toEqual([])
  })
})

describe('the pictures', () => {
  it('show what the example prints', () => {
    const place = join(scratch, 'pictures')
    mkdirSync(place)
    const { terminal, report } = drawScene(ROOT, place)
    expect(readFileSync(join(ROOT, 'docs', 'pictures', 'try.svg'), 'utf8')).toBe(terminal)
    expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain(`![The report: ${sentenceOf(report)}](`)
    expect(statSync(join(ROOT, 'docs', 'pictures', 'report.png')).size).toBeLessThan(200_000)
  })
})

describe('the sentences', () => {
  it('speak of commands and options that are there', () => {
    rebaseline(scratch, ['man', '--output', 'man'])
    const manual = join(scratch, 'man', 'man1')
    const options = new Map(
      readdirSync(manual).map((file) => [
        file.replace(/^rebaseline-?|\.1$/g, ''),
        new Set(
          [...readFileSync(join(manual, file), 'utf8').matchAll(/^\.It (?:Fl . )?Fl -([a-z-]+)/gm)].map(
            ([, name]) => name,
          ),
        ),
      ]),
    )
    const all = new Set([...options.values()].flatMap((names) => [...names]))
    const unknown = PAGES.flatMap((page) =>
      spokenOf(page).filter((words) => {
        const [, command = null] = /^rebaseline ([a-z]+)/.exec(words) ?? []
        const known = command === null ? all : options.get(command)
        const named = [...words.matchAll(/(?:^| )--([a-z-]+)/g)].map(([, name]) => name)
        return known === undefined || named.some((name) => !known.has(name) && !options.get('')?.has(name))
      }),
    )
    expect(unknown).toEqual([])
  })

  it.each<[string, readonly string[]]>([
    ['verdicts', [...VERDICTS, ...FATES]],
    ['audit', PATCH_CLASSES],
    ['json', Object.keys(SCHEMAS)],
    ['configuration', ['name', 'queue', 'format', 'upstream', 'base', 'tags', 'record', 'gates', 'sections', 'retire']],
  ])('of %s explain each word', (name, words) => {
    const page = PAGES.find((one) => one.name === `docs/${name}.md`)
    expect(words.filter((word) => !page?.prose.includes(`\`${word}\``))).toEqual([])
  })

  it('lead to pages and headings that are there', () => {
    const anchors = new Set(PAGES.flatMap((page) => anchorsOf(page).map((anchor) => `${page.name}#${anchor}`)))
    const dead = PAGES.flatMap((page) =>
      linksOf(page)
        .filter((target) => (target.includes('#') ? !anchors.has(target) : !existsSync(join(ROOT, target))))
        .map((target) => `${page.name}: ${target}`),
    )
    expect(dead).toEqual([])
  })
})
