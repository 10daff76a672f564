import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { html, joined } from '../../src/report/html/markup.ts'

describe('markup', () => {
  it('lets no text through as HTML, wherever it is put', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const made = String(html`<p title="${text}">${[text, html`<b>${text}</b>`]}</p>`)
        expect(made.replace(/^<p title="|">|<b>|<\/b>|<\/p>$/g, '')).not.toMatch(/[<>"'`]/)
      }),
    )
  })

  it('puts parts together, and nothing for null', () => {
    expect(String(html`${null}${1}${[html`<i>a</i>`, '&']}`)).toBe('1<i>a</i>&amp;')
    expect(String(joined([html`a`, html`b`, html`c`], ' · '))).toBe('a · b · c')
  })
})
