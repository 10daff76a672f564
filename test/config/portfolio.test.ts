import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readPortfolio } from '../../src/config/portfolio.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const directory = temporaryDirectory()
const path = join(directory, 'portfolio.yaml')

function read(text: string) {
  writeFileSync(path, text)
  return readPortfolio(path)
}

it('takes a queue as it is written, and what it does not say from its upstream', () => {
  const { source, queues } = read(`
upstreams:
  xen: {repository: ../xen, onto: [4.10, master]}
queues:
  - {name: one, queue: pq, upstream: xen}
  - {name: two, queue: /pq, upstream: 'https://example.org/x', onto: 'v2.*', base: 1.10, format: quilt, guards: [x86]}
`)
  expect(source).toBe(path)
  const one = { name: 'one', queue: join(directory, 'pq'), upstream: '../xen', onto: ['4.10', 'master'] }
  const two = { name: 'two', queue: '/pq', upstream: 'https://example.org/x', onto: ['v2.*'] }
  expect(queues).toEqual([
    { ...one, base: null, format: null, guards: [] },
    { ...two, base: '1.10', format: 'quilt', guards: ['x86'] },
  ])
})

const QUEUE = '{name: a, queue: q, upstream: u, onto: v1}'

it.each([
  ['', /portfolio\.yaml: the whole: /],
  ['queues: []', /:1:9: queues: it lists no queue/],
  [`queues:\n  - ${QUEUE}\n  - ${QUEUE}`, /:3:5: a second queue is called a/],
  ['queues:\n  - {name: a, queue: q, upstream: u}', /:2:5: a has no "onto"/],
  ['queues:\n  - name: a\n    queue: q\n    upstram: u\n    onto: v1', /:[245]:\d+: queues\.0\.upst/],
  ['queues:\n  - name: a\n    queue: q\n    upstream: u\n    onto: v1\n    format: rar', /:6:13: queues\.0\.format/],
  ['queues:\n  - [', /:2:\d+: /],
  ['a: &a [x]\nb: [*a, *a]\n', /:2:5: this is no word/],
  ['queues: 1\nqueues: 2', /:2:1: .*unique/],
])('names the line of what is wrong in %j', (text, message) => {
  expect(() => read(text)).toThrow(message)
})

it('is not filled without end by aliases', () => {
  const levels = Array.from({ length: 20 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}, *a${at}]\n`)
  expect(() => read(`a0: &a0 [x]\n${levels.join('')}queues: *a20\n`)).toThrow(/portfolio\.yaml/)
})
