/**
 * The script of the dashboard: filters at once, and tells jobs as they go.
 * Without it a button asks, and the page of jobs is loaded again.
 */
export const DASHBOARD_SCRIPT = `
(() => {
  for (const form of document.querySelectorAll('form.f')) {
    form.addEventListener('change', (event) => { if (event.target.tagName === 'SELECT') form.requestSubmit() })
    form.addEventListener('formdata', ({ formData }) => {
      for (const [name, value] of [...formData]) if (value === '') formData.delete(name)
    })
  }
  const live = document.getElementById('live')
  if (!live) return
  const again = () => setTimeout(() => location.reload(), 10000)
  if (typeof EventSource === 'undefined') return again()
  const source = new EventSource(live.dataset.from)
  source.addEventListener('jobs', ({ data }) => {
    const { counts, rest } = JSON.parse(data)
    if (live.dataset.rest !== rest) return location.reload()
    for (const cell of live.querySelectorAll('[data-count]')) cell.textContent = counts[cell.dataset.count] ?? cell.textContent
  })
  source.addEventListener('error', () => { source.close(); again() })
})()
`
