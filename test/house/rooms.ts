/** Who may import whom: the rooms of the house, from the ground up, and the packages of each. */
export interface Room {
  /** Rooms that it may import, beside its own; or single files of them. */
  rooms: readonly string[]
  /** Packages, and modules of Node; pure rooms have none that reaches outside. */
  packages: readonly string[]
}

const FACTS = ['model', 'errors']

export const ROOMS: Readonly<Record<string, Room>> = {
  errors: { rooms: [], packages: [] },
  model: { rooms: [], packages: [] },
  patch: {
    rooms: ['model'],
    packages: ['node:crypto', 'node:zlib', 'parse-diff', 'postal-mime', '@jest/diff-sequences', 'diff'],
  },
  git: {
    rooms: FACTS,
    packages: [
      ...['node:child_process', 'node:crypto', 'node:fs', 'node:path', 'node:stream', 'node:stream/promises'],
      ...['node:zlib', 'simple-git'],
    ],
  },
  record: {
    rooms: FACTS,
    packages: [
      ...['valibot', 'node:crypto', 'node:fs', 'node:module', 'node:os', 'node:path', 'node:sea'],
      ...['node:timers/promises', 'node:url'],
    ],
  },
  trend: { rooms: ['model'], packages: [] },
  queue: {
    rooms: ['patch', 'git/object-reader', ...FACTS],
    // The programs that unpack xz, bzip2 and zstd.
    packages: [
      ...['node:child_process', 'node:crypto', 'node:fs', 'node:path', 'node:zlib'],
      ...['postal-mime', 'tar-stream'],
    ],
  },
  upstream: {
    rooms: ['git', 'patch', ...FACTS],
    packages: [
      ...['node:child_process', 'node:crypto', 'node:fs', 'node:fs/promises', 'node:stream', 'node:stream/promises'],
      'node:zlib',
    ],
  },
  attempt: { rooms: ['git', 'patch', ...FACTS], packages: ['node:fs', 'node:path', 'node:zlib'] },
  match: { rooms: ['patch', 'model'], packages: [] },
  // The queue's own file of wishes, and nothing else of the disk.
  config: { rooms: FACTS, packages: ['node:fs', 'node:path', 'valibot', 'yaml'] },
  audit: { rooms: ['model'], packages: [] },
  judge: { rooms: ['patch', 'model'], packages: [] },
  report: {
    // Conflict markers are found again where a marked file is shown; mails are written.
    rooms: ['trend', 'model', 'patch/regions', 'patch/mail/fields'],
    packages: ['d3-scale', 'junit-report-builder', 'node:crypto', 'picocolors', 'sarif', 'string-width', 'valibot'],
  },
  evidence: {
    rooms: ['upstream', 'attempt', 'match', 'judge', 'git', 'patch', ...FACTS],
    packages: ['node:timers/promises', 'p-map'],
  },
  workspace: {
    // What is remembered of a resolved file is cut from it.
    rooms: ['queue', 'upstream', 'git', 'record', 'config', 'patch/resolution/cut', ...FACTS],
    packages: ['node:crypto', 'node:fs', 'node:fs/promises', 'node:path'],
  },
  jobs: {
    rooms: [
      ...[
        'audit',
        'config',
        'evidence',
        'workspace',
        'queue',
        'upstream',
        'attempt',
        'match',
        'judge',
        'git',
        'record',
        'trend',
        'patch',
      ],
      ...FACTS,
    ],
    packages: ['node:fs', 'node:path', 'node:timers/promises', 'p-map'],
  },
  scan: {
    rooms: ['jobs', 'config', 'workspace', 'record', ...FACTS],
    packages: [...['bullmq', 'node:child_process', 'node:crypto', 'node:module', 'node:timers/promises', 'node:zlib']],
  },
  // Routes and pages: what they show comes from a job, how it looks from the report.
  serve: {
    rooms: ['jobs/dashboard/dashboard', 'jobs/dashboard/trend', 'report', ...FACTS],
    packages: [
      ...['hono', 'hono/http-exception', 'hono/streaming', '@hono/node-server', 'd3-scale', 'valibot'],
      ...['node:crypto', 'node:http', 'node:net', 'node:timers/promises'],
    ],
  },
  commands: {
    rooms: ['serve', 'scan', 'jobs', 'report', ...FACTS],
    packages: ['commander', '@bomb.sh/tab', 'node:fs', 'node:os', 'node:path'],
  },
  // The reader's own pager is begun there.
  terminal: { rooms: [], packages: ['node:child_process'] },
  cli: {
    rooms: [
      'commands',
      'terminal',
      'scan/scan',
      'report/sanitize',
      'report/help/fold-help',
      'report/text/progress',
      ...FACTS,
    ],
    packages: [
      'commander',
      'node:crypto',
      'node:fs',
      'node:os',
      'node:path',
      'node:sea',
      'node:stream/consumers',
      'node:url',
    ],
  },
}
