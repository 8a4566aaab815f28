import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['e2e/faults/*.fault.ts'],
    exclude: process.env.DRILL_LARGE ? [] : ['e2e/faults/large.fault.ts'],
    pool: 'forks',
    // One fault at a time: each has the machine to itself.
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 60_000,
    reporters: ['verbose'],
    // What a fault says is for whoever watches, without the title of its test before each line.
    disableConsoleIntercept: true,
  },
})
