/** Makes it look as if better-sqlite3 had not been built. Needs a Node that has its own SQLite. */
import nodeModule from 'node:module'

interface Hooks {
  resolve: (name: string, context: object, next: (name: string, context: object) => object) => object
}

// The types of the oldest Node do not know it.
const { registerHooks } = nodeModule as unknown as { registerHooks: (hooks: Hooks) => void }
registerHooks({
  resolve: (name, context, next) => {
    if (name === 'better-sqlite3') throw new Error('it was not built')
    return next(name, context)
  },
})
