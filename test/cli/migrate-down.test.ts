import { expect, test } from 'vitest';
import { PARTS } from '../../src/db/parts.ts';
import { cliBench, databaseFile } from './cli-bench.ts';

const brought = PARTS.substrate.migrations;

test('an empty substrate is taken down, every other command says what is missing, and migrate brings it back', async () => {
  const { cwd, textops, document } = await cliBench();
  await textops('migrate');
  expect(await textops('migrate', 'down', 'substrate')).toEqual({
    code: 0,
    out: 'took substrate down; textops migrate, and every start of this version, brings it back\n',
    err: '',
  });
  expect((await textops('migrate', 'status')).out).toContain('0003_substrate\tpending');
  expect(await textops('runs')).toEqual({
    code: 4,
    out: '',
    err: `The database lacks ${brought.join(', ')}; run textops migrate.\n`,
  });
  expect((await textops('migrate', 'down', 'substrate')).out).toBe(
    `${databaseFile(cwd)} has no substrate.\n`,
  );
  expect((await document('migrate', 'down', 'substrate')).data).toEqual({ part: 'substrate', was: 'absent' });
  expect((await textops('migrate')).out).toBe(brought.map((name) => `applied ${name}\n`).join(''));
  expect((await textops('gates')).out).toMatch(/^queue\.job_substrate\.enabled\topen\t/m);
});

test('one that holds something stays, and the refusal counts it in one sentence', async () => {
  const { textops, inStore } = await cliBench();
  await inStore((store) => store.heartbeats.beat({ name: 'w1', kind: 'worker', slots: 4, at: Date.now() }));
  await textops('pause', 'queue', 'the database moves');
  expect(await textops('migrate', 'down', 'substrate')).toEqual({
    code: 4,
    out: '',
    err:
      'substrate is not taken down, because something would be lost: ' +
      '1 in queue_pauses, 1 in queue_heartbeat that still beat.\n',
  });
  expect((await textops('migrate', 'status')).out).not.toContain('pending');
});

test('a part that nobody knows, and a database that is not there, are told and change nothing', async () => {
  const { textops } = await cliBench();
  expect(await textops('migrate', 'down', 'substrate')).toMatchObject({
    code: 1,
    err: expect.stringContaining('There is no database at'),
  });
  expect(await textops('migrate', 'down', 'queue')).toMatchObject({
    code: 2,
    err: expect.stringContaining('Allowed choices are substrate.'),
  });
  expect(await textops('migrate', 'down')).toMatchObject({ code: 2 });
});
