/** The variables of a script that is read and not run. */
import type { ByteString } from '../../../model/bytes.ts'
import { ShellTextError } from './lex.ts'

/** One word of a value, and on what it depends that the text does not tell. */
export interface Field {
  text: ByteString
  line: number
  /** As it is written: "use nls"; null where it holds in any case. */
  condition: ByteString | null
}

/**
 * A list, or one text: its first field. The fields behind the text of a variable that is no list
 * are words that a condition would add to it.
 */
export interface Value {
  fields: Field[]
  isList: boolean
}

/** Steps, and characters made, that a script may take: no real one comes near. */
const MAX_WORK = 5_000_000
/** The first of the characters that stand for what is not known; no byte is one. */
const FIRST_UNKNOWN = 0xe000
const MAX_UNKNOWN = 6000
const UNKNOWN = /[\ue000-\uf8ff]/

export class Scope {
  #values = new Map<ByteString, Value>()
  readonly #unknown: ByteString[] = []
  #work = 0

  get(name: ByteString): Value | undefined {
    return this.#values.get(name)
  }

  set(name: ByteString, value: Value | undefined): void {
    if (value) this.#values.set(name, value)
    else this.#values.delete(name)
  }

  setText(name: ByteString, text: ByteString, line = 0): void {
    this.set(name, { fields: [{ text, line, condition: null }], isList: false })
  }

  /** The first field of a variable; null where it is not set. */
  text(name: ByteString): ByteString | null {
    return this.#values.get(name)?.fields[0]?.text ?? null
  }

  /** A character that stands for what only a shell can tell, `source` as it is written. */
  unknown(source: ByteString): ByteString {
    const known = this.#unknown.indexOf(source)
    const index = known < 0 ? Math.min(this.#unknown.length, MAX_UNKNOWN) : known
    this.#unknown[index] = source
    return String.fromCharCode(FIRST_UNKNOWN + index)
  }

  /** A text with the source of what is not known in its place. */
  shown(text: ByteString): ByteString {
    return text.replace(/[\ue000-\uf8ff]/g, (one) => this.#unknown[one.charCodeAt(0) - FIRST_UNKNOWN] ?? '?')
  }

  /** @throws ShellTextError where the script would take too long. */
  spend(steps: number): void {
    this.#work += steps
    if (this.#work > MAX_WORK) throw new ShellTextError(1, 'the script takes too many steps to follow')
  }

  /** The values as they are now, to go back to. */
  save(): ReadonlyMap<ByteString, Value> {
    this.spend(this.#values.size)
    return new Map(this.#values)
  }

  /**
   * Goes back to what was saved; a word that was added since stays, under the condition.
   */
  restore(saved: ReadonlyMap<ByteString, Value>, condition: ByteString): void {
    const changed = this.#values
    this.#values = new Map(saved)
    for (const [name, value] of changed) {
      const before = saved.get(name)
      if (value === before) continue
      const added = addedFields(value, before).map((field) => ({ ...field, condition: field.condition ?? condition }))
      const fields = before?.fields ?? (value.isList ? [] : [{ text: '', line: 0, condition: null }])
      if (added.length > 0) this.#values.set(name, { isList: value.isList, fields: [...fields, ...added] })
    }
  }
}

/** Whether a part of it is not known. */
export function isUnknown(text: ByteString): boolean {
  return UNKNOWN.test(text)
}

/** The words of a value that are not in the other. */
function addedFields(value: Value, before: Value | undefined): Field[] {
  const wordsIn = ({ fields, isList }: Value): Field[] =>
    isList ? fields : fields.flatMap((field) => splitField(field))
  const known = new Set(before ? wordsIn(before).map(({ text }) => text) : [])
  return wordsIn(value).filter(({ text }) => !known.has(text))
}

/** A text, split at its blanks. */
export function splitField(field: Field): Field[] {
  const words = field.text.split(/[ \t\n]+/).filter((word) => word !== '')
  return words.map((text) => ({ ...field, text }))
}
