import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['e2e/probe/*.probe.ts'],
    pool: 'forks',
    // A scanner measures how long answers take: it has the machine to itself.
    fileParallelism: false,
    // Ten times what it takes: the machine may have other work.
    testTimeout: 1_800_000,
    hookTimeout: 300_000,
    reporters: ['verbose'],
    disableConsoleIntercept: true,
  },
})
