/** What `rebaseline.yaml` says of a queue. */
import type { PatchClass } from './audit.ts'
import type { Gate } from './gate.ts'
import type { FormatName } from './queue.ts'

/** The name of the file: it stands beside the queue, or above it in its repository. */
export const CONFIG_NAME = 'rebaseline.yaml'

/** One value, and the line that gives it, from 1. */
export interface Setting<Value = string> {
  value: Value
  line: number
}

/** What a queue's own people wrote down for it. */
export interface Config {
  /** The file, by its absolute path; null where there is none. */
  file: string | null
  /** What the queue is called. */
  name: Setting | null
  /** What lists the queue, from the file's directory. */
  queue: Setting | null
  format: Setting<FormatName> | null
  /** A clone, a URL, or a directory of release tarballs. */
  upstream: Setting | null
  /** The release that the queue sits on. */
  base: Setting | null
  /** A glob that the upstream's releases fit. */
  tags: Setting | null
  /** The file that attempts are recorded in. */
  record: Setting | null
  gates: Gate[]
  /** The classes of sections, by the names that the queue has for them. */
  sections: ReadonlyMap<string, Setting<PatchClass>>
  /** When a patch is to leave, by its name: conditions, as they are written. */
  retire: ReadonlyMap<string, Setting<readonly string[]>>
}

/** What holds where nobody wrote one. */
export const NO_CONFIG: Config = {
  ...{ file: null, name: null },
  ...{ queue: null, format: null, upstream: null, base: null, tags: null, record: null },
  ...{ gates: [], sections: new Map(), retire: new Map() },
}
