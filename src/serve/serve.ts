/** Serves the dashboard until it is ended. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { serve as listen } from '@hono/node-server'
import { UserError } from '../errors.ts'
import { type Dashboard, withDashboard } from '../jobs/dashboard/dashboard.ts'
import type { JobContext } from '../model/job.ts'
import { appOf, type Serving } from './app.ts'

/** Where and for whom it is served. */
export interface ServeRequest extends Pick<Serving, 'names' | 'token' | 'locator' | 'failed'> {
  db?: string
  /** An address of this machine, and a port; 0: any that is free. */
  address: string
  port: number
  /** Told where it is reached. */
  ready: (url: string) => void
}

/** Milliseconds between two looks at what is new in the record. */
const LOOK = 1000
/** Milliseconds that a client may take for its headers, and for all of a request. */
const HEADERS = 5000
const REQUEST = 30_000
/** Longer than proxies keep a connection: who closes first must be they. */
const KEPT = 65_000

/** @throws UserError where the port is taken. */
export function serveDashboard(request: ServeRequest, context: JobContext): Promise<void> {
  const { db, address, names } = request
  const place = db === undefined ? {} : { db }
  return withDashboard(place, context, async (dashboard) => {
    const { now, version } = context
    const app = appOf(dashboard, { ...request, now, version, names: [address, ...names] })
    const server = listen({
      fetch: app.fetch,
      ...{ hostname: address, port: request.port, createServer },
      serverOptions: {
        ...{ headersTimeout: HEADERS, requestTimeout: REQUEST, connectionsCheckingInterval: HEADERS / 5 },
        keepAliveTimeout: KEPT,
      },
    }) as Server
    await listening(server, request)
    const { port } = server.address() as AddressInfo
    request.ready(`http://${address.includes(':') ? `[${address}]` : address}:${port}/`)
    await keepFresh(dashboard, request)
  })
}

function listening(server: Server, { address, port }: ServeRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('listening', resolve)
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new UserError(
              `port ${port} of ${address} is taken`,
              'name another one with --port; 0 takes any that is free',
            )
          : new UserError(`${address}:${port} cannot be listened on: ${error.message}`, 'name another --address'),
      )
    })
  })
}

/** For as long as the process lives. A record that is locked for long is looked at again later. */
async function keepFresh(dashboard: Dashboard, { failed }: ServeRequest): Promise<never> {
  for (;;) {
    await setTimeout(LOOK)
    await dashboard.refresh().catch(failed)
  }
}
