import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { applyBinary } from '../../src/attempt/binary.ts'
import { fromBytes } from '../../src/model/bytes.ts'
import { changesOf } from '../../src/model/patch.ts'
import { readPatch } from '../../src/patch/read/read-patch.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const directory = temporaryDirectory()

function binaryChange(before: Uint8Array, after: Uint8Array) {
  writeFileSync(join(directory, 'before'), before)
  writeFileSync(join(directory, 'after'), after)
  const { stdout } = spawnSync('git', ['diff', '--no-index', '--binary', '--no-prefix', 'before', 'after'], {
    cwd: directory,
  })
  const patch = readPatch(
    { name: 'x', section: '', owner: null, comment: null, strip: 0, reversed: false, directory: '', listed: null },
    1,
    stdout,
  )
  const body = changesOf(patch)[0]?.body
  if (body?.kind !== 'binary') throw new Error('git made no binary patch')
  return body
}

const noise = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => new Uint8Array([0, ...bytes]))

it("applies git's binary patches there and back, literal and delta", () => {
  fc.assert(
    fc.property(noise, noise, fc.boolean(), (common, tail, alike) => {
      const long = new Uint8Array([...common, ...common, ...common])
      const after = alike ? new Uint8Array([...long, ...tail]) : tail
      fc.pre(Buffer.compare(long, after) !== 0)
      const { forward, backward } = binaryChange(long, after)
      expect(applyBinary(fromBytes(long), forward)).toBe(fromBytes(after))
      expect(backward && applyBinary(fromBytes(after), backward)).toBe(fromBytes(long))
    }),
    { numRuns: 40 },
  )
})

it('refuses a delta for other content, damaged data, and more than it announces', () => {
  const source = Buffer.concat([Buffer.from([0]), Buffer.alloc(400, 'abcdefgh')])
  const { forward } = binaryChange(source, Buffer.concat([source, Buffer.from('!')]))
  expect(forward.method).toBe('delta')
  expect(applyBinary('something else', forward)).toBeNull()
  expect(
    applyBinary(fromBytes(source), { ...forward, lines: forward.lines.map((line) => line.replace(/.$/, '"')) }),
  ).toBeNull()
  expect(applyBinary(fromBytes(source), { ...forward, size: forward.size - 1 })).toBeNull()
})
