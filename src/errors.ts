/**
 * What stops a whole job: the user can mend it. Shown as a message and a hint, without a stack;
 * exit code 2. Everything else that is thrown is a bug. What goes wrong with one patch is never
 * thrown: it is a value in the result.
 */
export class UserError extends Error {
  readonly hint: string

  constructor(message: string, hint: string) {
    super(message)
    this.name = 'UserError'
    this.hint = hint
  }
}

/** What carries no patches: there is nothing to try, and nothing wrong with it. */
export class NoPatchesError extends UserError {
  constructor(message: string, hint: string) {
    super(message, hint)
    this.name = 'NoPatchesError'
  }
}

/** Wrong usage of a command (an option's value): like a UserError, but exit code 1. */
export class UsageError extends UserError {
  constructor(message: string, hint: string) {
    super(message, hint)
    this.name = 'UsageError'
  }
}
