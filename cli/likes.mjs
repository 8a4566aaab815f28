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

const USER = ['--user <NAME>', 'the username of the member, in any case', true]

command('stats', { does: 'Counts what is there now' })

command('purge', {
  does: 'Deletes what has expired, as the server does every hour',
  more: `Sessions that have ended, with their likes; security events, counts of tries, parameters of messages and \
addresses that nobody confirmed, when their time is over. It may run beside the site, and twice at once.`,
})

command('sessions', { does: 'Lists the sessions of a member', options: [USER] })

command('explain <ID>', {
  does: 'Tells the life of a session in plain words',
  more: 'ID is the public one that `sessions` lists. It is not the token, and opens nothing.',
})

command('revoke', {
  does: 'Ends sessions, at once and for good',
  more: `Give exactly one of the three. The owner of the site reads of it on the admin page, and a member on theirs. \
A visitor's session is their list: --session erases it, and --all leaves visitors alone.`,
  options: [
    ['--user <NAME>', 'all sessions of this member'],
    ['--session <ID>', 'this one'],
    ['--all', 'all sessions of all members'],
  ],
})

command('forget', {
  does: 'Deletes a member and everything of theirs, at once and for good',
  more: `The likes, the sessions, what happened at the account, links and messages to it, and from the mailing list the \
addresses that their sessions brought there. Backups and logs keep what they have.`,
  options: [USER],
})

command('export', {
  does: 'Prints all that is kept about a member, as JSON',
  more: 'The same as "Download my data". The member reads of it in their security activity.',
  options: [USER],
})

command('reset', {
  does: 'Makes a link to a new password for a member',
  more: `For a member who has forgotten the password and has no recovery e-mail. Make sure that it is them. The link \
works once and for 30 minutes; it ends when another one is made or the password changes. The member reads of it in their \
security activity.`,
  options: [USER],
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
back. On a new machine, visitors keep their lists and members log in again.

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
  const { logToStderr } = await load('../lib/log.ts')
  logToStderr()
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
  // It may repeat what is in a file; nothing of that may steer the terminal.
  const harmful = /(?![\n\t])[\p{C}\p{Zl}\p{Zp}]/gu
  console.error(error.message.replace(harmful, (letter) => `\\u{${letter.codePointAt(0).toString(16)}}`))
  process.exitCode = 1
}
