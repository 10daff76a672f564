import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Lineage } from '../../src/audit/lineage.ts'
import type { NotedCommit } from '../../src/model/upstream-notes.ts'

function commit(name: string, parents: string[], more: Partial<NotedCommit> = {}): NotedCommit {
  const plain = { subject: `net: the change ${name}`, author: 'One <one@example.org>', time: 0, authorTime: 0 }
  return { sha: idOf(name), parents: parents.map(idOf), takenFrom: [], reverts: [], notes: null, ...plain, ...more }
}

/** A letter makes an id of its own. */
function idOf(name: string): string {
  return Buffer.from(name).toString('hex').padEnd(40, '0')
}

function lineage(commits: NotedCommit[], branches: Record<string, string> = {}): Lineage {
  return new Lineage({ commits, branches: new Map(Object.entries(branches)) }, idOf('main'))
}

describe('copies of a commit', () => {
  it('are those that name it, and those of its subject and author on another line', () => {
    const told = lineage(
      [
        commit('main', ['fix']),
        commit('fix', ['begin']),
        commit('named', ['silent'], { takenFrom: [idOf('fix')], subject: 'another' }),
        commit('silent', ['begin'], { subject: 'net: the change fix' }),
        commit('begin', []),
      ],
      { stable: idOf('named') },
    )
    const change = told.changeOf(idOf('fix')) ?? -1
    expect(
      told
        .members(change)
        .map(({ sha }) => sha)
        .sort(),
    ).toEqual(['fix', 'named', 'silent'].map(idOf).sort())
  })

  it('are not two of one subject on one line', () => {
    const told = lineage([
      commit('main', ['a'], { subject: 'net: less noise' }),
      commit('a', ['b'], { subject: 'net: less noise', authorTime: 1 }),
      commit('b', []),
    ])
    expect(told.changeOf(idOf('main'))).not.toBe(told.changeOf(idOf('a')))
  })

  it('are not joined by a commit that is several together', () => {
    const told = lineage(
      [
        commit('main', ['b']),
        commit('b', ['a']),
        commit('a', []),
        commit('both', ['a'], { takenFrom: [idOf('a'), idOf('b')] }),
      ],
      { stable: idOf('both') },
    )
    expect(told.changeOf(idOf('a'))).not.toBe(told.changeOf(idOf('b')))
    expect(told.holding([idOf('both')]).has(told.changeOf(idOf('b')) ?? -1)).toBe(true)
  })
})

describe('what an ancestry holds', () => {
  const told = lineage(
    [
      commit('main', ['again']),
      commit('again', ['back'], { reverts: [idOf('back')] }),
      commit('back', ['fix'], { reverts: [idOf('fix')] }),
      commit('fix', ['begin']),
      commit('begin', []),
    ],
    { stable: idOf('back') },
  )
  const fix = told.changeOf(idOf('fix')) ?? -1

  it('does not stand where it was taken back, and stands where that was', () => {
    expect(told.holding([idOf('back')]).has(fix)).toBe(true)
    expect(told.holding([idOf('back')]).stands(fix)).toBe(false)
    expect(told.holding([idOf('main')]).stands(fix)).toBe(true)
    expect(told.holding([idOf('begin')]).has(fix)).toBe(false)
  })

  it('names a commit by the beginning of its id, or by the only one of a subject', () => {
    expect(told.named({ sha: idOf('fix').slice(0, 8), subject: null })).toBe(fix)
    expect(told.named({ sha: '123456789', subject: 'net: the change fix' })).toBe(fix)
    expect(told.named({ sha: '123456789', subject: null })).toBeNull()
  })
})

it('what stands anywhere is there, and every commit is of one change', () => {
  const commits = fc.array(fc.record({ from: fc.nat(), copy: fc.option(fc.nat()), back: fc.option(fc.nat()) }), {
    minLength: 1,
    maxLength: 12,
  })
  fc.assert(
    fc.property(commits, (drawn) => {
      const names = drawn.map((_, at) => `commit${String(at).padStart(2, '0')}`)
      const nameAt = (place: number) => names[place % names.length] ?? ''
      const made = drawn.map(({ from, copy, back }, at) =>
        commit(names[at] ?? '', at === 0 ? [] : [names[from % at] ?? ''], {
          takenFrom: copy === null ? [] : [idOf(nameAt(copy))],
          reverts: back === null ? [] : [idOf(nameAt(back))],
        }),
      )
      const told = lineage(made.toReversed(), { tip: idOf(names.at(-1) ?? '') })
      const tip = told.holding([idOf(names.at(-1) ?? '')])
      for (const { sha } of made) {
        const change = told.changeOf(sha) ?? -1
        expect(told.members(change).filter((one) => one.sha === sha)).toHaveLength(1)
        expect(tip.stands(change) && !tip.has(change)).toBe(false)
        expect(tip.hasCommit(sha) && !tip.has(change)).toBe(false)
      }
    }),
  )
})
