/** What a like costs above an action of the floor that writes nothing: with our script, and without any. */
import { admit, openDatabase } from '../database.mjs'
import { formOf } from '../forms.mjs'
import { interleave, load, ratio, spread } from '../load.mjs'
import { startServer, withServers } from '../server.mjs'
import { atMost, exactly, row } from '../table.mjs'

export async function like({ folder, file }) {
  const database = await openDatabase(file)
  const { cookie } = await admit(database, 'liker', 50)
  await database.close()
  let things = 0
  const fields = () => ({ thing: `another thing ${things++}` })
  const results = await withServers([await startServer(folder, { DATABASE_URL: file })], async ([server]) => {
    const sending = async (path, isScripted) => {
      const form = await formOf(server, path, 'Like', { cookie }, fields, isScripted)
      return () => load(server, { ...form, seconds: 1.5 })
    }
    const scripted = { floor: await sending('/floor', true), like: await sending('/', true) }
    const plain = { plainFloor: await sending('/floor', false), plainLike: await sending('/', false) }
    return {
      ...(await interleave({ rounds: 12, warmUp: 8 }, scripted)),
      ...(await interleave({ rounds: 10, warmUp: 4 }, plain)),
    }
  })
  const { inTransaction, transactions } = written(results.plainLike)
  const failed = Object.values(results)
    .flat()
    .reduce((sum, round) => sum + round.failed, 0)
  const note = (name, floor) =>
    `${spread(results[name], 'ms').median.toFixed(1)} ms against ${spread(results[floor], 'ms').median.toFixed(1)} ms`
  return [
    row('A like, and the page in its answer: processor time', ratio(results.like, results.floor, 'ms'), atMost(1.5), {
      note: note('like', 'floor'),
    }),
    row('A like without script: processor time', ratio(results.plainLike, results.plainFloor, 'ms'), atMost(1.5), {
      note: note('plainLike', 'plainFloor'),
    }),
    row('A like: statements in its transaction', inTransaction, atMost(3, '')),
    row('A like: transactions', transactions, exactly(1)),
    row('Likes that failed', failed, exactly(0)),
  ]
}

/** How many transactions a like has, and how many statements are in each at most. */
function written(rounds) {
  const all = rounds.flatMap(({ statements }) => statements)
  const requests = rounds.reduce((sum, round) => sum + round.requests, 0)
  const lengths = all
    .join('\0')
    .match(/BEGIN\0[\s\S]*?\0COMMIT/g)
    .map((whole) => whole.split('\0').length - 2)
  return { inTransaction: Math.max(...lengths), transactions: Math.round((lengths.length / requests) * 10) / 10 }
}
