/** The statements of a shell script, as a tree; nothing of it is ever run. */
import type { ByteString } from '../../../model/bytes.ts'
import { Cursor } from './cursor.ts'
import { ShellTextError, type Token, type Word } from './lex.ts'

export interface Assignment {
  name: ByteString
  /** `name+=`. */
  isAppend: boolean
  /** One word, or the words of a list `name=( … )`. */
  value: Word[]
  isList: boolean
  line: number
}

export type Statement =
  | { kind: 'command'; assignments: Assignment[]; words: Word[]; input: Word | null; line: number }
  | { kind: 'pipeline'; parts: Statement[]; isNegated: boolean }
  /** Statements between `&&` and `||`; `text` is what stands in front of one, as it is written. */
  | { kind: 'chain'; first: Statement; rest: { when: ByteString; statement: Statement; text: ByteString }[] }
  | { kind: 'if'; branches: Branch[]; otherwise: Statement[] }
  | { kind: 'for'; variable: ByteString; words: Word[]; body: Statement[] }
  /** `for ((…; …; …))`, with what stands between `for` and `do`. */
  | { kind: 'count'; head: ByteString; body: Statement[] }
  | { kind: 'while'; text: ByteString; body: Statement[] }
  | { kind: 'case'; subject: Word; items: { patterns: Word[]; body: Statement[] }[] }
  | { kind: 'function'; name: ByteString; body: Statement[] }
  | { kind: 'group'; body: Statement[]; isSubshell: boolean }

export interface Branch {
  condition: Statement[]
  /** The condition as it is written. */
  text: ByteString
  body: Statement[]
}

const MAX_DEPTH = 60
/** Words that end a list of statements. */
const ENDS = new Set(['then', 'elif', 'else', 'fi', 'do', 'done', 'esac', '}'])
const DECLARES = new Set(['local', 'declare', 'typeset', 'export', 'readonly'])

/** @throws ShellTextError where it is no shell text. */
export function parseShell(source: ByteString): Statement[] {
  const parser = new Parser(source)
  const statements = parser.statements()
  parser.expectEnd()
  return statements
}

class Parser extends Cursor {
  #depth = 0

  expectEnd(): void {
    const token = this.peek()
    if (token) throw new ShellTextError(token.line, `"${token.text.slice(0, 20)}" was not expected`)
  }

  statements(): Statement[] {
    if (++this.#depth > MAX_DEPTH) throw new ShellTextError(this.line(), 'too many levels')
    const statements: Statement[] = []
    for (;;) {
      while (['\n', ';', '&'].includes(this.operator() ?? '')) this.at++
      const token = this.peek()
      if (!token || ENDS.has(this.keyword() ?? '') || (token.word === null && /^(?:\)|;;&?|;&)$/.test(token.text)))
        break
      statements.push(this.#chain())
    }
    this.#depth--
    return statements
  }

  #chain(): Statement {
    let from = this.at
    const first = this.#pipeline()
    const rest: { when: ByteString; statement: Statement; text: ByteString }[] = []
    for (let when = this.operator(); when === '&&' || when === '||'; when = this.operator()) {
      const text = this.textFrom(from)
      this.at++
      this.skipLineEnds()
      from = this.at
      rest.push({ when, statement: this.#pipeline(), text })
    }
    return rest.length === 0 ? first : { kind: 'chain', first, rest }
  }

  #pipeline(): Statement {
    let isNegated = false
    while (this.keyword() === '!') {
      this.at++
      isNegated = !isNegated
    }
    const parts = [this.#simpleOrCompound()]
    while (this.operator() === '|') {
      this.at++
      this.skipLineEnds()
      parts.push(this.#simpleOrCompound())
    }
    const [only] = parts
    return parts.length === 1 && !isNegated && only ? only : { kind: 'pipeline', parts, isNegated }
  }

  #simpleOrCompound(): Statement {
    const compound = this.#compound()
    if (compound === null) return this.#command()
    this.#skipRedirections()
    return compound
  }

  #compound(): Statement | null {
    const keyword = this.keyword()
    if (this.operator() === '(') return this.#group('(', ')')
    if (keyword === '{') return this.#group('{', '}')
    if (keyword === 'if') return this.#if()
    if (keyword === 'for' || keyword === 'select') return this.#for()
    if (keyword === 'while' || keyword === 'until') return this.#while()
    if (keyword === 'case') return this.#case()
    return this.#function()
  }

  #group(open: string, close: string): Statement {
    this.at++
    const body = this.statements()
    this.expect(close)
    return { kind: 'group', body, isSubshell: open === '(' }
  }

