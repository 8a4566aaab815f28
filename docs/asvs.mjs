/**
 * `npm run asvs`: answers each requirement of OWASP ASVS 5.0 in docs/asvs.md, from the catalogue in docs/asvs.json and
 * from what the tests of this run have shown. A test answers the requirements whose ids its title begins with.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'

/** Where the runs leave their results for this page. */
export const RESULTS = { lib: 'generated/results/lib.json', browser: 'generated/results/browser.json' }

const PAGE = 'docs/asvs.md'

/** As the standard names them. */
const CHAPTERS = [
  ...['Encoding and Sanitization', 'Validation and Business Logic', 'Web Frontend Security', 'API and Web Service'],
  ...['File Handling', 'Authentication', 'Session Management', 'Authorization', 'Self-contained Tokens'],
  ...['OAuth and OIDC', 'Cryptography', 'Secure Communication', 'Configuration', 'Data Protection'],
  ...['Secure Coding and Architecture', 'Security Logging and Error Handling', 'WebRTC'],
]

const IDS = /^(?:\d+\.\d+\.\d+ )+/

/** The requirements that a title begins with, and the rest of it. */
export function readTitle(title) {
  const [ids = ''] = IDS.exec(title) ?? []
  return { ids: ids.split(' ').filter(Boolean), fact: title.slice(ids.length) }
}

/** How a requirement was answered: its column in the table of numbers. */
export function outcomeOf(requirement, tests) {
  if (requirement.absent) return 'does not apply'
  if (requirement.deviation) return 'deviation'
  if (requirement.open) return 'not met'
  if (tests.some(({ isPassed }) => !isPassed)) return 'failed'
  if (tests.length > 0) return 'passed'
  return requirement.section ? 'documented' : 'unproven'
}

/** Every test of both runs: where it stands, its title, and whether it passed each time that it ran. */
function readResults() {
  const lib = read(RESULTS.lib).testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ title, status }) => ({ file: relative('.', name), title, status })),
  )
  const browser = read(RESULTS.browser).suites.flatMap((suite) =>
    specsOf(suite).flatMap(({ file, title, tests }) =>
      tests.map(({ status }) => ({ file: `e2e/${file}`, title, status: status === 'expected' ? 'passed' : status })),
    ),
  )
  const found = new Map()
  for (const { file, title, status } of [...lib, ...browser]) {
    if (status === 'skipped' || status === 'pending') continue
    const test = found.get(`${file} ${title}`) ?? { file, ...readTitle(title), isPassed: true }
    test.isPassed &&= status === 'passed'
    found.set(`${file} ${title}`, test)
  }
  return [...found.values()].toSorted((one, other) => (one.file + one.fact < other.file + other.fact ? -1 : 1))
}

function specsOf({ specs, suites = [] }) {
  return [...specs, ...suites.flatMap(specsOf)]
}

/** The whole page. */
function pageOf(requirements, results) {
  const answers = requirements.map((requirement) => {
    const tests = results.filter(({ ids }) => ids.includes(requirement.id))
    return { ...requirement, tests, outcome: outcomeOf(requirement, tests) }
  })
  const chapters = CHAPTERS.map((name, i) => {
    const rows = answers.filter(({ id }) => id.startsWith(`${i + 1}.`))
    return `## V${i + 1} ${name}\n\n| id | level | asked | answer | result |\n|---|---|---|---|---|\n${rows.map(rowOf).join('\n')}\n`
  })
  return `${INTRODUCTION}\n${summaryOf(answers)}\n\n${chapters.join('\n')}`
}

const INTRODUCTION = `# OWASP ASVS 5.0, requirement by requirement

Written by \`npm run asvs\` from the tests of that run; \`npm test\` fails when it is not what its own run shows. What is
asked stands in our words: [the standard](https://owasp.org/www-project-application-security-verification-standard/) has
its own. A test answers the requirements whose ids its title begins with. What is asked of documents is answered by a
section, and nobody but a reader can say whether it is good.
`

function summaryOf(answers) {
  const outcomes = ['passed', 'documented', 'deviation', 'not met', 'failed', 'unproven', 'does not apply']
  const used = outcomes.filter((outcome) => answers.some((answer) => answer.outcome === outcome))
  const rows = [1, 2, 3].map((level) => {
    const counts = used.map((one) => answers.filter((a) => a.level === level && a.outcome === one).length)
    return `| ${level} | ${answers.filter((answer) => answer.level === level).length} | ${counts.join(' | ')} |`
  })
  return `| level | requirements | ${used.join(' | ')} |\n|---|---|${'---|'.repeat(used.length)}\n${rows.join('\n')}`
}

function rowOf({ id, level, asks, absent, deviation, open, section, tests, outcome }) {
  const documents = section ? [`[${section.split('#')[1].replaceAll('-', ' ')}](${fromPage(section)})`] : []
  const shown = tests.map(({ file, fact }) => `[${fact}](${fromPage(file)})`)
  const answer = absent ?? deviation ?? open ?? [...documents, ...shown].join('<br>')
  return `| ${id} | ${level} | ${cell(asks)} | ${cell(answer)} | ${outcome} |`
}

function fromPage(path) {
  return relative('docs', path)
}

function cell(text) {
  return text.replaceAll('|', '\\|')
}

function read(path) {
  return JSON.parse(readFileSync(path, 'utf8'))
}

/** Writes the page, or says how it differs. @returns whether it is what the run shows. */
function main(isWriting) {
  const page = pageOf(read('docs/asvs.json'), readResults())
  const missing = page.match(/^\| .* \| (?:unproven|failed) \|$/gm) ?? []
  for (const row of missing) console.error(row)
  if (isWriting) writeFileSync(PAGE, page)
  const lines = readFileSync(PAGE, 'utf8').split('\n')
  const stale = page.split('\n').filter((line, i) => line !== lines[i])
  if (stale.length > 0) console.error(`${PAGE} is stale: npm run asvs. It should say, among others:\n${stale[0]}`)
  return missing.length === 0 && stale.length === 0
}

if (process.argv[1]?.endsWith('asvs.mjs')) process.exitCode = main(process.argv.includes('--write')) ? 0 : 1
