/** Where a packager's files say that the upstream's repository is. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The address of a repository, and the line that names it. */
export interface UpstreamAddress {
  url: string
  file: string
  line: number
}

/** A queue's patches lie no deeper below what packages them. */
const MAX_ABOVE = 3
const MAX_BYTES = 1 << 20

/** A line that may name the address, by the file that it is in. */
const LINES: readonly { file: RegExp; line: RegExp }[] = [
  // https://dep-team.pages.debian.net/deps/dep12/
  { file: /^(?:debian\/)?upstream\/metadata$/, line: /^Repository:\s*["']?(\S+?)["']?\s*$/ },
  // uscan(1)
  { file: /^(?:debian\/)?watch$/, line: /^(?!\s*#).*?((?:https?|git):\/\/\S+)/ },
  { file: /^[^/]+\.spec$/, line: /^(?:URL|VCS):\s*(?:git[:+])?(https?:\/\/\S+)/i },
]
/** Of a page of these the repository's own address is the beginning. */
const FORGE =
  /^(https?:\/\/(?:www\.)?(?:github\.com|codeberg\.org|[\w.-]*gitlab[\w.-]*|salsa\.debian\.org)\/[\w.~-]+\/[\w.~-]+)/
const REPOSITORY = /^((?:https?|git):\/\/[\w.:~/+-]+\.git|git:\/\/[\w.:~/+-]+)(?:[/?#\s]|$)/

/** Looks beside a queue, and above it; null where no repository is named. */
export function findUpstreamAddress(source: string): UpstreamAddress | null {
  let directory = lstatSync(source, { throwIfNoEntry: false })?.isDirectory() ? source : dirname(source)
  for (let above = 0; above <= MAX_ABOVE; above++) {
    const found = addressIn(directory)
    if (found) return { ...found, file: join(directory, found.file) }
    directory = dirname(directory)
  }
  return null
}

function addressIn(directory: string): UpstreamAddress | null {
  const specs = namesIn(directory).filter((name) => name.endsWith('.spec'))
  const files = ['debian/upstream/metadata', 'upstream/metadata', 'debian/watch', 'watch', ...specs.sort()]
  for (const file of files) {
    const rule = LINES.find((one) => one.file.test(file))
    for (const [at, text] of linesOf(join(directory, file)).entries()) {
      const named = rule?.line.exec(text)?.[1] ?? ''
      const url = (REPOSITORY.exec(named) ?? FORGE.exec(named))?.[1]
      if (url !== undefined) return { url, file, line: at + 1 }
    }
  }
  return null
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

/** None of what is no regular file: nothing else was written to be read. */
function linesOf(path: string): string[] {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  return stat?.isFile() && stat.size <= MAX_BYTES ? readFileSync(path, 'utf8').split('\n') : []
}