  #if(): Statement {
    const branches: Branch[] = []
    do {
      this.at++
      const from = this.at
      const condition = this.statements()
      const text = this.textFrom(from)
      this.expect('then')
      branches.push({ condition, text, body: this.statements() })
    } while (this.keyword() === 'elif')
    const hasElse = this.keyword() === 'else'
    if (hasElse) this.at++
    const otherwise = hasElse ? this.statements() : []
    this.expect('fi')
    return { kind: 'if', branches, otherwise }
  }

  #for(): Statement {
    this.at++
    const name = this.next()
    const words: Word[] = []
    this.skipLineEnds()
    if (this.keyword() === 'in') {
      this.at++
      for (let token = this.peek(); token?.word; token = this.peek()) {
        words.push(token.word)
        this.at++
      }
    }
    while (this.operator() === ';' || this.operator() === '\n') this.at++
    if (name.text.startsWith('((')) return { kind: 'count', head: name.text, body: this.#doBody() }
    return { kind: 'for', variable: name.text, words, body: this.#doBody() }
  }

  #while(): Statement {
    this.at++
    const from = this.at
    this.statements()
    const text = this.textFrom(from)
    return { kind: 'while', text, body: this.#doBody() }
  }

  #doBody(): Statement[] {
    const close = this.keyword() === '{' ? '}' : 'done'
    this.expect(close === '}' ? '{' : 'do')
    const body = this.statements()
    this.expect(close)
    return body
  }

  #case(): Statement {
    this.at++
    const subject = this.next().word
    if (!subject) throw new ShellTextError(this.line(), '"case" has no word')
    this.skipLineEnds()
    this.expect('in')
    const items: { patterns: Word[]; body: Statement[] }[] = []
    for (;;) {
      this.skipLineEnds()
      if (this.keyword() === 'esac') break
      if (this.operator() === '(') this.at++
      const patterns: Word[] = []
      for (let token = this.next(); token.text !== ')' || token.word; token = this.next())
        if (token.word) patterns.push(token.word)
      items.push({ patterns, body: this.statements() })
      if (/^;(?:;&?|&)$/.test(this.operator() ?? '')) this.at++
    }
    this.expect('esac')
    return { kind: 'case', subject, items }
  }

  /** `name() { … }` or `function name { … }`; null where no function begins. */
  #function(): Statement | null {
    const [first, second, third] = this.ahead(3)
    const isNamed = this.keyword() === 'function'
    const isCalled = first?.word && isOperator(second, '(') && isOperator(third, ')') && !first.text.includes('=')
    if (!isNamed && !isCalled) return null
    if (isNamed) this.at++
    const name = this.next().text
    if (this.operator() === '(') this.at += 2
    this.skipLineEnds()
    if (++this.#depth > MAX_DEPTH) throw new ShellTextError(this.line(), 'too many levels')
    const body = this.#compound()
    this.#depth--
    if (!body) throw new ShellTextError(this.line(), `the function ${name.slice(0, 40)} has no body`)
    this.#skipRedirections()
    return { kind: 'function', name, body: [body] }
  }

  #command(): Statement {
    const line = this.line()
    const start = this.at
    const assignments: Assignment[] = []
    const words: Word[] = []
    let input: Word | null = null
    let isTest = false
    for (let token = this.peek(); token; token = this.peek()) {
      if (isTest && (token.word === null || token.text === ']]')) {
        isTest = token.text !== ']]'
        words.push(token.word ?? { parts: [{ kind: 'text', text: token.text, isQuoted: false }], line: token.line })
        this.at++
      } else if (this.isDescriptor(token)) {
        this.at++
      } else if (token.word === null) {
        if (!/[<>]/.test(token.text)) break
        const target = this.#redirection()
        if (token.text === '<' && target) input = target
      } else {
        const first = words[0]?.parts[0]
        const mayAssign = words.length === 0 || (first?.kind === 'text' && DECLARES.has(first.text))
        const assignment = mayAssign ? this.#assignment(token) : null
        if (assignment) assignments.push(assignment)
        else {
          words.push(token.word)
          isTest ||= token.text === '[[' && words.length === 1
          this.at++
        }
      }
    }
    if (this.at === start) throw new ShellTextError(line, `"${this.peek()?.text.slice(0, 20) ?? ''}" was not expected`)
    return { kind: 'command', assignments, words, input, line }
  }

  /** `name=value`, `name+=( … )`, with the tokens that it takes. */
  #assignment({ word, text, line }: Token): Assignment | null {
    const [begin = '', name, subscript, plus] = /^([A-Za-z_]\w*)(\[[^\]]*\])?(\+)?=/.exec(text) ?? []
    if (name === undefined || !word) return null
    this.at++
    const isList = begin === text && isOperator(this.peek(), '(') && this.peek()?.isGlued === true
    if (!isList) {
      // `name[3]=value` sets one more of the list.
      const isElement = subscript !== undefined
      const value = [without(word, begin.length)]
      return { name, isAppend: isElement || plus !== undefined, value, isList: isElement, line }
    }
    this.at++
    const value: Word[] = []
    for (let token = this.next(); !isOperator(token, ')'); token = this.next()) if (token.word) value.push(token.word)
    return { name, isAppend: plus !== undefined, value, isList, line }
  }

  /** Takes an operator and the word behind it, which is the file. */
  #redirection(): Word | null {
    const operator = this.next()
    const target = this.peek()
    if (!target?.word) return null
    this.at++
    return operator.text === '<' ? target.word : null
  }

  #skipRedirections(): void {
    for (;;) {
      const token = this.peek()
      if (token && this.isDescriptor(token)) this.at++
      else if (token && token.word === null && /[<>]/.test(token.text)) this.#redirection()
      else return
    }
  }
}

function isOperator(token: Token | undefined, text: string): boolean {
  return token?.word === null && token.text === text
}

/** A word without so many bytes of plain text in front. */
function without(word: Word, length: number): Word {
  const [first, ...rest] = word.parts
  if (first?.kind !== 'text') return word
  return { line: word.line, parts: [{ ...first, text: first.text.slice(length) }, ...rest] }
}
