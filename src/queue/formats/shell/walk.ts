/** Walks through a script in the order in which a shell would run it; nothing is run. */
import type { ByteString } from '../../../model/bytes.ts'
import { type Call, filesFrom, resolvePath, type Tools } from './call.ts'
import { expandPattern, expandText, expandWords } from './expand.ts'
import { ShellTextError, type Word, wordOf } from './lex.ts'
import { countedBy } from './output.ts'
import type { Assignment, Statement } from './parse.ts'
import { fits, piecesOf } from './pattern.ts'
import { type Field, isUnknown, type Scope, type Value } from './scope.ts'
import { isDoubt, negated, not, type Truth, testTruth } from './truth.ts'

type CompoundOf<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>

/** How deep functions may call each other. */
const MAX_CALLS = 30
const DECLARES = new Set(['local', 'declare', 'typeset'])

export class ShellWalk {
  readonly #tools: Tools
  readonly #scope: Scope
  readonly #functions = new Map<ByteString, Statement[]>()
  /** What the variables were that functions have made their own, the innermost function last. */
  readonly #frames: Map<ByteString, Value | undefined>[] = []
  #directory: ByteString
  /** The directories of pushd. */
  readonly #pushed: ByteString[] = []
  #condition: ByteString | null = null
  #signal: 'next' | 'continue' | 'break' | 'return' | 'exit' = 'next'
  /** Whether it ends with an error: what stands behind is only built where it does not. */
  #fails = false

  constructor(tools: Tools, directory: ByteString) {
    this.#tools = { ...tools, glob: (pattern) => filesFrom(this.#directory, pattern, tools.glob) }
    this.#scope = tools.scope
    this.#directory = directory
  }

  /** @throws ShellTextError where it is too much to follow. */
  run(statements: readonly Statement[]): void {
    this.#list(statements)
    this.#signal = 'next'
    this.#condition = null
  }

  defines(name: ByteString): boolean {
    return this.#functions.has(name)
  }

  /** Calls a function of the script, from a directory. */
  call(name: ByteString, directory: ByteString): void {
    this.#directory = directory
    this.#callFunction(name, [])
  }

  #list(statements: readonly Statement[]): Truth {
    let truth: Truth = true
    for (const statement of statements) {
      this.#scope.spend(1)
      truth = this.#statement(statement)
      if (this.#signal !== 'next') break
    }
    return truth
  }

