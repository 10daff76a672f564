import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ROOMS } from './house/rooms.ts'

const source = fileURLToPath(new URL('../src', import.meta.url))
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))

/** What a module imports: paths below src without their ending, and names of packages. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), 'utf8')
  const imports = /^(?:import|export|\})(?: [^']*)? from '([^']+)'$|^import '([^']+)'$|await import\('([^']+)'\)/gm
  const named = [...text.matchAll(imports)].map(([, from, bare, late]) => from ?? bare ?? late ?? '')
  return named.map((name) =>
    name.startsWith('.') ? relative(source, join(source, dirname(file), name)).replace(/\.ts$/, '') : name,
  )
}

const roomOf = (module: string) => module.split('/')[0]?.replace(/\.ts$/, '') ?? ''
const isPackage = (name: string) => !(roomOf(name) in ROOMS) || name.startsWith('node:')

/** The imports of a file that its room may not have. */
function strangersIn(file: string): string[] {
  const own = roomOf(file)
  const room = ROOMS[own]
  if (!room) return [`${file}: no room of the house`]
  const mayImport = (name: string) =>
    isPackage(name)
      ? room.packages.includes(name)
      : roomOf(name) === own || room.rooms.some((one) => one === roomOf(name) || one === name)
  return importsOf(file)
    .filter((name) => !mayImport(name))
    .map((name) => `${file} imports ${name}`)
}

/** The ways round from a module to itself. */
function circlesIn(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const circles: string[] = []
  const done = new Set<string>()
  const visit = (module: string, way: readonly string[]): void => {
    if (way.includes(module)) circles.push([...way.slice(way.indexOf(module)), module].join(' -> '))
    if (way.includes(module) || done.has(module)) return
    for (const next of graph.get(module) ?? []) visit(next, [...way, module])
    done.add(module)
  }
  for (const module of graph.keys()) visit(module, [])
  return circles
}

describe('the house', () => {
  it('has no import that its table does not allow', () => {
    expect(files.flatMap(strangersIn)).toEqual([])
  })

  it('has no circle', () => {
    const graph = new Map(files.map((file) => [file.replace(/\.ts$/, ''), importsOf(file)]))
    expect(circlesIn(graph)).toEqual([])
  })

  it('has no job that imports another', () => {
    const jobOf = (module: string) => module.split('/')[1]?.replace(/\.ts$/, '')
    const jobs = files.filter((file) => roomOf(file) === 'jobs')
    const others = (file: string) =>
      importsOf(file).filter((name) => roomOf(name) === 'jobs' && jobOf(name) !== jobOf(file))
    expect(jobs.flatMap(others)).toEqual([])
  })

  it('has no file of more than 300 lines', () => {
    const long = files.filter((file) => readFileSync(join(source, file), 'utf8').split('\n').length > 301)
    expect(long).toEqual([])
  })
})
