/** Writes a file so that nobody ever sees half of it. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'

/**
 * Under another name first, which no link that lies there can lead elsewhere. `target`: its directory
 * is there; what stands at it is replaced. `mode`: as for open(2).
 */
export function writeWhole(target: string | Buffer, content: string | Uint8Array, mode: number): void {
  const draft = Buffer.concat([Buffer.from(target), Buffer.from(`.rebaseline-${process.pid}`)])
  rmSync(draft, { force: true })
  const file = openSync(draft, 'wx', mode)
  try {
    writeFileSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(draft, target)
}
