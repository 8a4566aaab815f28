import { defineConfig } from 'vitest/config'

const ON_BOTH = [
  'lib/{claim,credentials,db,export,likes,member-sessions,migrations,races,security-log,session-store,throttle}.test.ts',
  'prepare.test.ts',
]

export default defineConfig({
  test: {
    globalSetup: 'lib/testing/template.ts',
    setupFiles: 'lib/testing/own-database.ts',
    // A file of tests has its own process and database, so none sees another's rows.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'sqlite', include: ['lib/**/*.test.ts', 'docs/*.test.ts', 'prepare.test.ts'] } },
      { extends: true, test: { name: 'postgresql', include: ON_BOTH } },
    ],
  },
})
