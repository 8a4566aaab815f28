/**
 * The operator's commands: `npm run likes -- <command>`. Each is a file beside this one, whose `run` is given what was
 * typed and returns what it found or did. This file says what there is to type, and prints.
 */
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { createJiti } from 'jiti'
// Reads `.env` as well.
import { prepare } from '../prepare.mjs'

const likes = new Command('npm run likes --')
  .usage('<command>')
  .description(
    'Sees and steers a site of Likes, whether it is running or not. Paths start at the folder of the project.',
  )
  .helpCommand('help [command]', 'What a command does and takes')
  .configureHelp({ showGlobalOptions: false })

command('import <FILE>', {
  does: 'Adds addresses to the mailing list, confirmed',
  more: `FILE is a list, one address a line, or a CSV file; - is standard input. \
If its first row names a column "email", that one is read, otherwise the first.`,
})

command('check', {
  does: 'Looks for damage, and for rows that cannot be',
  more: 'Changes nothing. The exit code is 1 when anything is wrong.',
  isReadOnly: true,
})

command('backup <FILE>', {
  does: 'Saves everything in one file',
  more: `FILE is a SQLite file, whichever database the site is on, and can be restored onto either. It must not be there \
yet. The site may go on running.`,
})

command('restore <FILE>', {
  does: 'Puts a backup in the place of what is there',
  more: `FILE is what backup has made, with this version or an older one. What is there is saved first, beside the database. \
It happens as a whole or not at all. The site may go on running; it says for a moment that it is busy.

What ended since the backup stays ended: sessions, links in messages, and messages that have gone out are not brought \
back. Onto an empty database, visitors keep their lists and members log in again.

Where a SQLite file is damaged, move it away first, with the files -wal and -shm beside it.`,
})

command('migrate-to <URL>', {
  does: 'Moves the site from its SQLite file to PostgreSQL',
  more: `URL is postgresql://user:password@host/database; the database is made where it is not there, and must be empty. \
To keep the password out of the list of processes, leave it out and set PGPASSWORD.

The site may go on running: while its file is copied it says that it is busy, and afterwards the file is sealed, so that \
nothing is saved where nobody looks any more. Then set DATABASE_URL and start the site again.

The way back, as long as nothing was written on the server: with DATABASE_URL as it was, make a backup and restore it. \
What is restored is not sealed.`,
})

function command(nameAndArguments, { does, more, options = [], isReadOnly = false }) {
  const made = likes.command(nameAndArguments).summary(does).description([does, more].filter(Boolean).join('.\n\n'))
  for (const [flags, description, isRequired] of options) {
    if (isRequired) made.requiredOption(flags, description)
    else made.option(flags, description)
  }
  made.option('--json', 'print the result as JSON').action(async () => {
    const names = made.registeredArguments.map((argument) => argument.name().toLowerCase())
    const typed = Object.fromEntries(names.map((name, i) => [name, made.processedArgs[i]]))
    const { json, ...chosen } = made.opts()
    process.exitCode = await run(made.name(), { ...typed, ...chosen }, { json, isReadOnly })
  })
}

async function run(name, typed, { json, isReadOnly }) {
  const folder = process.cwd()
  // What it says of its progress is no part of the result.
  await prepare({ build: false, database: !isReadOnly, say: console.error })
  // Node 20 runs no TypeScript. Jiti's own idea of default exports breaks the errors of Prisma, and with them each
  // second try in lib/db.ts; and compiling Prisma, which needs none of it, takes seconds.
  const jiti = createJiti(import.meta.url, {
    interopDefault: false,
    nativeModules: ['@prisma', 'better-sqlite3', 'pg'],
    // By default it is a folder in /tmp that any user of this machine may have filled, and what lies there is run.
    fsCache: fileURLToPath(new URL('../generated/jiti', import.meta.url)),
  })
  // Only now, since lib imports the clients that `prepare` may have generated.
  const load = (file) => jiti.import(file)
  const [{ run }, { closeDatabase }] = [await load(`./${name}.ts`), await load('../lib/db.ts')]
  const { closeWorkers } = await load('../lib/password.ts')
  try {
    const { data, text, code = 0 } = await run(typed, folder)
    console.log(json ? JSON.stringify(data, null, 2) : text)
    return code
  } finally {
    await closeDatabase()
    await closeWorkers()
  }
}

try {
  if (process.argv.length === 2) likes.help()
  await likes.parseAsync()
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
