/** `rebaseline serve`: a dashboard of the record. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { UsageError, UserError } from '../errors.ts'
import type { CommandContext } from './context.ts'
import { DB_OPTION, locatorOf } from './place.ts'

interface Options {
  db?: string
  address: string
  port: number
  name?: string[]
  tokenFile?: string
}

const EXAMPLE = `
Examples:
  $ rebaseline serve                                  http://127.0.0.1:7171/, for a browser on this machine
  $ rebaseline serve --db team.db --port 8080         another record, another port
  $ ssh -L 7171:127.0.0.1:7171 build.example.org      then the same address shows that machine's dashboard
  $ rebaseline serve --name patches.example.org       behind a reverse proxy that passes the host on
  $ rebaseline serve --token-file ~/.rebaseline-token who knows what that file holds may answer on pages of patches

Views: / (queues and patches by owner: /?owner=ann,ben), /portfolio, /q/QUEUE, a page for each patch and attempt, /q/QUEUE/trend
(and trend.csv), /jobs. Behind each view's address: feed.atom and feed.json, with the same filter. Badges: /badge.svg, /q/QUEUE/badge.svg.

It reads the record and asks nothing of the network. What it shows is drawn into the cache: the first time takes about a second for
3,000 attempts, later only what is new is drawn. It ends with Ctrl-C. docs/dashboard.md says more.`

export function registerServe(program: Command, context: CommandContext): void {
  program
    .command('serve')
    .summary('a dashboard on 127.0.0.1: queues, patches, attempts, feeds')
    .description('Serves pages of what the record holds, on this machine alone, until it is ended.')
    .option(...DB_OPTION)
    .option('--port <number>', 'where to listen; 0 takes any that is free', toPort, 7171)
    .option('--address <ip>', 'which address of this machine to listen on', '127.0.0.1')
    .option('--name <host...>', 'host names that it answers to, beside those of loopback: of a reverse proxy')
    .option('--token-file <file>', 'whoever knows its content may record answers; without it nothing can be written')
    .addHelpText('after', EXAMPLE)
    .action((options: Options) => runServe(options, context))
}

function toPort(value: string): number {
  const port = Number(value)
  if (/^\d+$/.test(value) && port <= 65_535) return port
  throw new UsageError(`--port ${value} is no port`, 'give 0 to 65535')
}

async function runServe(
  { db, address, port, name: names = [], tokenFile }: Options,
  context: CommandContext,
): Promise<void> {
  const record = db === undefined ? {} : { db: resolve(context.cwd, db) }
  // A server is large: who asks for none does not wait for it.
  const { serveDashboard } = await import('../serve/serve.ts')
  await serveDashboard(
    {
      ...record,
      ...{ address, port, names, token: tokenFile === undefined ? null : tokenIn(tokenFile, context) },
      locator: locatorOf(record),
      ready: (url) => {
        context.write(`${url}\n`)
        if (!/^(?:127\.|::1$)/.test(address)) context.warn('anybody who reaches this machine can read the record')
      },
      failed: (error) => context.warn(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    },
    context,
  )
}

/** At least so many characters cannot be guessed. */
const LEAST = 16

function tokenIn(file: string, context: CommandContext): string {
  const path = resolve(context.cwd, file)
  let token: string
  try {
    token = readFileSync(path, 'utf8').trim()
  } catch (error) {
    throw new UserError(
      `${path} cannot be read: ${(error as Error).message}`,
      'write a secret into it: openssl rand -hex 16',
    )
  }
  if (token.length >= LEAST) return token
  throw new UserError(`the token in ${path} is too short`, `give ${LEAST} characters or more: openssl rand -hex 16`)
}
