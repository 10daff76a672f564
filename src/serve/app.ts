/** The routes: each asks a job for a view, and hands it to a page. */
import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { streamSSE } from 'hono/streaming'
import { UserError } from '../errors.ts'
import type { Dashboard } from '../jobs/dashboard/dashboard.ts'
import type { News } from '../model/dashboard.ts'
import { html } from '../report/html/markup.ts'
import { badge } from './badge.ts'
import { type Feed, newsToAtom, newsToJsonFeed } from './feeds.ts'
import { guarded, isSame, secured } from './guard.ts'
import { attemptPage } from './pages/attempt.ts'
import { framed, type Look, type Page } from './pages/frame.ts'
import { homePage } from './pages/home.ts'
import { jobsPage, liveCounts, restOf } from './pages/jobs.ts'
import { patchAddress } from './pages/parts.ts'
import { patchPage } from './pages/patch.ts'
import { portfolioPage } from './pages/portfolio.ts'
import { queuePage } from './pages/queue.ts'
import { trendPage, trendToCsv } from './pages/trend.ts'
import { answerIn, newsFilter, ownersIn, portfolioQuery, queueQuery } from './query.ts'

/** How pages are served. */
export interface Serving {
  version: string
  /** Host names beside those of loopback. */
  names: readonly string[]
  /** Who knows it may answer; null: nobody may. */
  token: string | null
  /** The options that other commands find the record by, with a blank in front. */
  locator: string
  now: () => number
  /** Told of what goes wrong on our side. */
  failed: (error: unknown) => void
}

/** Milliseconds between two looks at how jobs stand. */
const LIVE = 1000

export function appOf(dashboard: Dashboard, serving: Serving): Hono {
  const app = new Hono()
  app.use(secured, guarded({ names: serving.names, mayPost: serving.token !== null }))
  addPages(app, dashboard, serving)
  addFeeds(app, dashboard)
  addRest(app, dashboard)
  if (serving.token !== null) addAnswers(app, dashboard, serving.token)
  app.notFound((context) => show(context, serving, nothingHere(), 404))
  app.onError((error, context) => {
    if (error instanceof HTTPException) return error.getResponse()
    if (error instanceof UserError) return show(context, serving, refused(error), 400)
    serving.failed(error)
    return show(context, serving, broken(), 500)
  })
  return app
}

function lookOf(context: Context, { now, version, locator, token }: Serving): Look {
  const { pathname, search } = new URL(context.req.url)
  const address = `${decoded(pathname)}${decoded(search)}`
  return { now: now(), version, locator, address, mayAnswer: token !== null }
}

