import { resolve } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { type Mutant, runWith } from '../setup/mutant.ts';
import { raceDeadlines } from './deadlines.ts';
import { onFile, onPostgres } from './grounds.ts';
import { raceTriples } from './triples.ts';

// Every race is judged while it is run; what is left to see here is that they were races. More of them: `npm run races`.

const seed = Date.now() % 1_000_000_000;

describe.each([
  ['a SQLite file', () => onFile],
  ['PostgreSQL', () => onPostgres(inject('postgresUrl'))],
])(`processes on %s, seed ${seed}`, (_name, ground) => {
  test('of an approve, a deny and a cancel at the same time one decides, and the others hear who', async () => {
    const figures = await ground()((url) => raceTriples(url, 100, seed));
    const { approved, denied, canceled, answers, conflicts } = figures;
    expect(approved + denied + canceled).toBe(100);
    expect(answers).toBe(300);
    for (const count of [approved, denied, canceled, conflicts]) expect(count).toBeGreaterThan(0);
  });

  test('a yes in the millisecond of the deadline approves or comes too late, never both', async () => {
    const figures = await ground()((url) => raceDeadlines(url, 80, seed));
    const { approved, expired, answers } = figures;
    expect(approved + expired).toBe(80);
    expect(answers).toBe(160);
    // It has passed for nobody in an eighth of them, and for everybody in another.
    for (const count of [approved, expired]) expect(count).toBeGreaterThan(5);
  });
});

// Races that cannot be lost prove nothing.
const planted: readonly (Mutant & { readonly finding: string })[] = [
  {
    name: 'nobody looks who was faster',
    file: 'src/db/commit/judge.ts',
    from: '(world.versions.get(run.state.runId) ?? 0) !== run.expectedVersion',
    to: 'run.expectedVersion < 0',
    finding: 'Error: ',
  },
  {
    name: 'a second decision is recorded',
    file: 'src/core/runs/decide.ts',
    from: "if (state.status !== 'AwaitingApproval') return refuse({ why: 'already_decided', status: state.status });",
    to: "if (state.status === 'Succeeded') return refuse({ why: 'already_decided', status: state.status });",
    finding: '2 events decided',
  },
  {
    name: 'a loser hears nothing',
    file: 'src/core/flows/runs/steer-run.ts',
    from: "if (after.status === 'absent') return [];",
    to: "if (after.status === 'absent' || !decision.ok) return [];",
    finding: 'was told 0 things',
  },
  {
    name: 'a loser does not hear who it was',
    file: 'src/core/text/cards/say.ts',
    from: '[`Already ${statusWords(run)} by ${run.by} `',
    to: '[`Already ${statusWords(run)} by somebody `',
    finding: 'nobody is named',
  },
  {
    name: 'a yes after the deadline approves',
    file: 'src/core/runs/decide-approve.ts',
    from: 'if (at > state.decideBy) return accept(timedOut(state, at));',
    to: '',
    finding: 'no order allows this',
  },
];

describe('the judge notices that', () => {
  test.each(planted)('$name', { timeout: 120_000 }, async ({ finding, ...mutant }) => {
    const args = ['--triples', '40', '--deadlines', '40', '--seed', '1', '--on', 'sqlite', '--evidence', ''];
    const { code, said } = await runWith(mutant, resolve(import.meta.dirname, 'long.ts'), args);
    expect(said).toContain(finding);
    expect(code).toBe(1);
  });
});
