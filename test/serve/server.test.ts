import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/record/database.ts'
import { insertAttempt } from '../../src/record/save-attempt.ts'
import { collectItems, planItems, takeItem } from '../../src/record/scan-items.ts'
import { rebaseline } from '../helpers/cli.ts'
import { type OpenDashboard, openDashboard } from '../helpers/dashboard.ts'
import { attemptOfMany, writeRecordOfMany } from '../helpers/record-of-many.ts'
import { scanItem } from '../helpers/scan-item.ts'
import { type RunningServer, startServer } from '../helpers/server.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const directory = temporaryDirectory()
const record = join(directory, 'record.db')
let server: RunningServer

beforeAll(async () => {
  await writeRecordOfMany(record, { queues: 120, patches: 300 })
  server = await startServer(directory, ['--db', 'record.db', '--name', 'patches.example.org'])
})
afterAll(() => server.stop())

/** What a server answers to bytes as they are. */
function raw(text: string): Promise<string> {
  const { hostname, port } = new URL(server.url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text))
    let answer = ''
    socket.setEncoding('latin1')
    socket.on('data', (data) => {
      answer += data
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}

describe('rebaseline serve', () => {
  it('listens on loopback alone, and answers only to its own names', async () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const statusOf = async (lines: string) => (await raw(`${lines}\r\nConnection: close\r\n\r\n`)).split('\r\n')[0]
    expect(await statusOf('GET / HTTP/1.1\r\nHost: 127.0.0.1')).toContain(' 200 ')
    expect(await statusOf('GET / HTTP/1.1\r\nHost: patches.example.org')).toContain(' 200 ')
    expect(await statusOf('GET / HTTP/1.1\r\nHost: evil.example')).toContain(' 421 ')
    expect(await statusOf('GET / HTTP/1.0')).toMatch(/ 4\d\d /)
    expect(await statusOf('GET http://evil.example/ HTTP/1.1\r\nHost: evil.example')).toMatch(/ 4\d\d /)
    for (const path of [
      '/../../etc/passwd',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/q/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
      '//etc/passwd',
    ])
      expect(await statusOf(`GET ${path} HTTP/1.1\r\nHost: localhost`)).toMatch(/ (?:404|400) /)
  })

  it('lets go of who never finishes asking', async () => {
    expect(await raw('GET / HTTP/1.1\r\nHost: local')).toMatch(/^HTTP\/1\.1 408 /)
  })

  it('shows attempts that are recorded meanwhile', async () => {
    const database = await openDatabase(record, 'amend')
    insertAttempt(database, attemptOfMany(777, 2, 'v2.0'))
    database.close()
    const text = async () => await (await fetch(`${server.url}/portfolio?text=package-00777`)).text()
    await expect.poll(text, { timeout: 30_000 }).toContain('<output>1 queue</output>')
  })

  it('pages a portfolio: every queue on one page, once', async () => {
    const names = new Set<string>()
    let rows = 0
    for (const page of [1, 2]) {
      const text = await (await fetch(`${server.url}/portfolio?sort=name&page=${page}&text=package-000`)).text()
      for (const [, name = ''] of text.matchAll(/<th scope="row"><a class="n" href="\/q\/([^"]+)"/g)) {
        names.add(name)
        rows++
      }
    }
    expect([names.size, rows]).toEqual([100, 100])
    const worst = await (await fetch(`${server.url}/portfolio`)).text()
    const mend = [...worst.matchAll(/data-l="mend"><b>(\d+)</g)].map(([, count]) => Number(count))
    expect(mend).toEqual([...mend].sort((one, other) => other - one))
    expect(mend[0]).toBeGreaterThan(0)
  })

  it('tells jobs as they go', async () => {
    const database = await openDatabase(record, 'amend')
    const source = join(directory, 'portfolio.yaml')
    await planItems(database, { source, isOurs: () => true }, [scanItem(1), scanItem(2)])
    const page = await (await fetch(`${server.url}/jobs`)).text()
    expect(page).toMatch(/<h1>2 items are to be tried, 0 are done/)
    expect(page).toContain('<noscript><meta http-equiv="refresh" content="10"></noscript>')
    const ending = new AbortController()
    const answer = await fetch(`${server.url}/jobs/live`, { signal: ending.signal })
    expect(answer.headers.get('content-type')).toContain('text/event-stream')
    const events: Record<string, string>[] = []
    const reader = answer.body?.getReader()
    while (reader && events.length < 4) {
      const { value, done } = await reader.read()
      if (done) break
      for (const [, data = ''] of new TextDecoder().decode(value).matchAll(/^data: (.*)$/gm))
        events.push(JSON.parse(data).counts)
      if (events.length === 1)
        await takeItem(database, { portfolio: source, worker: 'w', lease: 60_000 }, { upstream: null, now: Date.now() })
    }
    ending.abort()
    database.close()
    expect(events[0]).toMatchObject({ '0-waiting': '2', '0-taken': '0' })
    expect(events.at(-1)).toMatchObject({ '0-waiting': '1', '0-taken': '1' })
  })

  it('says on the page of a queue that its last try stopped, and why', async () => {
    const database = await openDatabase(record, 'amend')
    const source = join(directory, 'stopped.yaml')
    const item = scanItem(3, { name: 'package-00003', onto: 'v9' })
    await planItems(database, { source, isOurs: () => true }, [item])
    await collectItems(database, [{ key: item.key, message: 'the upstream has no <b>tag</b>', hint: 'fetch it' }])
    database.close()
    const page = await (await fetch(`${server.url}/q/package-00003`)).text()
    expect(page).toContain('The last try on v9 stopped: the upstream has no &lt;b&gt;tag&lt;/b&gt;.')
    expect(await (await fetch(`${server.url}/q/package-00004`)).text()).not.toContain('stopped:')
  })

  it('says what is wrong with its options', () => {
    const run = (...args: string[]) => rebaseline(directory, ['serve', '--db', 'record.db', ...args])
    expect(run('--port', '99999')).toMatchObject({ code: 1, stderr: expect.stringContaining('no port') })
    expect(run('--port', new URL(server.url).port)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is taken'),
    })
    expect(run('--address', '203.0.113.7')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot be listened on'),
    })
    writeFileSync(join(directory, 'short'), 'secret\n')
    expect(run('--token-file', 'short')).toMatchObject({ code: 2, stderr: expect.stringContaining('too short') })
    expect(run('--token-file', 'none')).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot be read') })
    expect(rebaseline(directory, ['serve', '--db', 'none.db'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no record'),
    })
  })
})

