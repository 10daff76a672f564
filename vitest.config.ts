import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    sequence: { shuffle: { files: true, tests: true } },
    globalSetup: ['test/helpers/build-cli.ts'],
    // Tests run real git; a busy machine is no failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
