/** The `rebaseline/init@1` document: what was found out about a queue, and written down. */
import type { WrittenConfig } from '../../model/init.ts'
import { printJson } from './print.ts'

export function initToJson({ file, queue, format, patches, upstream, others, base, tags }: WrittenConfig): string {
  return printJson({
    schema: 'rebaseline/init@1',
    file,
    queue: { name: queue, format, patches },
    upstream: upstream && { name: upstream.name, found: upstream.how.kind, others },
    base: base && { ref: base.ref, found: base.found },
    tags,
  })
}
