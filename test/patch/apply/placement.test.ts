import { describe, expect, it } from 'vitest'
import { splitLines } from '../../../src/model/bytes.ts'
import { changesOf } from '../../../src/model/patch.ts'
import { applyHunks, CAREFUL, LENIENT } from '../../../src/patch/apply/apply.ts'
import { readPatch } from '../../../src/patch/read/read-patch.ts'

const listing = {
  name: 'p',
  section: '',
  owner: null,
  comment: null,
  strip: 1,
  reversed: false,
  directory: '',
  listed: null,
}

function apply(patch: string, file: string, leniency = CAREFUL) {
  const [change] = changesOf(readPatch(listing, 1, Buffer.from(`--- a/f.c\n+++ b/f.c\n${patch}`)))
  return applyHunks(splitLines(file), change?.body.kind === 'text' ? change.body.hunks : [], leniency).kind
}

/** Two functions of one shape: what was made for the one fits in the other as well. */
const accessor = (name: string, middle: string) => `int ${name}_register(int which)
{
    switch ( which )
    {
    case FIRST:
${middle}        break;

    case SECOND:
        return 0;
    }
}

`
const silence = `@@ -18,4 +18,7 @@ int write_register(int which)
         break;
${' '}
+    case SILENT_ONE:
+        return 0;
+
     case SECOND:
         return 0;
`

describe('a place found by its context alone', () => {
  it('is taken in the function that the hunk names', () => {
    const writing = accessor('write', '        store();\n')
    expect(apply(silence, writing)).toBe('applied')
    expect(apply(silence, `static int unrelated;\n\n${writing}`)).toBe('applied')
  })

  it('is not taken in another function, though the text is there and nowhere else', () => {
    const reading = accessor('read', '        load();\n')
    const rewritten = 'int write_register(int which)\n{\n    return table[which].write();\n}\n'
    expect(apply(silence, reading + rewritten, LENIENT)).toBe('applied')
    expect(apply(silence, reading + rewritten)).toBe('failed')
  })

  it('is not taken where what it adds stands already, but for a word', () => {
    const added = ['allocate_listeners();', 'if ( !listeners )', '    die("no memory");', 'listen_on(listeners);']
    const head = '@@ -1,6 +1,10 @@ int listen(void)\n gone();\n begin();\n open();\n'
    const patch = `${head}${added.map((line) => `+${line}\n`).join('')} next();\n last();\n }\n`
    const before = 'int listen(void)\n{\ncame();\nbegin();\nopen();\nnext();\nlast();\n}\n'
    const there = before.replace('begin();', `${added.join('\n').replace('memory', 'memory left')}\nbegin();`)
    expect(apply(patch, before)).toBe('applied')
    expect(apply(patch, there)).toBe('failed')
  })

  it('is not taken where there are two', () => {
    const twice = accessor('write', '        a();\n').replace(
      '}\n}\n',
      '    case FIRST:\n        break;\n\n    case SECOND:\n        return 0;\n    }\n}\n',
    )
    expect(apply(silence, twice, LENIENT)).toBe('applied')
    expect(apply(silence, twice)).toBe('failed')
  })

  it('is not taken where the change stands already', () => {
    const done = accessor('write', '        store();\n').replace(
      '    case SECOND:',
      '    case SECOND:\n        return 0;\n\n    case SILENT_ONE:',
    )
    const other = silence
      .replace('+        return 0;\n', '')
      .replace('    case SECOND:\n         return 0;\n', '    case SECOND:\n')
    expect(apply(other.replace('18,4 +18,7', '18,3 +18,5').replace('         return 0;\n', ''), done)).toBe('failed')
  })

  it('needs no function for a hunk that has a head among its own lines', () => {
    const hunk =
      '@@ -3,4 +3,6 @@ static void older_function(void)\n }\n \n+static int counter;\n+\n void handler(void)\n {\n'
    expect(apply(hunk, 'void inserted_by_upstream(void)\n{\n}\n\nvoid handler(void)\n{\n')).toBe('applied')
  })
})
