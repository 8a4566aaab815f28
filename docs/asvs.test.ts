/** The catalogue behind docs/asvs.md answers every requirement of ASVS 5.0, each in one way. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { titlesOfTests } from '../lib/testing/titles.ts'
import { outcomeOf } from './asvs.mjs'

type Requirement = { id: string; level: number; asks: string } & Partial<Record<Answer, string>>
type Answer = (typeof ANSWERS)[number]

const ANSWERS = ['section', 'absent', 'deviation', 'open'] as const
const catalogue: Requirement[] = JSON.parse(readFileSync('docs/asvs.json', 'utf8'))
const titles = titlesOfTests()
const testsOf = (id: string) => titles.filter(({ ids }) => ids.includes(id)).map(() => ({ isPassed: true }))

test('each of the 345 requirements stands in the catalogue once', () => {
  const ids = catalogue.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect([1, 2, 3].map((level) => catalogue.filter((one) => one.level === level).length)).toEqual([70, 183, 92])
})

test('each is answered in one way, and none of levels 1 and 2 is left open', () => {
  for (const one of catalogue) {
    const { id, level } = one
    expect(ANSWERS.filter((answer) => one[answer]).length, id).toBeLessThanOrEqual(1)
    expect(outcomeOf(one, testsOf(id)), id).not.toBe('unproven')
    expect(level < 3 && one.open, id).toBeFalsy()
  }
})

test('no test claims a requirement that the catalogue does not have, or says is not met', () => {
  for (const { ids, fact } of titles) {
    for (const id of ids) {
      const requirement = catalogue.find((one) => one.id === id)
      expect(requirement, `${id} ${fact}`).toBeDefined()
      expect(requirement?.absent ?? requirement?.open, `${id} ${fact}`).toBeUndefined()
    }
  }
})

test('every section that answers a requirement is there', () => {
  for (const { id, section } of catalogue) {
    if (!section) continue
    const [path = '', anchor] = section.split('#')
    const anchors = [...readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading))
    expect(anchors, `${id}: ${section}`).toContain(anchor)
  }
})

/** What GitHub makes of a heading. */
function anchorOf(heading: string) {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')
}
