import { defineConfig } from 'vitest/config'

const common = {
  // Tests run real git; a busy machine is no failure.
  testTimeout: 180_000,
  hookTimeout: 180_000,
  // No test changes what others see of its process: so the sources are read once per process.
  isolate: false,
}
/** Whether this Node has an SQLite of its own that can do what is needed. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const hasSqlite = major > 22 || (major === 22 && minor >= 16)

export default defineConfig({
  test: {
    sequence: { shuffle: { files: true, tests: true } },
    globalSetup: ['test/helpers/build-cli.ts'],
    // A test waits for the programs that it runs: so more run than there are cores.
    maxWorkers: 3,
    projects: [
      { extends: true, test: { ...common, name: 'all', include: ['test/**/*.test.ts'] } },
      ...(hasSqlite
        ? [
            {
              extends: true as const,
              test: {
                ...common,
                name: 'node:sqlite',
                include: ['test/record/**/*.test.ts'],
                setupFiles: ['test/helpers/without-better-sqlite.ts'],
              },
            },
          ]
        : []),
    ],
  },
})
