/** What is thrown where a patch file cannot be read. */

/** A fault in the patch file at a line of it, counted from 1. */
export class MalformedPatch extends Error {
  readonly line: number
  readonly hint: string

  constructor(line: number, message: string, hint: string) {
    super(message)
    this.line = line
    this.hint = hint
  }
}

/** The way out of most faults. */
export const REGENERATE = 'regenerate the patch from its source tree (quilt refresh, git format-patch)'
