import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const ON_BOTH = [
  'lib/{claim,cleanup,db,export,figures,hot-queries,likes,mailing-list,mailing-list-import,migrations,operator}.test.ts',
  'lib/{published-list,races,session-store,subscribers,throttle}.test.ts',
  'cli/{backup,check}.test.ts',
]
/** What the database makes no difference to, as far as anybody knows: `npm run test:all` asks it too. */
const ON_BOTH_TOO = [
  'lib/{admin-mode,announcements,credentials,mail,member-sessions,members,recovery,security-log,session-law}.test.ts',
  'prepare.test.ts',
]
const isWhole = process.env.TEST_ROUNDS !== undefined

export default defineConfig({
  test: {
    // Outside of Next there is no request: tests that call actions bring their own.
    alias: [
      {
        find: /^next\/(headers|cache|server)$/,
        replacement: fileURLToPath(new URL('lib/testing/next.ts', import.meta.url)),
      },
      { find: 'server-only', replacement: 'next/dist/compiled/server-only/empty.js' },
    ],
    globalSetup: 'lib/testing/template.ts',
    setupFiles: 'lib/testing/own-database.ts',
    // A file of tests has its own process and database, so none sees another's rows.
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'sqlite', include: ['lib/**/*.test.ts', '{cli,docs}/*.test.ts', 'prepare.test.ts'] },
      },
      { extends: true, test: { name: 'postgresql', include: isWhole ? [...ON_BOTH, ...ON_BOTH_TOO] : ON_BOTH } },
    ],
  },
})
