/** A terminal as a picture: what a command printed, with its colours, as SVG. */
import stringWidth from 'string-width'

const CELL = { width: 8.4, height: 18 }
const MARGIN = 16
const COLOURS: Readonly<Record<string, string>> = { 31: '#ff7b72', 32: '#7ee787', 35: '#d2a8ff' }

interface Look {
  fill: string | null
  bold: boolean
  dim: boolean
}
const PLAIN: Look = { fill: null, bold: false, dim: false }

/** `prompt`: the command, as it was typed. */
export function terminalSvg(prompt: string, output: string, columns: number): string {
  const lines = [`\x1b[1m$ ${prompt}\x1b[22m`, ...output.trimEnd().split('\n')]
  const width = Math.ceil(columns * CELL.width) + 2 * MARGIN
  const height = lines.length * CELL.height + 2 * MARGIN
  const rows = lines.map((line, row) => textOf(line, MARGIN + row * CELL.height + 13))
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>${escapeXml(prompt)}</title>
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#e6edf3">
${rows.filter((row) => row !== '').join('\n')}
</g>
</svg>
`
}

/** Each run of words at its own column: so columns stand in any font, and blanks take no part. */
function textOf(line: string, y: number): string {
  let look = PLAIN
  let column = 0
  const parts: string[] = []
  for (const [, code, words, blanks = ''] of line.matchAll(/\x1b\[(\d+)m|([^\s\x1b]+(?: [^\s\x1b]+)*)|( +)/g)) {
    if (code !== undefined) look = lookAfter(code, look)
    if (words !== undefined) parts.push(runOf(words, { look, column, y }))
    column += stringWidth(words ?? blanks)
  }
  return parts.join('')
}

function runOf(words: string, { look, column, y }: { look: Look; column: number; y: number }): string {
  const width = stringWidth(words) * CELL.width
  const place = `x="${round(MARGIN + column * CELL.width)}" y="${y}" textLength="${round(width)}"`
  const style = [
    look.fill === null ? '' : ` fill="${look.fill}"`,
    look.bold ? ' font-weight="bold"' : '',
    look.dim ? ' opacity="0.65"' : '',
  ].join('')
  return `<text ${place}${style}>${escapeXml(words)}</text>`
}

function lookAfter(code: string, look: Look): Look {
  if (code === '1') return { ...look, bold: true }
  if (code === '2') return { ...look, dim: true }
  if (code === '22') return { ...look, bold: false, dim: false }
  if (code === '39') return { ...look, fill: null }
  return code === '0' ? PLAIN : { ...look, fill: COLOURS[code] ?? null }
}

function round(length: number): string {
  return String(Math.round(length * 10) / 10)
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