describe('answers', () => {
  const TOKEN = '0123456789abcdef0123'
  let open: OpenDashboard
  beforeAll(async () => {
    open = await openDashboard(join(directory, 'own'), record, { token: TOKEN })
  })
  afterAll(() => open.close())

  const placeOf = (queue: string) => `/q/${queue}/p/L1/x`
  const post = async (queue: string, fields: Record<string, string>, headers: Record<string, string> = {}) => {
    const place = placeOf(queue)
    const shown = await open.get(place)
    const digest = /name="digest" value="([0-9a-f]{64})"/.exec(shown.text)?.[1] ?? ''
    const body = new URLSearchParams({
      digest,
      answer: 'keep',
      reason: 'we <b>need</b> it',
      by: 'ann',
      token: TOKEN,
      ...fields,
    })
    const answer = await open.app.request(`${place}/answer`, {
      method: 'POST',
      headers: { host: 'localhost', 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: body.toString(),
    })
    return answer.status
  }

  it('are refused without the token, from another page, of another content, or without a reason', async () => {
    expect(await post('package-00007', { token: 'wrong' })).toBe(403)
    expect(await post('package-00007', { token: '' })).toBe(403)
    expect(await post('package-00007', {}, { origin: 'http://evil.example' })).toBe(403)
    expect(await post('package-00007', {}, { origin: 'null' })).toBe(403)
    expect(await post('package-00007', {}, { 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await post('package-00007', { digest: 'f'.repeat(64) })).toBe(400)
    expect(await post('package-00007', { digest: 'f' })).toBe(400)
    expect(await post('package-00007', { reason: ' ' })).toBe(400)
    expect(await post('package-00007', { by: '' })).toBe(400)
    expect(await post('package-00007', { answer: 'maybe' })).toBe(400)
    expect((await open.get(placeOf('package-00007'))).text).toContain('Nothing yet.')
  })

  it('are recorded for who has it, and shown as text', async () => {
    expect(await post('package-00008', {}, { origin: 'http://localhost', 'sec-fetch-site': 'same-origin' })).toBe(303)
    const { text } = await open.get(placeOf('package-00008'))
    expect(text).toContain('keep it, “we &lt;b&gt;need&lt;/b&gt; it”')
    expect(text).not.toContain(TOKEN)
  })
})
