/** Where a packager's files say that the upstream's repository is. */
import type { ByteString } from '../model/bytes.ts'
import type { UpstreamAddress } from '../model/queue.ts'
import { directoryOf, fileNamesIn, isUnread, joinPath, type QueueFiles } from './files.ts'

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

/** Looks beside a queue's list, and above it; null where no repository is named. */
export async function findUpstreamAddress(files: QueueFiles, list: ByteString): Promise<UpstreamAddress | null> {
  let directory = directoryOf(list)
  for (let above = 0; above <= MAX_ABOVE; above++) {
    const found = await addressIn(files, directory)
    if (found || directory === '') return found
    directory = directoryOf(directory)
  }
  return null
}

async function addressIn(files: QueueFiles, directory: ByteString): Promise<UpstreamAddress | null> {
  const specs = (await fileNamesIn(files, directory)).filter((name) => name.endsWith('.spec'))
  for (const file of ['debian/upstream/metadata', 'upstream/metadata', 'debian/watch', 'watch', ...specs]) {
    const rule = LINES.find((one) => one.file.test(file))
    const path = joinPath(directory, file)
    const read = await files.read(path, MAX_BYTES)
    const lines = isUnread(read) ? [] : Buffer.from(read).toString('utf8').split('\n')
    for (const [at, text] of lines.entries()) {
      const named = rule?.line.exec(text)?.[1] ?? ''
      const url = (REPOSITORY.exec(named) ?? FORGE.exec(named))?.[1]
      if (url !== undefined) return { url, file: files.nameOf(path), line: at + 1 }
    }
  }
  return null
}
