/** Sections of a spec: a comment above a block of patches names them. */
import { type ByteString, toText } from '../../../model/bytes.ts'

/** What is longer is an explanation, no title. */
const LONGEST = 80

export class BlockComments {
  #lines: string[] = []
  #title = ''
  /** Whether a rule of signs stood around the title: it then holds beyond blank lines. */
  #isBanner = false

  /** A line behind "#". */
  comment(line: ByteString): void {
    this.#lines.push(
      toText(line)
        .replace(/^[\s#]+/, '')
        .trim(),
    )
  }

  blank(): void {
    this.#lines = []
    if (!this.#isBanner) this.#title = ''
  }

  /** The section of the patch that stands here, and the comment right above it. */
  patch(): { section: string; comment: string | null } {
    const words = this.#lines.filter((line) => line !== '' && !isRule(line))
    if (words.length > 0) {
      const [first = ''] = words
      this.#isBanner = this.#lines.some(isRule) || this.#lines.includes('')
      this.#title = words.length === 1 && first.length <= LONGEST && !/^\S*:\/\/\S*$/.test(first) ? first : ''
    }
    this.#lines = []
    return { section: this.#title, comment: words.join(' ') || null }
  }

  /** Any other line. */
  other(): void {
    this.#lines = []
  }
}

function isRule(line: string): boolean {
  return /^([=*~-])\1{3,}$/.test(line)
}
