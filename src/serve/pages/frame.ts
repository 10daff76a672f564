/** What every page of the dashboard has around it. */
import { createHash } from 'node:crypto'
import { type Html, html } from '../../report/html/markup.ts'
import { DASHBOARD_SCRIPT } from './script.ts'
import { DASHBOARD_STYLE } from './style.ts'

/** What pages need to know of where they are shown. */
export interface Look {
  /** Milliseconds since 1970. */
  now: number
  version: string
  /** Whether people may answer here. */
  mayAnswer: boolean
  /** The options that other commands find the record by, with a blank in front. */
  locator: string
  /** The address that was asked for, from the root on. */
  address: string
}

/** One page. */
export interface Page {
  /** The answer: the heading, and the beginning of the title. */
  heading: string
  sub: Html | string
  body: Html
  /** The addresses of its feeds; null where it has none. */
  feeds: Feeds | null
  /** Seconds after which it is loaded again where no script runs. */
  reload?: number
}

/** Of the news that a page is about. */
export interface Feeds {
  atom: string
  json: string
}

/**
 * Only this very style and script, and no request elsewhere (w3.org/TR/CSP3).
 */
export const POLICY = [
  "default-src 'none'",
  `style-src ${hashOf(DASHBOARD_STYLE)}`,
  `script-src ${hashOf(DASHBOARD_SCRIPT)}`,
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

const PLACES = [
  ['/', 'Home'],
  ['/portfolio', 'Portfolio'],
  ['/jobs', 'Jobs'],
] as const

export function framed({ heading, sub, body, feeds, reload }: Page, look: Look): string {
  const links = PLACES.map(([href, name]) => {
    const isHere = look.address.split('?')[0] === href
    return html`<li><a href="${href}"${isHere ? html` aria-current="page"` : null}>${name}</a></li>`
  })
  const alternates = feeds
    ? html`<link rel="alternate" type="application/atom+xml" title="Atom" href="${feeds.atom}">
<link rel="alternate" type="application/feed+json" title="JSON Feed" href="${feeds.json}">
`
    : null
  const again =
    reload === undefined ? null : html`<noscript><meta http-equiv="refresh" content="${reload}"></noscript>\n`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${html`<title>${heading} – rebaseline</title>
<link rel="icon" href="/badge.svg" type="image/svg+xml">
${alternates}${again}`}<style>${DASHBOARD_STYLE}</style>
</head>
<body>
${html`<a class="skip" href="#main">Skip to the content</a>
<nav class="top" aria-label="Views"><ul><li><b>rebaseline</b></li>${links}<li class="me">${look.mayAnswer ? 'answers are taken' : 'read-only'}</li></ul></nav>
<main class="page" id="main">
<p class="addr"><code>${look.address}</code></p>
<h1>${heading}</h1>
<p class="sub">${sub}</p>
${body}
<footer>rebaseline ${look.version} · the address holds the filter${feeds ? html`; what is new of it: <a href="${feeds.atom}">Atom</a>, <a href="${feeds.json}">JSON</a>` : null}</footer>
</main>`}
<script>${DASHBOARD_SCRIPT}</script>
</body>
</html>
`
}
