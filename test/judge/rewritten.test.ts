import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayGo } from '../../src/judge/fates.ts'
import { bareListing, readPatch } from '../../src/patch/read/read-patch.ts'
import { fatesOfPatch } from '../helpers/held-fates.ts'

const above = ['int open_ring(struct ring *r)', '{', '    lock(r);', '    count(r);', '    map_pages(r);']
const below = ['    notify(r);', '    unlock(r);', '    return audit(r);', '}']
const around = (lines: readonly string[]) => [...above, ...lines, ...below]

interface Story {
  /** What the patch and the commit that it names replace, and by what. */
  old: readonly string[]
  now: readonly string[]
  /** What stands there in the target. */
  later: readonly string[]
  /** How the patch writes it; the same where it is not said. */
  written?: readonly string[]
  isNamed?: boolean
}

/** Whether the patch may go, where another commit has changed its lines since. */
function goes({ old, now, later, written, isNamed = true }: Story): boolean {
  const signed = [...old.map((line) => `-${line}`), ...now.map((line) => `+${line}`)]
  const context = (lines: readonly string[]) => lines.map((line) => ` ${line}`)
  const lines = [...context(above.slice(-3)), ...(written ?? signed), ...context(below.slice(0, 3))]
  const header = `@@ -3,${6 + old.length} +3,${6 + now.length} @@`
  const text = ['--- a/f.c', '+++ b/f.c', header, ...lines, ''].join('\n')
  const patch = readPatch(bareListing('p'), 1, Buffer.from(text))
  return mayGo(fatesOfPatch(patch, around(old), around(later), { after: around(now), isNamed, changedBy: 'y' }))
}

describe('where upstream changed what a commit left, a patch', () => {
  const old = ['    rc = send_all(r, helpers, hvm,', '                  stream_type, recv_fd);']

  it('may go whose line was joined with the one above', () => {
    const now = [old[0]?.replace(' hvm,', '') ?? '', '                  stream_type, recv_fd);']
    expect(goes({ old, now, later: ['    rc = send_all(r, &cb, stream_type, recv_fd);'] })).toBe(true)
  })

  it('may go whose declaration has other arguments, over however many lines', () => {
    const declared = [
      '    bool (*flush)(bool (*flush_vcpu)(void *ctxt,',
      '                  struct vcpu *v), void *ctxt);',
    ]
    const later = ['    bool cf_check (*flush)(const unsigned long *bitmap);']
    expect(goes({ old: [], now: declared, later: [] })).toBe(false)
    expect(goes({ old: [], now: declared, later })).toBe(true)
  })

  it('may go whose line is gone, and the one that it replaced as well', () => {
    const lines = fc.constantFrom(
      ['    hook = ops->hvm_control(r, op);', '    hook = call(ops.hvm_control, r, op);'],
      ['extern struct old_ops dummy_ops;', 'extern struct ops dummy_ops;'],
    )
    fc.assert(
      fc.property(lines, fc.boolean(), ([before = '', after = ''], isBack) => {
        expect(goes({ old: [before], now: [after], later: isBack ? [before] : [] })).toBe(!isBack)
      }),
    )
  })

  it('stays where a line that it only adds is gone, beside one that it replaces', () => {
    const copied = { old: ['    copy(r, name);'], now: ['    if (!fits(r)) return;', '    copy(r, name, MAX);'] }
    expect(goes({ ...copied, later: [] })).toBe(false)
    expect(goes({ ...copied, later: ['    copy(r, name, limit_of(r));'] })).toBe(false)
  })

  it('stays where the line that it replaced is back in other words', () => {
    const swapped = { old: ['    memcpy(r->name, name, len);'], now: ['    strlcpy(r->name, name, MAX_NAME);'] }
    expect(goes({ ...swapped, later: ['    fast_memcpy(r->name, name, len);'] })).toBe(false)
  })
})

describe('a line that a patch takes out and puts in again', () => {
  const [old, now] = [
    ['    first(r);', '    kept(r, flags);', '    second(r);'],
    ['    begin(r);', '    kept(r, flags);', '    end(r);'],
  ]
  it('is not missed in a commit that left it where it was', () => {
    expect(goes({ old, now, later: now })).toBe(true)
    expect(goes({ old, now, later: ['    begin(r, 1);', '    kept(r, flags);', '    end(r);'] })).toBe(true)
  })

  it('is missed where it goes elsewhere', () => {
    const moved = ['    kept(r, flags);', '    begin(r);', '    end(r);']
    const written = [...old.map((line) => `-${line}`), ...moved.map((line) => `+${line}`)]
    expect(
      goes({ old, now, later: ['    begin(r, 1);', '    kept(r, flags);', '    end(r);'], written, isNamed: false }),
    ).toBe(false)
  })
})
