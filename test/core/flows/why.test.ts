import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Rooms } from '../../../src/core/flows/messages/heard.ts';
import { directory } from '../../../src/core/flows/people/directory.ts';
import { whyOf } from '../../../src/core/flows/runs/answer-run.ts';
import type { ApprovalPolicy, JobVersion } from '../../../src/core/jobs/job.ts';
import type { Person } from '../../../src/core/people/person.ts';
import type { IPeople } from '../../../src/core/ports/people.ts';
import { tally } from '../../../src/core/runs/approvals.ts';
import { decide } from '../../../src/core/runs/decide.ts';
import { evolve } from '../../../src/core/runs/evolve.ts';
import { absent, type LiveRun, type RunState } from '../../../src/core/runs/run.ts';
import { plainLines } from '../../../src/core/text/cards/plain.ts';
import { openStore } from '../../../src/db/open.ts';
import { asks, backup, by, noon, RUN } from '../../cast.ts';

// What `why` says is held against the rules that decide: whoever is named can decide, and nobody else.

const ROLES = ['approver', 'operator', 'owner', 'dba', 'lead'] as const;
const NAMES = ['Ana', 'Bob', 'Cho', 'Dan', 'Eve'] as const;

const person = (name: string, roles: readonly string[]): Person => {
  const id = name.toLowerCase();
  return { id, name, roles, identities: [`telegram:${id}`] };
};

const people = fc
  .tuple(...NAMES.map(() => fc.subarray([...ROLES])))
  .map((roles) => NAMES.map((name, at) => person(name, roles[at] ?? [])));

const policy: fc.Arbitrary<Partial<ApprovalPolicy>> = fc.record({
  quorum: fc.integer({ min: 1, max: 3 }),
  approvers: fc.subarray(['role:approver', 'role:dba', 'ana', 'dan']),
  needs: fc
    .subarray(['dba', 'lead'])
    .map((roles) => roles.map((role, at) => ({ role, count: at === 0 ? 1 : 2 }))),
  self: fc.boolean(),
});

interface Case {
  readonly people: readonly Person[];
  readonly policy: Partial<ApprovalPolicy>;
  readonly heavy: boolean;
  /** Who says yes, one after the other. */
  readonly voters: readonly number[];
}

const cases: fc.Arbitrary<Case> = fc.record({
  people,
  policy,
  heavy: fc.boolean(),
  voters: fc.array(fc.nat(NAMES.length - 1), { maxLength: 3 }),
});

const give = (state: RunState, command: Parameters<typeof decide>[1]): RunState => {
  const decision = decide(state, command);
  return decision.ok
    ? decision.events.reduce<RunState>((run, event) => evolve(run, event, RUN), state)
    : state;
};

const yes = (who: Person) => ({ type: 'approve', by: by(who, `telegram:${who.id}`), at: noon }) as const;

/** A run that was asked for by Ana and may have some votes. */
const asked = ({ people: [ana], policy: given, heavy, voters, people: everybody }: Case): LiveRun => {
  const { spec } = backup;
  const job: JobVersion = {
    ...backup,
    spec: { ...spec, heavy, requesters: ['ana'], approval: { ...spec.approval, ...given } },
  };
  const request = asks(job, {
    by: by(ana ?? person('Ana', []), 'telegram:ana'),
    selfApproval: given.self === true,
  });
  const run = voters.reduce(
    (state, at) => {
      const who = everybody[at];
      return who === undefined ? state : give(state, yes(who));
    },
    give(absent, request),
  );
  if (run.status === 'absent') throw new Error('nobody asked');
  return run;
};

const store = await openStore({ url: ':memory:' });

const why = async (run: LiveRun, everybody: readonly Person[]): Promise<string> => {
  const holding: IPeople['holding'] = async ({ ids, roles }) =>
    everybody.filter((one) => ids.includes(one.id) || one.roles.some((role) => roles.includes(role)));
  const find = async (identity: string) => everybody.find((one) => one.identities.includes(identity));
  const rooms = { store, directory: directory({ holding, find }, 'production') };
  // It needs no more of the house than this while a run waits for its decision.
  const { lines } = await whyOf(rooms as unknown as Rooms, run);
  return plainLines(lines).join('\n');
};

/** Names of those whose yes the rules would take. */
const counted = (run: LiveRun, everybody: readonly Person[]): readonly string[] =>
  everybody.flatMap((who) => {
    const decision = decide(run, yes(who));
    return decision.ok ? [who.name] : [];
  });

const waiting = (proof: (run: LiveRun, given: Case) => Promise<void>) => async (): Promise<void> => {
  let looked = 0;
  await fc.assert(
    fc.asyncProperty(cases, async (given) => {
      const run = asked(given);
      if (run.status !== 'AwaitingApproval') return;
      looked += 1;
      await proof(run, given);
    }),
    { numRuns: 500, seed: 20_261_126 },
  );
  expect(looked).toBeGreaterThan(250);
};

describe('why a run waits', () => {
  test(
    'names exactly those whose yes the rules would take',
    waiting(async (run, { people: everybody }) => {
      const named = /Who may decide: ([^.]*)\./.exec(await why(run, everybody))?.[1] ?? '';
      const names = named.startsWith('whoever has') ? [] : named.split(', ');
      expect(names).toEqual(counted(run, everybody));
    }),
  );

  test(
    'counts the votes, and names the roles that are missing, as the rules do',
    waiting(async (run, { people: everybody }) => {
      const said = await why(run, everybody);
      const { have, need, missing } = tally(run.approval, run.votes);
      expect(said).toContain(`It has ${have} of ${need} approvals.`);
      const voters = run.votes.map(({ name }) => name).join(', ');
      expect(said.includes(`Approved so far by ${voters}.`)).toBe(voters !== '');
      const ends = everybody.map((who) => give(run, yes(who)).status);
      expect(have + 1 < need ? ends.filter((status) => status !== 'AwaitingApproval') : []).toEqual([]);
      const lines = missing.map(({ roles, count }) => `Missing: ${count} with role ${roles.join(' or ')}: `);
      expect(said.match(/Missing: \d+ with role [^:]*: /g) ?? []).toEqual(lines);
    }),
  );

  test(
    'names beside a missing role exactly those whose yes would bring the run nearer',
    waiting(async (run, { people: everybody }) => {
      const { have, missing } = tally(run.approval, run.votes);
      if (missing.length === 0) return;
      const nearer = everybody.filter((who) => {
        const after = give(run, yes(who));
        if (after.status !== 'AwaitingApproval') return after.status !== 'Expired';
        return tally(after.approval, after.votes).have > have;
      });
      const said = await why(run, everybody);
      for (const { roles } of missing) {
        const named = new RegExp(`with role ${roles.join(' or ')}: ([^.]*)\\.`).exec(said)?.[1] ?? '';
        const names = named === 'nobody has it' ? [] : named.split(', ');
        expect(names).toEqual(
          nearer.filter((who) => roles.some((role) => who.roles.includes(role))).map(({ name }) => name),
        );
      }
    }),
  );

  test(
    'says whether the last yes starts it, as it then does or does not',
    waiting(async (run, { people: everybody }) => {
      const said = await why(run, everybody);
      const ends = everybody.map((who) => give(run, yes(who)).status);
      expect(ends).not.toContain(run.heavy ? 'Dispatching' : 'Approved');
      expect(said.includes('The last approval starts it.')).toBe(!run.heavy);
    }),
  );
});
