import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { cliBench } from './cli-bench.ts';

const COMMANDS = [
  'runs',
  'jobs',
  'ops',
  'show K7M2QX',
  'audit verify',
  'migrate',
  'migrate status',
  'start',
  'worker',
];

/** Something at an address that is no healthy PostgreSQL. */
const listening = async (answer: (socket: Socket) => void): Promise<string> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    // The client leaves as it likes.
    socket.on('error', () => undefined);
    answer(socket);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => server.close(done));
  });
  const at = server.address();
  if (at === null || typeof at === 'string') throw new Error('it listens nowhere');
  return `postgres://me:hunter2@127.0.0.1:${at.port}/ops`;
};

/** An ErrorResponse of the protocol, as the server sends it before it hangs up. */
const refusing = (code: string, message: string) => (socket: Socket) => {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
  const head = Buffer.from([0x45, 0, 0, 0, 0]);
  head.writeInt32BE(fields.length + 4, 1);
  socket.once('data', () => socket.end(Buffer.concat([head, fields])));
};

const closedPort = (): Promise<string> => Promise.resolve('postgres://me:hunter2@127.0.0.1:1/ops');
const noHost = (): Promise<string> => Promise.resolve('postgres://me:hunter2@nowhere.invalid/ops');

test.each([
  ['closes the socket', () => listening((socket) => socket.destroy()), 'Connection terminated unexpectedly'],
  ['has nobody there', closedPort, 'connect ECONNREFUSED 127.0.0.1:1'],
  ['has no such host', noHost, /getaddrinfo \w+ nowhere\.invalid/],
  [
    'wants another password',
    () => listening(refusing('28P01', 'password authentication failed for user "me"')),
    'password authentication failed for user "me"',
  ],
  [
    'has no such database',
    () => listening(refusing('3D000', 'database "ops" does not exist')),
    'database "ops" does not exist',
  ],
])('a PostgreSQL that %s is one sentence and 1 from every command', async (_, place, why) => {
  const { run } = await cliBench();
  const url = await place();
  for (const command of COMMANDS) {
    const { code, out, err } = await run(command.split(' '), { env: { DATABASE_URL: url, HTTP_PORT: '0' } });
    expect({ command, code, out }).toEqual({ command, code: 1, out: '' });
    expect(err).toMatch(
      /^The database postgres:\/\/\S+\/ops cannot be used: .+\nnpx textops doctor looks further\.\n$/,
    );
    expect(err).toMatch(why);
    expect(err).not.toContain('hunter2');
  }
  const { code, out } = await run(['doctor'], { env: { DATABASE_URL: url, HTTP_PORT: '0' } });
  expect(code).toBe(1);
  expect(out).toMatch(/database: The database .+ cannot be used: .+ → check DATABASE_URL/);
});

test('a PostgreSQL that never answers is given up after 5 seconds', async () => {
  const { run } = await cliBench();
  const url = await listening(() => undefined);
  const began = performance.now();
  const answers = await Promise.all(
    ['runs', 'migrate', 'start'].map((command) =>
      run([command], { env: { DATABASE_URL: url, HTTP_PORT: '0' } }),
    ),
  );
  for (const { code, err } of answers) {
    expect(code).toBe(1);
    expect(err).toMatch(/^The database .+ cannot be used: .*time.*\n.+\n$/);
  }
  // One attempt each, not several in a row.
  expect(performance.now() - began).toBeLessThan(9_500);
});

test.each([
  ['a folder', 'folder', 'unable to open database file'],
  ['inside of a file', 'file/textops.db', /EEXIST|ENOTDIR/],
  ['no database', 'file', 'file is not a database'],
])('a SQLite file that is %s is one sentence and 1', async (_, path, why) => {
  const { cwd, run } = await cliBench();
  await mkdir(join(cwd, 'folder'));
  await writeFile(join(cwd, 'file'), 'words, not pages. '.repeat(100));
  for (const command of ['migrate', 'start', 'worker']) {
    const { code, out, err } = await run([command], {
      env: { DATABASE_URL: `file:./${path}`, HTTP_PORT: '0' },
    });
    expect({ command, code, out }).toEqual({ command, code: 1, out: '' });
    expect(err).toMatch(/^The database \/.+ cannot be used: .+\nnpx textops doctor looks further\.\n$/);
    expect(err).toMatch(why);
  }
});
