import fc from 'fast-check';
import { expect, test } from 'vitest';
import { approvalWarnings } from '../../src/cli/approval-warnings.ts';
import { plainSpec } from '../../src/core/jobs/job.ts';
import { mayRequest } from '../../src/core/people/may.ts';
import type { Actor, Person } from '../../src/core/people/person.ts';
import { decide } from '../../src/core/runs/decide.ts';
import type { RunEvent } from '../../src/core/runs/event.ts';
import { fold } from '../../src/core/runs/evolve.ts';
import { asks, by, due, jobOf, nightly, RUN, says } from '../cast.ts';

// What a start warns of is held against the rules that decide: whoever could ask asks, and everybody else says yes.

const role = fc.constantFrom('operator', 'approver', 'owner', 'dba', 'lead');
const names = ['ana', 'bob', 'cho', 'dan', 'eve'] as const;
const people = fc.array(fc.uniqueArray(role, { maxLength: 3 }), { maxLength: names.length }).map((all) =>
  all.map((roles, at): Person => {
    const id = names[at] ?? '';
    return { id, name: id, roles, identities: [`telegram:${at}`] };
  }),
);
const entry = fc.constantFrom('role:approver', 'role:dba', 'role:lead', 'role:owner', 'ana', 'bob', 'nobody');
const job = fc
  .record({
    quorum: fc.integer({ min: 1, max: 3 }),
    approvers: fc.uniqueArray(entry, { maxLength: 3 }),
    needs: fc.uniqueArray(
      fc.record({ role: fc.constantFrom('dba', 'lead', 'approver'), count: fc.integer({ min: 1, max: 2 }) }),
      { maxLength: 2, selector: (need) => need.role },
    ),
    self: fc.constantFrom(undefined, true, false),
    requesters: fc.uniqueArray(fc.constantFrom('role:operator', 'role:lead', 'ana', 'cho'), { maxLength: 2 }),
  })
  .map(({ requesters, self, ...approval }) => {
    const plain = plainSpec({ title: '', target: { kind: 'demo' } });
    const own = self === undefined ? {} : { self };
    return jobOf('deploy', 1, { requesters, approval: { ...plain.approval, ...approval, ...own } });
  });

/** Whether this run would be approved when all of these people said yes. */
const isApproved = (
  wanted: ReturnType<typeof jobOf>,
  asker: Actor,
  everybody: readonly Person[],
): boolean => {
  const request = asks(wanted, {
    by: asker,
    selfApproval: wanted.spec.approval.self ?? false,
    ...(asker.kind === 'schedule' && { trigger: due() }),
  });
  const begun = decide(fold([], RUN), request);
  if (!begun.ok) return false;
  const history = everybody.reduce<readonly RunEvent[]>((before, person) => {
    const identity = person.identities[0] ?? '';
    const vote = decide(fold(before, RUN), { ...says.yes(person), by: by(person, identity) });
    return vote.ok ? [...before, ...vote.events] : before;
  }, begun.events);
  return history.some(({ type }) => type === 'RunApproved');
};

const warned = (wanted: ReturnType<typeof jobOf>, known: readonly Person[], scheduled: boolean): boolean => {
  const schedule = {
    key: 'nightly',
    jobKey: 'deploy',
    cron: '0 2 * * *',
    timezone: 'UTC',
    chat: 'telegram:-100',
    overlap: 'skip' as const,
    params: {},
  };
  const catalog = { jobs: [wanted], people: known, ...(scheduled && { schedules: [schedule] }) };
  return approvalWarnings(catalog, { profile: 'production', apiTokens: [] }).length > 0;
};

test('a job is warned of exactly if nobody who could ask for it would get it approved by all the others', () => {
  fc.assert(
    fc.property(job, people, fc.boolean(), (wanted, known, scheduled) => {
      const askers: readonly Actor[] = [
        ...known.filter((one) => mayRequest(one, wanted.spec)).map((one) => by(one, one.identities[0])),
        ...(scheduled ? [nightly] : []),
      ];
      // Where nobody can ask, it is as if somebody came who decides nothing.
      const asking = askers.length === 0 ? [nightly] : askers;
      const possible = asking.some((asker) => isApproved(wanted, asker, known));
      expect(warned(wanted, known, scheduled)).toBe(!possible);
    }),
    { numRuns: 1500 },
  );
});

test('whoever joins never brings a warning, and a higher quorum never takes one away', () => {
  fc.assert(
    fc.property(job, people, fc.uniqueArray(role, { maxLength: 3 }), (wanted, known, roles) => {
      const now = warned(wanted, known, false);
      const more = [...known, { id: 'zoe', name: 'Zoe', roles, identities: ['telegram:9'] }];
      // The first who may ask is one who has to be left out of the votes.
      const someAsk = known.some((one) => mayRequest(one, wanted.spec));
      expect(someAsk && !now && warned(wanted, more, false)).toBe(false);
      const { approval } = wanted.spec;
      const stricter = { ...wanted.spec, approval: { ...approval, quorum: approval.quorum + 1 } };
      expect(now && !warned({ ...wanted, spec: stricter }, known, false)).toBe(false);
    }),
  );
});
