import type { Hono } from 'hono'
import { type Dashboard, withDashboard } from '../../src/jobs/dashboard/dashboard.ts'
import { appOf, type Serving } from '../../src/serve/app.ts'
import { jobContext } from './job-context.ts'

/** A dashboard that is open until it is closed. */
export interface OpenDashboard {
  dashboard: Dashboard
  app: Hono
  /** The text of a page, asked for as from this machine. */
  get: (path: string, headers?: Record<string, string>) => Promise<{ status: number; text: string; headers: Headers }>
  failures: unknown[]
  close: () => Promise<void>
}

/** Of a record in a directory, whose cache is there, too. */
export async function openDashboard(
  directory: string,
  record: string,
  serving: Partial<Serving> = {},
): Promise<OpenDashboard> {
  const failures: unknown[] = []
  const standard: Serving = {
    ...{ version: '0', names: [], token: null, locator: '', now: () => Date.parse('2026-11-27T12:00:00Z') },
    failed: (error) => failures.push(error),
  }
  let end = () => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  return await new Promise((resolve, reject) => {
    const whole = withDashboard({ db: record }, jobContext(directory, record), async (dashboard) => {
      const app = appOf(dashboard, { ...standard, ...serving })
      const get = async (path: string, headers: Record<string, string> = {}) => {
        const answer = await app.request(path, { headers: { host: '127.0.0.1:7171', ...headers } })
        return { status: answer.status, text: await answer.text(), headers: answer.headers }
      }
      const close = async () => {
        end()
        await whole
      }
      resolve({ dashboard, app, get, failures, close })
      await ended
    })
    whole.catch(reject)
  })
}
