/**
 * The script of the report: it filters and sorts the table of all patches, and keeps what was chosen
 * in the address ("#patches?verdict=mend&kind=debt"). Without it everything is there to read.
 */
export const SCRIPT = `
(() => {
  const form = document.getElementById('filter')
  const box = document.getElementById('every')
  const body = document.querySelector('#all tbody')
  if (!form || !box || !body) return
  form.hidden = false
  const rows = [...body.rows].map((row, order) => ({ row, order, text: row.textContent.toLowerCase() }))
  const names = ['verdict', 'kind', 'text', 'sort']
  const fieldOf = (name) => form.elements.namedItem(name)
  const orders = {
    since: (one, other) => one.row.dataset.since.localeCompare(other.row.dataset.since),
    name: (one, other) => one.row.cells[1].textContent.localeCompare(other.row.cells[1].textContent),
    conflicts: (one, other) => other.row.dataset.conflicts - one.row.dataset.conflicts,
  }
  const apply = () => {
    const [verdict, kind, text, sort] = names.map((name) => fieldOf(name).value)
    const words = text.toLowerCase().split(/\\s+/)
    let shown = 0
    for (const { row, text: own } of rows) {
      const { verdict: part, kind: burden } = row.dataset
      row.hidden = !((!verdict || part === verdict) && (!kind || burden === kind) && words.every((word) => own.includes(word)))
      if (!row.hidden) shown++
    }
    const byOrder = (one, other) => one.order - other.order
    const compare = orders[sort] ?? byOrder
    body.append(...[...rows].sort((one, other) => compare(one, other) || byOrder(one, other)).map(({ row }) => row))
    document.getElementById('count').textContent = shown === 1 ? '1 patch' : shown + ' patches'
  }
  const write = () => {
    apply()
    const chosen = new URLSearchParams(names.map((name) => [name, fieldOf(name).value]).filter(([, value]) => value))
    history.replaceState(null, '', '#patches' + (chosen.size > 0 ? '?' + chosen : ''))
  }
  const read = () => {
    const [place, query] = location.hash.split('?')
    if (place !== '#patches') return
    const chosen = new URLSearchParams(query)
    for (const name of names) fieldOf(name).value = chosen.get(name) ?? ''
    for (const name of names) if (fieldOf(name).selectedIndex < 0) fieldOf(name).value = ''
    apply()
    if (query === undefined) return
    box.closest('details').open = true
    box.scrollIntoView()
  }
  form.addEventListener('input', write)
  form.addEventListener('submit', (event) => event.preventDefault())
  form.addEventListener('reset', () => setTimeout(write))
  addEventListener('hashchange', read)
  apply()
  read()
})()
`
