import { expect, test } from 'vitest';
import { letterName } from '../../src/core/text/ops/letter-words.ts';
import { ana, asks, bob, fails, noon, RUN, says, starts } from '../cast.ts';
import { cliBench, seedRun } from './cli-bench.ts';

/** A run that failed, with its dead letter, and a message that nobody can read. */
const given = async () => {
  const bench = await cliBench();
  const ids: string[] = [];
  await bench.inStore(async (store) => {
    await store.people.replaceFilePeople([ana], noon);
    await seedRun(store, asks(), says.yes(bob), starts(), fails());
    const bury = { kind: 'bury', runId: RUN, jobKey: 'backup', epoch: 1, attempt: 1, error: 'full' } as const;
    await store.runs.commit([{ queue: [], outbox: [], upkeep: [bury], at: noon }]);
    const base = { channel: 'dev', account: 'dev', eventKey: 'x', address: 'dev:ops', lane: 'dev:ops' };
    await store.inbox.accept([{ ...base, kind: 'unreadable', reason: 'no schema', raw: '{' }], noon);
    for (const letter of await store.deadLetters.list(10)) ids.push(letterName(letter));
  });
  const [job = '', inbound = ''] = ids.toSorted((a, b) => b.localeCompare(a));
  return { ...bench, job, inbound };
};

test('the list names every letter, show tells one', async () => {
  const { textops, document, job, inbound } = await given();
  const { out } = await textops('dead-letters');
  expect(out).toContain(`${job}\tjob\t${RUN}\t${RUN}\t`);
  expect(out).toContain(`${inbound}\tinbound\tdev:ops\t\t`);
  expect((await document('dead-letters')).data).toHaveLength(2);
  expect((await document('dead-letters', 'show', inbound)).data).toMatchObject({ replayable: false });
  expect(await textops('dead-letters', 'show', 'j999')).toMatchObject({ code: 3 });
});

test('a replayed run asks again; what cannot be read is refused, and dropped with a reason', async () => {
  const { textops, document, job, inbound } = await given();
  expect(await textops('dead-letters', 'replay', job)).toMatchObject({
    code: 0,
    out: `${RUN} (backup) asks again.\n`,
  });
  expect((await document('show', RUN)).data).toMatchObject({ run: { status: 'AwaitingApproval', epoch: 2 } });
  expect(await textops('dead-letters', 'replay', inbound)).toMatchObject({ code: 4 });
  expect(await textops('dead-letters', 'drop', inbound, 'nobody', 'knows')).toMatchObject({
    code: 0,
    out: `${inbound} is dropped: "nobody knows".\n`,
  });
  expect((await textops('dead-letters')).out).toBe('No dead letters.\n');
  expect((await textops('audit', 'verify')).code).toBe(0);
});
