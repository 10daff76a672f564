/** Who may ask, and what is said with every answer. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { POLICY } from './pages/frame.ts'

/** What is looked at before anything is served. */
export interface Guard {
  /** Host names that the server answers to, beside those of loopback. */
  names: readonly string[]
  /** Whether anything may be posted. */
  mayPost: boolean
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/**
 * Refuses a host that is not the server's own. A name of somebody else's may be made to lead here
 * (DNS rebinding). Refuses every method but those that read, and posts from elsewhere.
 */
export function guarded({ names, mayPost }: Guard): MiddlewareHandler {
  const own = new Set([...LOOPBACK, ...names].map((name) => name.toLowerCase()))
  return async (context, next) => {
    const host = context.req.header('host') ?? ''
    if (!own.has(host.replace(/:\d{1,5}$/, '').toLowerCase()))
      return context.text('This server does not answer to that name.\n', 421)
    const { method } = context.req
    if (method !== 'GET' && method !== 'HEAD' && !(mayPost && method === 'POST')) {
      context.header('Allow', mayPost ? 'GET, HEAD, POST' : 'GET, HEAD')
      return context.text('Nothing can be written here.\n', 405)
    }
    if (method === 'POST' && !isFromHere(context.req.header('origin'), context.req.header('sec-fetch-site'), host))
      return context.text('That came from another page.\n', 403)
    await next()
    return undefined
  }
}

/** Browsers say where a post is from (w3.org/TR/fetch-metadata); other programs do not. */
function isFromHere(origin: string | undefined, site: string | undefined, host: string): boolean {
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  return origin === undefined || origin.replace(/^https?:\/\//, '').toLowerCase() === host.toLowerCase()
}

/** With every answer, errors too. */
export const secured: MiddlewareHandler = async (context, next) => {
  await next()
  const headers = {
    'Content-Security-Policy': POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  }
  for (const [name, value] of Object.entries(headers)) context.res.headers.set(name, value)
}

/** Whether two secrets are the same, without telling by time how far. */
export function isSame(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer]
  return timingSafeEqual(first, second)
}
