/** Evaluates what stands behind %if and in %[…]: the manual's page on spec files, "Conditionals". */
import type { ByteString } from '../../../model/bytes.ts'
import { compareRpmVersions } from './versions.ts'

type Value = { kind: 'number'; number: number } | { kind: 'string' | 'version'; text: ByteString }

/** Parentheses and signs nest no deeper. */
const MAX_DEPTH = 64

/** Numbers, strings, versions, bare words, operators. */
const TOKEN = /\s*(?:(\d+)(?![\w.])|(v?)"([^"]*)"|([A-Za-z_][\w.]*)|(\|\||&&|[=!<>]=|[-+*/()<>!?:]))/y

interface Token {
  value: Value | null
  operator: string
}

/** The value, as rpm prints it; null where it is no expression, or its value is not known. */
export function evaluate(text: ByteString): { isTrue: boolean; text: ByteString } | null {
  const tokens = tokensOf(text.trim())
  if (!tokens || tokens.length === 0) return null
  try {
    const value = new Expression(tokens).whole()
    if (value.kind !== 'number') return { isTrue: value.text !== '', text: value.text }
    return { isTrue: value.number !== 0, text: String(value.number) }
  } catch (error) {
    if (error instanceof NoExpression) return null
    throw error
  }
}

class NoExpression extends Error {}

function tokensOf(text: ByteString): Token[] | null {
  const tokens: Token[] = []
  const pattern = new RegExp(TOKEN)
  while (pattern.lastIndex < text.length) {
    const found = pattern.exec(text)
    if (!found) return null
    const [, digits, version, quoted, word, operator = ''] = found
    const string = quoted ?? word
    // A macro that nobody knows stands in a string as it is: what it is equal to is not known.
    if (string?.includes('%')) return null
    const isVersion = version === 'v'
    if (digits !== undefined) tokens.push({ value: { kind: 'number', number: Number(digits) }, operator })
    else if (string !== undefined)
      tokens.push({ value: { kind: isVersion ? 'version' : 'string', text: string }, operator })
    else tokens.push({ value: null, operator })
  }
  return tokens
}

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '>': (order) => order > 0,
  '<=': (order) => order <= 0,
  '>=': (order) => order >= 0,
}

class Expression {
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  whole(): Value {
    const value = this.#choice()
    if (this.#at < this.#tokens.length) throw new NoExpression()
    return value
  }

  /** Takes the next token where it is one of the operators. */
  #take(...operators: string[]): string | null {
    const token = this.#tokens[this.#at]
    if (!token || token.value !== null || !operators.includes(token.operator)) return null
    this.#at++
    return token.operator
  }

  #choice(): Value {
    if (++this.#depth > MAX_DEPTH) throw new NoExpression()
    const condition = this.#either()
    let value = condition
    if (this.#take('?')) {
      const chosen = this.#choice()
      if (!this.#take(':')) throw new NoExpression()
      const other = this.#choice()
      value = isTrue(condition) ? chosen : other
    }
    this.#depth--
    return value
  }

  #either(): Value {
    let value = this.#both()
    while (this.#take('||')) {
      const right = this.#both()
      value = isTrue(value) ? value : right
    }
    return value
  }

  #both(): Value {
    let value = this.#comparison()
    while (this.#take('&&')) {
      const right = this.#comparison()
      value = isTrue(value) ? right : value
    }
    return value
  }

  #comparison(): Value {
    let value = this.#sum()
    for (let name = this.#take(...Object.keys(COMPARISONS)); name; name = this.#take(...Object.keys(COMPARISONS))) {
      const order = compare(value, this.#sum())
      value = numberOf(COMPARISONS[name]?.(order) ? 1 : 0)
    }
    return value
  }

  #sum(): Value {
    let value = this.#product()
    for (let name = this.#take('+', '-'); name; name = this.#take('+', '-')) {
      const right = this.#product()
      if (value.kind === 'string' && right.kind === 'string' && name === '+')
        value = { kind: 'string', text: value.text + right.text }
      else value = numberOf(name === '+' ? digitsOf(value) + digitsOf(right) : digitsOf(value) - digitsOf(right))
    }
    return value
  }

  #product(): Value {
    let value = this.#single()
    for (let name = this.#take('*', '/'); name; name = this.#take('*', '/')) {
      const [left, right] = [digitsOf(value), digitsOf(this.#single())]
      if (name === '/' && right === 0) throw new NoExpression()
      value = numberOf(name === '*' ? left * right : Math.trunc(left / right))
    }
    return value
  }

  #single(): Value {
    if (++this.#depth > MAX_DEPTH) throw new NoExpression()
    let value: Value | null | undefined
    if (this.#take('!')) value = numberOf(isTrue(this.#single()) ? 0 : 1)
    else if (this.#take('-')) value = numberOf(-digitsOf(this.#single()))
    else if (this.#take('(')) {
      value = this.#choice()
      if (!this.#take(')')) throw new NoExpression()
    } else value = this.#tokens[this.#at++]?.value
    this.#depth--
    if (!value) throw new NoExpression()
    return value
  }
}

function numberOf(number: number): Value {
  return { kind: 'number', number }
}

function digitsOf(value: Value): number {
  if (value.kind !== 'number') throw new NoExpression()
  return value.number
}

function isTrue(value: Value): boolean {
  return value.kind === 'number' ? value.number !== 0 : value.text !== ''
}

/** Values of one kind only can be compared. */
function compare(left: Value, right: Value): number {
  if (left.kind === 'number' && right.kind === 'number') return left.number - right.number
  if (left.kind === 'number' || right.kind === 'number' || left.kind !== right.kind) throw new NoExpression()
  if (left.kind === 'version') return compareRpmVersions(left.text, right.text)
  return left.text < right.text ? -1 : left.text > right.text ? 1 : 0
}