function show(context: Context, serving: Serving, page: Page, status: 200 | 400 | 404 | 500 = 200): Response {
  return context.html(framed(page, lookOf(context, serving)), status)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function addPages(app: Hono, dashboard: Dashboard, serving: Serving): void {
  const orNothing = <View>(context: Context, view: View | null, pageOf: (view: View) => Page) =>
    view === null ? show(context, serving, nothingHere(), 404) : show(context, serving, pageOf(view))
  app.get('/', (context) => {
    const view = dashboard.home(ownersIn(context.req.query()))
    return show(context, serving, homePage(view, lookOf(context, serving)))
  })
  app.get('/portfolio', (context) => {
    return show(context, serving, portfolioPage(dashboard.portfolio(portfolioQuery(context.req.query()))))
  })
  app.get('/jobs', (context) => show(context, serving, jobsPage(dashboard.jobs())))
  app.get('/q/:queue', (context) => {
    return orNothing(context, dashboard.queue(context.req.param('queue'), queueQuery(context.req.query())), queuePage)
  })
  app.get('/q/:queue/trend', (context) => {
    return orNothing(context, dashboard.trend(context.req.param('queue')), (view) =>
      trendPage(view, lookOf(context, serving)),
    )
  })
  app.get('/a/:address', (context) => orNothing(context, dashboard.attempt(context.req.param('address')), attemptPage))
  app.get('/q/:queue/p/:lineage{L[0-9]{1,9}}/:name?', async (context) => {
    const view = await dashboard.patch(patchPlace(context.req.param()))
    return orNothing(context, view, (one) => patchPage(one, lookOf(context, serving)))
  })
}

function patchPlace({ queue, lineage }: { queue?: string; lineage?: string }): { queue: string; lineage: number } {
  return { queue: queue ?? '', lineage: Number((lineage ?? '').slice(1)) }
}

/** Every page's address with "/feed.atom" or "/feed.json" behind it, and the same filter. */
const FEED = ':feed{feed\\.(?:atom|json)}'

function addFeeds(app: Hono, dashboard: Dashboard): void {
  const filterOf = (context: Context) => newsFilter(context.req.query())
  for (const [place, name] of [
    ['', 'what is new'],
    ['/portfolio', 'what is new in the portfolio'],
    ['/jobs', 'what scans found'],
  ] as const)
    app.get(`${place}/${FEED}`, (context) => feedAnswer(context, name, dashboard.news(filterOf(context))))
  for (const place of ['/q/:queue', '/q/:queue/trend'] as const)
    app.get(`${place}/${FEED}`, (context) => {
      const queue = context.req.param('queue') ?? ''
      return feedAnswer(context, `what is new in ${queue}`, dashboard.news({ ...filterOf(context), queue }))
    })
  app.get(`/q/:queue/p/:lineage{L[0-9]{1,9}}/:name/${FEED}`, (context) => {
    const place = patchPlace(context.req.param())
    const name = `what is new of a patch of ${place.queue}`
    return feedAnswer(context, name, dashboard.news({ ...filterOf(context), ...place }))
  })
  app.get(`/a/:address/${FEED}`, (context) => {
    const view = dashboard.attempt(context.req.param('address') ?? '')
    return feedAnswer(context, 'what an attempt found', view?.news ?? [])
  })
}

function feedAnswer(context: Context, title: string, news: readonly News[]): Response {
  const { origin, pathname, search } = new URL(context.req.url)
  const page = `${pathname.replace(/\/feed\.\w+$/, '')}${search}` || '/'
  const feed: Feed = { title: `rebaseline: ${title}`, origin, self: `${pathname}${search}`, page, news }
  const isAtom = pathname.endsWith('.atom')
  const type = isAtom ? 'application/atom+xml' : 'application/feed+json'
  return context.body(isAtom ? newsToAtom(feed) : newsToJsonFeed(feed), 200, {
    'Content-Type': `${type}; charset=utf-8`,
  })
}

function addRest(app: Hono, dashboard: Dashboard): void {
  const image = (context: Context, text: string) => context.body(text, 200, { 'Content-Type': 'image/svg+xml' })
  app.get('/badge.svg', (context) => image(context, badge('patch queues', dashboard.summary())))
  app.get('/q/:queue/badge.svg', (context) => {
    const queue = context.req.param('queue')
    const next = dashboard.next(queue)
    return next === null ? context.text('no such queue\n', 404) : image(context, badge(queue, next))
  })
  app.get('/q/:queue/trend.csv', (context) => {
    const view = dashboard.trend(context.req.param('queue'))
    if (view === null) return context.text('no such queue\n', 404)
    return context.body(trendToCsv(view), 200, { 'Content-Type': 'text/csv; charset=utf-8' })
  })
  app.get('/jobs/live', (context) =>
    streamSSE(context, async (stream) => {
      while (!stream.aborted) {
        const view = dashboard.jobs()
        await stream.writeSSE({ event: 'jobs', data: JSON.stringify({ counts: liveCounts(view), rest: restOf(view) }) })
        await stream.sleep(LIVE)
      }
    }),
  )
}

function addAnswers(app: Hono, dashboard: Dashboard, token: string): void {
  app.post('/q/:queue/p/:lineage{L[0-9]{1,9}}/:name/answer', async (context) => {
    const fields = answerIn(await context.req.parseBody())
    if (!isSame(fields.token, token)) return context.text('That is not the token.\n', 403)
    const place = patchPlace(context.req.param())
    await dashboard.answer({ ...place, ...fields })
    return context.redirect(patchAddress({ ...place, name: context.req.param('name') ?? '' }), 303)
  })
}

function nothingHere(): Page {
  return {
    ...{
      heading: 'There is nothing at this address',
      sub: 'A queue, a patch or an attempt may not be in this record.',
      feeds: null,
    },
    body: html`<p><a href="/portfolio">All queues</a></p>`,
  }
}

function refused({ message, hint }: UserError): Page {
  return { heading: 'That was not taken', sub: `${message}: ${hint}`, feeds: null, body: html`` }
}

function broken(): Page {
  const sub = 'The server says on its standard error what happened. Please report it.'
  return { heading: 'A bug of ours', sub, feeds: null, body: html`` }
}
