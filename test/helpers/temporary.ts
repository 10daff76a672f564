import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** A directory of the test file's own, gone when it has run. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'rebaseline-test-'))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}
