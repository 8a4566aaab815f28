/** What a page costs above the floor, for a member and for nobody, and what it asks. */
import { admit, openDatabase } from '../database.mjs'
import { interleave, load, ratio, spread } from '../load.mjs'
import { startServer, withServers } from '../server.mjs'
import { atMost, exactly, row } from '../table.mjs'

const LIKES = 50
const WRITES = /^\s*(INSERT|UPDATE|DELETE|BEGIN)/i

export async function pages({ folder, file }) {
  const database = await openDatabase(file)
  const member = await admit(database, 'reader', LIKES)
  await database.settle()
  const headers = { cookie: member.cookie }
  const results = await withServers([await startServer(folder, { DATABASE_URL: file })], async ([server]) => {
    const ofMember = {
      floor: () => load(server, { path: '/floor', headers }),
      member: () => load(server, { headers }),
    }
    const ofNobody = { nobodysFloor: () => load(server, { path: '/floor' }), nobody: () => load(server, {}) }
    return {
      ...(await interleave({ rounds: 14, warmUp: 8 }, ofMember)),
      ...(await interleave({ rounds: 10, warmUp: 2 }, ofNobody)),
    }
  })
  const plans = await plansOf(database, results.member[0].statements)
  await database.close()
  const [ofMember, ofNobody] = [results.member, results.nobody].map(statementsOf)
  return [
    row('A member’s page, 50 likes: processor time', ratio(results.member, results.floor, 'ms'), atMost(1.12), {
      note: `${ms(results.member)} against ${ms(results.floor)} of the floor`,
    }),
    row('A member’s page: p99', ratio(results.member, results.floor, 'p99'), atMost(1.2)),
    row('A member’s page: statements', ofMember.each, atMost(2, '')),
    row('A member’s page: writes', ofMember.writes, exactly(0)),
    row('A member’s page: statements that scan a table', plans.filter(isScan).length, exactly(0), {
      note: plans.join('; '),
    }),
    row('Nobody’s page: processor time', ratio(results.nobody, results.nobodysFloor, 'ms'), atMost(1.05), {
      note: `${ms(results.nobody)} against ${ms(results.nobodysFloor)}`,
    }),
    row('Nobody’s page: statements', ofNobody.each, exactly(0)),
  ]
}

function ms(rounds) {
  return `${spread(rounds, 'ms').median.toFixed(1)} ms`
}

function statementsOf(rounds) {
  const all = rounds.flatMap(({ statements }) => statements)
  const requests = rounds.reduce((sum, round) => sum + round.requests, 0)
  // The connections that are still busy when a round ends make a fraction of it.
  return { each: Math.round((all.length / requests) * 10) / 10, writes: all.filter((sql) => WRITES.test(sql)).length }
}

async function plansOf(database, statements) {
  const plans = []
  for (const sql of new Set(statements)) plans.push(...(await database.planOf(sql)))
  return plans
}

/** Of SQLite: whether it reads a whole table, and not only what a subquery has found. */
function isScan(step) {
  return /^SCAN (s|u|Session|User|Like)\b/.test(step)
}