  #statement(statement: Statement): Truth {
    if (statement.kind === 'command') return this.#command(statement, null)
    if (statement.kind === 'chain') return this.#chain(statement)
    if (statement.kind === 'pipeline') return this.#pipeline(statement)
    if (statement.kind === 'if') return this.#if(statement.branches, statement.otherwise)
    if (statement.kind === 'for') return this.#for(statement, expandWords(statement.words, this.#tools))
    if (statement.kind === 'count') return this.#count(statement)
    if (statement.kind === 'case') return this.#case(statement)
    if (statement.kind === 'while') {
      // How often, and with what, only a shell can tell.
      this.#under(statement.text, () => this.#list(statement.body), false)
      return true
    }
    if (statement.kind === 'function') {
      this.#functions.set(statement.name, statement.body)
      return true
    }
    const before = this.#directory
    const truth = this.#list(statement.body)
    if (statement.isSubshell) this.#directory = before
    return truth
  }

  /** Walks through what is done only under a condition; what follows a `return` in it, else. */
  #under(condition: ByteString, walk: () => unknown, mayLeave = true): void {
    const [directory, outer, saved] = [this.#directory, this.#condition, this.#scope.save()]
    this.#condition = outer === null ? condition : `${outer}, ${condition}`
    const inner = this.#condition
    walk()
    const leaves = this.#signal !== 'next' && mayLeave && !this.#fails
    this.#signal = 'next'
    this.#fails = false
    this.#scope.restore(saved, inner)
    this.#directory = directory
    this.#condition = leaves ? (outer ?? negated(condition)) : outer
  }

  /** One of two ways, or both under their conditions. */
  #decide(truth: Truth, yes: () => void, no: () => void): void {
    if (truth === true) yes()
    if (truth === false) no()
    if (!isDoubt(truth)) return
    const { text, taken } = truth
    if (taken !== true) this.#under(text, yes)
    if (taken === true) yes()
    if (taken !== false) this.#under(negated(text), no)
    if (taken === false && this.#signal === 'next') no()
  }

  #chain({ first, rest }: CompoundOf<'chain'>): Truth {
    let truth = this.#statement(first)
    for (const { when, statement } of rest) {
      if (this.#signal !== 'next') break
      const isWanted = when === '&&' ? truth : not(truth)
      let after: Truth = truth
      this.#decide(
        isWanted,
        () => (after = this.#statement(statement)),
        () => {},
      )
      truth = isDoubt(isWanted) ? truth : after
    }
    return truth
  }

  #pipeline({ parts, isNegated }: CompoundOf<'pipeline'>): Truth {
    let piped: Call | null = null
    let truth: Truth = true
    for (const part of parts) {
      truth = part.kind === 'command' ? this.#command(part, piped) : this.#statement(part)
      piped = part.kind === 'command' ? this.#callOf(part, piped) : null
    }
    return isNegated ? not(truth) : truth
  }

  #if([first, ...others]: CompoundOf<'if'>['branches'], otherwise: Statement[]): Truth {
    if (!first) return this.#list(otherwise)
    const truth = this.#list(first.condition)
    const said = isDoubt(truth) ? { ...truth, text: first.text } : truth
    this.#decide(
      said,
      () => this.#list(first.body),
      () => this.#if(others, otherwise),
    )
    return true
  }

  #count({ head, body }: CompoundOf<'count'>): Truth {
    const { variable, fields } = countedBy(head, (text) => expandText(wordOf(text, 0), this.#tools))
    const open = { text: this.#scope.unknown(`$${variable}`), line: 0, condition: `for ${head}` }
    return this.#for({ variable, body }, fields ?? [open])
  }

  #for({ variable, body }: Pick<CompoundOf<'for'>, 'variable' | 'body'>, fields: readonly Field[]): Truth {
    const outer = this.#condition
    for (const field of fields) {
      const step = () => {
        this.#scope.set(variable, { fields: [{ ...field, condition: null }], isList: false })
        this.#list(body)
      }
      if (field.condition === null) step()
      else this.#under(field.condition, step, false)
      const isOver = this.#signal !== 'next' && this.#signal !== 'continue'
      if (this.#signal === 'continue' || this.#signal === 'break') this.#signal = 'next'
      this.#condition = outer
      if (isOver) break
    }
    return true
  }

  #case({ subject, items }: CompoundOf<'case'>): Truth {
    const text = expandText(subject, this.#tools)
    const spend = (steps: number) => this.#scope.spend(steps)
    for (const { patterns, body } of items) {
      const written = patterns.map((pattern) => expandPattern(pattern, this.#tools))
      if (isUnknown(text)) this.#under(`${this.#scope.shown(text)} in ${written.join('|')}`, () => this.#list(body))
      else if (written.some((pattern) => fits(piecesOf(pattern), text, spend))) return this.#list(body)
    }
    return true
  }

  #callOf({ words, input, line }: CompoundOf<'command'>, piped: Call | null): Call {
    const [name, ...rest] = expandWords(words, this.#tools)
    const [file = null] = input ? expandWords([input], this.#tools) : []
    const [directory, condition] = [this.#directory, this.#condition]
    return { name: name?.text ?? '', words: rest, input: file, piped, directory, condition, line }
  }

  #command(command: CompoundOf<'command'>, piped: Call | null): Truth {
    const { assignments, words } = command
    const [first] = words
    const name = first ? expandText(first, this.#tools) : ''
    if (words.length === 0 || DECLARES.has(name) || name === 'export' || name === 'readonly') {
      // A list may be made of the one that it hides: `local list=( a "${list[@]}" )`.
      const values = assignments.map((one) => ({ name: one.name, value: this.#valueOf(one) }))
      if (DECLARES.has(name)) this.#declare([...assignments.map((one) => one.name), ...textsOf(words.slice(1))])
      for (const { name: variable, value } of values) this.#scope.set(variable, value)
      return true
    }
    if (name === '[[' || name === '[' || name === 'test')
      return this.#test(name === 'test' ? words.slice(1) : words.slice(1, -1))
    const call = this.#callOf(command, piped)
    if (this.#functions.has(call.name)) {
      this.#callFunction(call.name, call.words)
      return true
    }
    return this.#builtin(call) ?? this.#tools.command(call)
  }

  /** Null for what is no command of the shell itself. */
  #builtin({ name, words }: Call): Truth | null {
    if (name === 'return' || name === 'continue' || name === 'break' || name === 'exit') this.#signal = name
    else if (name === 'die') this.#signal = 'exit'
    else if (name === 'cd' || name === 'pushd') this.#enter(name, words)
    else if (name === 'popd') this.#directory = this.#pushed.pop() ?? this.#scope.unknown('popd')
    else if (name === 'mapfile' || name === 'readarray') {
      const list = words.at(-1)?.text ?? 'MAPFILE'
      const fields = [{ text: this.#scope.unknown(`$${list}`), line: 0, condition: null }]
      this.#scope.set(list, { fields, isList: true })
    } else if (name === 'read') for (const { text } of words) this.#scope.setText(text, this.#scope.unknown(`$${text}`))
    else if (name === 'unset') for (const { text } of words) this.#scope.set(text, undefined)
    else return name === 'true' || name === ':' ? true : name === 'false' ? false : null
    this.#fails = name === 'die' || (/^(?:return|exit)$/.test(name) && /^[1-9]/.test(words[0]?.text ?? ''))
    return true
  }

  #enter(name: ByteString, words: readonly Field[]): void {
    if (name === 'pushd') this.#pushed.push(this.#directory)
    const target = words.find(({ text }) => !/^-[LPe@n]+$/.test(text))
    this.#directory = target ? resolvePath(this.#directory, target.text) : this.#scope.unknown('cd')
  }

  #test(words: readonly Word[]): Truth {
    return testTruth({
      words: words.map((word) => ({ text: expandText(word, this.#tools), line: word.line, condition: null })),
      patterns: words.map((word) => expandPattern(word, this.#tools)),
      scope: this.#scope,
      exists: (path) => this.#tools.exists(resolvePath(this.#directory, path)),
    })
  }

  #declare(names: readonly ByteString[]): void {
    const frame = this.#frames.at(-1)
    if (!frame) return
    for (const name of names) {
      if (!/^\w+$/.test(name)) continue
      if (!frame.has(name)) frame.set(name, this.#scope.get(name))
      this.#scope.set(name, undefined)
    }
  }

  #valueOf({ name, isAppend, value, isList, line }: Assignment): Value {
    const own = isList
      ? expandWords(value, this.#tools)
      : value.map((word) => ({ text: expandText(word, this.#tools), line, condition: null }))
    const fields = own.map((field) => ({ ...field, condition: field.condition ?? this.#condition }))
    const before = isAppend ? this.#scope.get(name) : undefined
    this.#scope.spend(before?.fields.length ?? 0)
    const [first, ...rest] = before?.fields ?? []
    if (isList || before?.isList) return { isList: true, fields: [...(before?.fields ?? []), ...fields] }
    const text = { text: (first?.text ?? '') + (own[0]?.text ?? ''), line, condition: null }
    return { isList: false, fields: [text, ...(isAppend ? rest : this.#wordsToKeep(value))] }
  }

  /** `source="$source x"` keeps the words that a condition added to $source. */
  #wordsToKeep(value: readonly Word[]): Field[] {
    const names = value.flatMap(({ parts }) => parts.map((part) => (part.kind === 'variable' ? part.expression : '')))
    const values = names.map((name) => this.#scope.get(name))
    return values.flatMap((one) => (one && !one.isList ? one.fields.slice(1) : []))
  }

  #callFunction(name: ByteString, words: readonly Field[]): void {
    const body = this.#functions.get(name)
    if (!body) return
    if (this.#frames.length >= MAX_CALLS) throw new ShellTextError(1, `the function ${name} calls itself`)
    const frame = new Map<ByteString, Value | undefined>()
    this.#frames.push(frame)
    const positional = ['@', '#', '1', '2', '3', '4', '5', '6', '7', '8', '9']
    this.#declare(positional)
    this.#scope.set('@', { fields: [...words], isList: true })
    this.#scope.setText('#', String(words.length))
    for (const [index, field] of words.slice(0, 9).entries())
      this.#scope.set(String(index + 1), { fields: [field], isList: false })
    const outer = this.#condition
    this.#list(body)
    if (this.#signal === 'return') this.#signal = 'next'
    this.#condition = outer
    this.#frames.pop()
    for (const [own, before] of frame) this.#scope.set(own, before)
  }
}

function textsOf(words: readonly Word[]): ByteString[] {
  return words.flatMap(({ parts }) => parts.map((part) => (part.kind === 'text' ? part.text : '')))
}
