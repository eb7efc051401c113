import type { IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { cliBench } from './cli-bench.ts';
import { answerJson, bodyOf, loopback } from './loopback.ts';

interface Said {
  readonly from: string;
  readonly conversation: string;
  readonly body: string;
}

/** The dev door as the client sees it: answers at once, and says more later to whoever listens. */
const devDoor = async () => {
  const heard: Said[] = [];
  const later: { readonly id: number; readonly body: string; readonly idempotencyKey: string }[] = [
    { id: 1, body: 'from before anybody sat down', idempotencyKey: 'old' },
  ];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const said = (await bodyOf(request)) as Said; // what our own client sent
    heard.push(said);
    answerJson(response, {
      outbound: [{ body: `heard ${said.body}\u001b[2J`, idempotencyKey: `answer:${heard.length}` }],
    });
  };
  const server = await loopback((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/health/live') return answerJson(response, { status: 'ok' });
    if (url.pathname === '/dev/outbound') {
      const after = Number(url.searchParams.get('after') ?? 0);
      const outbound = later.filter(({ id }) => id > after);
      return answerJson(response, { outbound, after: later.at(-1)?.id ?? 0 });
    }
    void answer(request, response);
  });
  return { ...server, heard, later };
};

test('what is typed is said, seat by seat, and the answers are shown', async () => {
  const { run } = await cliBench();
  const { url, heard } = await devDoor();
  const stdin = Readable.from([
    'run demo\n',
    ':as bob\n',
    '\n',
    'yes\n',
    ':wat\n',
    'quit\n',
    ':quit\n',
    'never said\n',
  ]);
  const { code, out, err } = await run(['chat', '--server', url, '--conversation', 'ops'], { stdin });
  expect(code).toBe(0);
  expect(heard).toEqual([
    { from: 'ana', conversation: 'ops', body: 'run demo' },
    { from: 'bob', conversation: 'ops', body: 'yes' },
  ]);
  expect(out).toBe('heard run demo\u{FFFD}[2J\nheard yes\u{FFFD}[2J\n');
  expect(err).toContain(`Connected to ${url}.`);
  expect(err).toContain('You are bob now.');
  expect(err).toContain('To leave, type :quit, with the colon.');
  expect(err).toContain(':as NAME');
});

test('a number alone presses nothing here and says so', async () => {
  const { run } = await cliBench();
  const { url, heard } = await devDoor();
  const { code, err } = await run(['chat', '--server', url], { stdin: Readable.from(['1\n', '42\n']) });
  expect({ code, heard }).toEqual({ code: 0, heard: [] });
  expect(err.split('\n').slice(1, 3)).toEqual(
    Array(2).fill(
      'Numbers press buttons only in the terminal of textops start itself; here type for example: yes ABC123',
    ),
  );
});

test('what is said later is shown once, and nothing from before', async () => {
  const { run } = await cliBench();
  const { url, later } = await devDoor();
  const stdin = new PassThrough();
  const out: string[] = [];
  const ended = run(['chat', '--server', url], { stdin, stdout: { write: (text) => out.push(text) } });
  stdin.write('run demo\n');
  await vi.waitFor(() => expect(out).toHaveLength(1), { timeout: 5_000 });
  later.push({ id: 2, body: 'the same again', idempotencyKey: 'answer:1' });
  later.push({ id: 3, body: 'Run K7M2QX succeeded: ok', idempotencyKey: 'succeeded:K7M2QX' });
  await vi.waitFor(() => expect(out.at(-1)).toBe('Run K7M2QX succeeded: ok\n'), { timeout: 5_000 });
  stdin.end();
  expect((await ended).code).toBe(0);
  expect(out).toHaveLength(2);
});

test('without a server it is one sentence and 1', async () => {
  const { run } = await cliBench();
  const { code, out, err } = await run(['chat'], { env: { HTTP_PORT: '1' } });
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toBe(
    'No TextOps answers at http://127.0.0.1:1.\nnpx textops start runs one; --server names another.\n',
  );
});

test('a server that has no dev door refuses in its own words', async () => {
  const { run } = await cliBench();
  const { url } = await loopback((request, response) =>
    request.url === '/health/live'
      ? answerJson(response, { status: 'ok' })
      : answerJson(response, { title: 'Not Found', detail: 'There is nothing at /dev/inbound.' }, 404),
  );
  const { code, err } = await run(['chat', '--server', url, '--quiet'], {
    stdin: Readable.from(['hello\n']),
  });
  expect({ code, err }).toEqual({
    code: 4,
    err: 'The server refused (404): There is nothing at /dev/inbound.\n',
  });
});
