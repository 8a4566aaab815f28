/**
 * The operator's commands: `npm run likes -- <command>`. Each is a file beside this one, whose `run` is given the
 * arguments and the folder that paths in them start from, and returns the exit code.
 */
import { fileURLToPath } from 'node:url'
import { createJiti } from 'jiti'
// Reads `.env` as well.
import { prepare } from '../prepare.mjs'

const COMMANDS = {
  import: {
    usage: 'import FILE',
    does: `Adds the addresses in FILE, or on standard input when FILE is -, to the mailing list, confirmed.
    FILE is a list, one address a line, or a CSV file. If its first row names a column "email", that one is read,
    otherwise the first.`,
  },
}

const [name = 'help', ...args] = process.argv.slice(2)
if (['help', '--help', '-h'].includes(name)) console.log(usage())
else if (Object.hasOwn(COMMANDS, name)) process.exitCode = await run(name).catch(fail)
else process.exitCode = fail(new Error(`There is no command ${JSON.stringify(name)}.\n\n${usage()}`))

async function run(name) {
  const folder = process.cwd()
  await prepare({ build: false })
  // Node 20 runs no TypeScript. Jiti's own idea of default exports breaks the errors of Prisma, and with them each
  // second try in lib/db.ts; and compiling Prisma, which needs none of it, takes seconds.
  const jiti = createJiti(import.meta.url, {
    interopDefault: false,
    nativeModules: ['@prisma'],
    // By default it is a folder in /tmp that any user of this machine may have filled, and what lies there is run.
    fsCache: fileURLToPath(new URL('../generated/jiti', import.meta.url)),
  })
  // Only now, since lib imports the clients that `prepare` may have generated.
  const [command, { closeDatabase }] = [await jiti.import(`./${name}.ts`), await jiti.import('../lib/db.ts')]
  try {
    return await command.run(args, folder)
  } finally {
    await closeDatabase()
  }
}

function fail(error) {
  console.error(error.message)
  return 1
}

function usage() {
  const commands = Object.values(COMMANDS).map(({ usage, does }) => `  ${usage}\n    ${does}`)
  return ['Usage: npm run likes -- <command>', ...commands].join('\n\n')
}
