/**
 * The frame of the HTML report: one file, no request, readable without scripts, dark and light, and
 * on paper.
 */
import { createHash } from 'node:crypto'
import { type Html, html } from './markup.ts'
import { SCRIPT } from './script.ts'
import { STYLE } from './style.ts'

/** One part of the page, and what the contents call it. */
export interface Section {
  /** Its place in the address. */
  id: string
  contents: string
  heading: string
  body: Html
}

/** What a page is made of. */
export interface Page {
  title: string
  header: Html
  sections: readonly Section[]
  footer: string
}

/** The policy lets nothing in but this very style and script. */
export function htmlPage({ title, header, sections, footer }: Page): string {
  const policy = `default-src 'none'; style-src ${hashOf(STYLE)}; script-src ${hashOf(SCRIPT)}; base-uri 'none'; form-action 'none'`
  const [first] = sections
  const contents = sections.map(({ id, contents: name }) => html`<li><a href="#${id}">${name}</a></li>`)
  const parts = sections.map(
    ({ id, heading, body }) => html`<section id="${id}"><h2>${heading}</h2>
${body}</section>
`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="rebaseline">
${html`<title>${title}</title>`}
<style>${STYLE}</style>
</head>
<body>
${html`<a class="skip" href="#${first?.id ?? ''}">Skip to the first section</a>
<div class="page"><header>
${header}
</header></div>
<nav aria-label="Contents"><ul>${contents}</ul></nav>
<main class="page">
${parts}
<footer>${footer}</footer>
</main>`}
<script>${SCRIPT}</script>
</body>
</html>
`
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
