import { expect, test } from 'vitest';
import { ana, noon } from '../cast.ts';
import { cliBench } from './cli-bench.ts';

const RETRY = 'queue.retry.enabled';

const installed = async () => {
  const bench = await cliBench();
  const ola = { ...ana, id: 'ola', name: 'Ola', roles: ['owner'], identities: ['dev:ola'] };
  await bench.inStore(async (store) => void (await store.people.replaceFilePeople([ana, ola], noon)));
  return bench;
};

test('the list says what is open, since when and by whom', async () => {
  const { textops, document } = await installed();
  expect((await textops('gates')).out).toMatch(/^queue\.retry\.enabled\topen\t\tsystem:install\t20\d\d-/m);
  expect((await document('gates')).data).toContainEqual({
    name: 'queue.notify.bridge_enabled',
    open: false,
    value: null,
    by: null,
    at: null,
  });
});

test('nothing is switched without the name once more', async () => {
  const { textops } = await installed();
  expect(await textops('gates', 'close', RETRY)).toMatchObject({
    code: 2,
    err: expect.stringContaining(`Repeat it with --yes ${RETRY}`),
  });
  expect(await textops('gates', 'close', RETRY, '--yes', 'queue.retry')).toMatchObject({ code: 2 });
  expect(await textops('gates', 'close', RETRY, '--yes', RETRY)).toMatchObject({ code: 0, err: '' });
  expect((await textops('gates')).out).toMatch(/^queue\.retry\.enabled\tclosed\t\tuser:cli:local\t/m);
  expect((await textops('audit', 'verify')).out).toBe('ok: 1 events in 1 chains\n');
});

test('a refusal is told with its own exit code, and somebody named has their own rights only', async () => {
  const { textops } = await installed();
  const open = ['gates', 'open', 'queue.retry.max_attempts.http', '--yes', 'queue.retry.max_attempts.http'];
  expect(await textops(...open)).toMatchObject({
    code: 4,
    err: expect.stringContaining('whole number from 1'),
  });
  expect(await textops(...open, '--value', '3', '--as', 'ana')).toMatchObject({
    code: 4,
    err: 'Only an owner switches gates. Nothing changed.\n',
  });
  expect(await textops(...open, '--as', 'nobody')).toMatchObject({ code: 2 });
});

test('a number waits for a second owner', async () => {
  const { textops } = await installed();
  const name = 'queue.retry.max_attempts.http';
  const open = ['gates', 'open', name, '--yes', name, '--value', '3'];
  expect(await textops(...open)).toMatchObject({
    code: 0,
    out: expect.stringContaining(`${name} = 3 is proposed by the command line.`),
  });
  expect(await textops(...open)).toMatchObject({ code: 4, err: expect.stringContaining('second owner') });
  expect((await textops('gates')).out).toMatch(/max_attempts\.http\tclosed/);
  expect(await textops(...open, '--as', 'ola')).toMatchObject({ code: 0 });
  expect((await textops('gates')).out).toMatch(/max_attempts\.http\topen\t3\tuser:cli:ola/);
});
