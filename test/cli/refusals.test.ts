import { expect, test } from 'vitest';
import { ana, noon } from '../cast.ts';
import { cliBench } from './cli-bench.ts';

const GATE = 'queue.retry.enabled';

/** What somebody without any role tries, and the reason by which it is counted. */
const ATTEMPTS: readonly (readonly [string, readonly string[]])[] = [
  ['role_needed', ['freeze', 'because', '--as', 'eve']],
  ['role_needed', ['unfreeze', '--as', 'eve']],
  ['operator_needed', ['pause', 'queue', '--as', 'eve']],
  ['owner_needed', ['gates', 'close', GATE, '--yes', GATE, '--as', 'eve']],
  ['owner_needed', ['token', 'create', 'ci', 'viewer', '--as', 'eve']],
  ['owner_needed', ['token', 'revoke', 'ci', '--as', 'eve']],
  ['operator_needed', ['dead-letters', 'drop', '1', 'so', '--as', 'eve']],
];

test.each(ATTEMPTS)('%s is counted when it refuses the command line: %j', async (reason, argv) => {
  const { inStore, textops } = await cliBench();
  await inStore(async (store) => {
    const eve = { ...ana, id: 'eve', name: 'Eve', roles: [], identities: ['dev:eve'] };
    await store.people.replaceFilePeople([ana, eve], noon);
    const base = { channel: 'dev', account: 'dev', eventKey: 'x', address: 'dev:ops', lane: 'dev:ops' };
    await store.inbox.accept([{ ...base, kind: 'unreadable', reason: 'no schema', raw: '{' }], 1);
  });
  expect(await textops(...argv)).toMatchObject({ code: 4, out: '' });
  expect((await textops('ops', '--refusals')).out).toBe(
    `Not allowed (auth.refused)\n${reason}  1 in 24h, 1 in 7d\n`,
  );
});

test('what was only badly written is refused and not counted', async () => {
  const { inStore, textops } = await cliBench();
  await inStore((store) => store.people.replaceFilePeople([ana], noon));
  expect(await textops('pause', 'nothing')).toMatchObject({ code: 4 });
  expect(await textops('token', 'revoke', 'nothing')).toMatchObject({ code: 3 });
  expect(await textops('token', 'create', 'ci', 'viewer', '--person', 'nobody')).toMatchObject({ code: 4 });
  expect((await textops('ops', '--refusals')).out).toBe('Nothing was refused in the last 7 days.\n');
});
