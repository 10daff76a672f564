/**
 * The frame of the HTML report: one file, no request, readable without scripts, dark and light, and
 * on paper.
 */
import { createHash } from 'node:crypto'

/** Okabe and Ito's colours: told apart by people who do not see red and green alike. */
const STYLE = `
:root{--ink:#1c1e21;--dim:#5c636b;--paper:#fff;--soft:#f3f4f6;--rule:#d9dce0;--c0:#0072b2;--c1:#e69f00;--c2:#009e73;--c3:#cc79a7;--c4:#56b4e9;--c5:#d55e00;--c6:#8a7f00;--c7:#777}
@media(prefers-color-scheme:dark){:root{--ink:#e6e8ea;--dim:#a0a7af;--paper:#15181b;--soft:#1f2327;--rule:#363c42;--c0:#4ea3dd;--c1:#f0b429;--c2:#35c79b;--c3:#dd9cc0;--c4:#8ccdf5;--c5:#f07f3c;--c6:#d6c94a;--c7:#9a9a9a}}
*{box-sizing:border-box}body{margin:0 auto;max-width:72rem;padding:1.5rem 1rem 4rem;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.6rem;margin:0;overflow-wrap:anywhere}h2{font-size:1.2rem;margin:2.5rem 0 .5rem}p{margin:.4rem 0}.dim{color:var(--dim)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;margin:1.25rem 0}
.figure{background:var(--soft);border-radius:.5rem;padding:.75rem 1rem}.figure b{display:block;font-size:1.7rem;line-height:1.2;font-variant-numeric:tabular-nums}
.wide{overflow-x:auto}svg{display:block;width:100%;min-width:40rem;height:auto}
.grid{stroke:var(--rule)}.mark{stroke:var(--dim);stroke-dasharray:2 4;opacity:.6}.tick,.label,.tiny{fill:var(--dim);font:12px system-ui,sans-serif}.label{fill:var(--ink)}.tiny{font-size:8px}
.area{stroke:var(--paper);stroke-width:.5}.c0{fill:var(--c0)}.c1{fill:var(--c1)}.c2{fill:var(--c2)}.c3{fill:var(--c3)}.c4{fill:var(--c4)}.c5{fill:var(--c5)}.c6{fill:var(--c6)}.c7{fill:var(--c7)}
.v-applies{fill:var(--rule)}.v-conflicting,.v-invalid{fill:var(--c5)}.v-blocked{fill:var(--c1)}.v-upstreamed{fill:var(--c0)}.v-droppable{fill:var(--c4)}.v-review{fill:var(--c3)}
table{border-collapse:collapse;width:100%;font-size:.875rem}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid var(--rule);vertical-align:top;overflow-wrap:break-word}td.long{overflow-wrap:anywhere;min-width:12rem}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}th{position:sticky;top:0;background:var(--paper)}
th button{font:inherit;font-weight:600;color:inherit;background:none;border:0;padding:0;cursor:pointer;text-align:inherit}th[aria-sort=ascending] button::after{content:" ↑"}th[aria-sort=descending] button::after{content:" ↓"}
input{font:inherit;width:100%;max-width:24rem;padding:.35rem .6rem;margin:.5rem 0;color:inherit;background:var(--soft);border:1px solid var(--rule);border-radius:.4rem}
code{font:.85em ui-monospace,monospace}details{margin:.5rem 0}summary{cursor:pointer;color:var(--dim)}.key span{display:inline-block;margin-right:1rem;white-space:nowrap}.key svg{display:inline;width:.8rem;min-width:0;height:.8rem;vertical-align:-.05rem;margin-right:.3rem}
@media print{body{max-width:none;padding:0}input,details:not([open]){display:none}h2{break-after:avoid}tr,svg{break-inside:avoid}th{position:static}}
`

/**
 * Sorts a table by the column that is clicked, and leaves the rows that hold every word of its
 * filter.
 */
const SCRIPT = `
for (const table of document.querySelectorAll('table.live')) {
  const body = table.tBodies[0]
  const rows = [...body.rows]
  const heads = [...table.tHead.rows[0].cells]
  heads.forEach((head, column) => {
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = head.textContent
    head.textContent = ''
    head.append(button)
    button.addEventListener('click', () => {
      const up = head.getAttribute('aria-sort') !== 'ascending'
      for (const other of heads) other.removeAttribute('aria-sort')
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending')
      const key = (row) => row.cells[column].dataset.v ?? row.cells[column].textContent
      const isNumber = head.classList.contains('n')
      rows.sort((one, other) => (isNumber ? key(one) - key(other) : key(one).localeCompare(key(other))) * (up ? 1 : -1))
      body.append(...rows)
    })
  })
  const filter = document.createElement('input')
  filter.type = 'search'
  filter.placeholder = 'filter ' + rows.length + ' rows'
  filter.setAttribute('aria-label', 'filter the table')
  filter.addEventListener('input', () => {
    const words = filter.value.toLowerCase().split(/\\s+/)
    for (const row of rows) {
      const text = row.textContent.toLowerCase()
      row.hidden = !words.every((word) => text.includes(word))
    }
  })
  table.parentElement.before(filter)
}
`

/** `title` and `body` are HTML. The policy lets nothing in but this very style and script. */
export function htmlPage(title: string, body: string): string {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  const policy = `default-src 'none'; style-src ${hash(STYLE)}; script-src ${hash(SCRIPT)}; base-uri 'none'; form-action 'none'`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
${body}
<script>${SCRIPT}</script>
</body>
</html>
`
}
