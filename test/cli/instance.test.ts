import type { RequestListener, ServerResponse } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { openDevDoor } from '../../src/cli/dev-door.ts';
import { ask, readJson } from '../../src/cli/instance.ts';
import { cliBench } from './cli-bench.ts';
import { answerJson, loopback } from './loopback.ts';

const Greeting = z.object({ hello: z.string() });

const html = (response: ServerResponse, status = 200): void => {
  response.writeHead(status, { 'content-type': 'text/html' }).end('<html>hello</html>');
};
/** Says how long it will be, and hangs up before. */
const cutOff = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
  response.write('{"outbound": [');
  setImmediate(() => response.destroy());
};

/** What may stand at an address that somebody took for a TextOps. */
const STRANGE: readonly (readonly [string, (response: ServerResponse) => void])[] = [
  ['a page', html],
  ['nothing', (response) => void response.writeHead(204).end()],
  ['half a document', (response) => void response.writeHead(200).end('{"outbound": [')],
  ['an answer that is cut off', cutOff],
  ['a list', (response) => answerJson(response, [])],
  ['null', (response) => answerJson(response, null)],
  ['words', (response) => answerJson(response, 'hello')],
  ['another document', (response) => answerJson(response, { outbound: 'none', after: {} })],
];

const serving = (answer: (response: ServerResponse) => void) => loopback((_, response) => answer(response));

describe('what answers', () => {
  test.each(STRANGE)('with %s is none of ours, in one sentence', async (_, answer) => {
    const { url } = await serving(answer);
    const read = ask(url, '/x', {}).then((response) => readJson(response, Greeting));
    await expect(read).rejects.toMatchObject({
      problem: {
        code: 'SERVER_UNREACHABLE',
        message: `No TextOps answers at ${url}.`,
        hint: 'npx textops start runs one; --server names another.',
      },
    });
  });

  test.each<[string, (response: ServerResponse) => void, string]>([
    ['its own words', (r) => answerJson(r, { title: 'Not Found', detail: 'No job.' }, 404), '(404): No job.'],
    ['a title alone', (r) => answerJson(r, { title: 'Forbidden' }, 403), '(403): Forbidden'],
    ['an empty document', (r) => answerJson(r, {}, 500), '(500): no reason given'],
    ['a page of a proxy', (r) => html(r, 502), '(502): no reason given'],
    ['words of another kind', (r) => answerJson(r, { detail: 7 }, 400), '(400): no reason given'],
    ['nothing at all', (r) => void r.writeHead(401).end(), '(401): no reason given'],
  ])('no with %s ends the command with it', async (_, answer, words) => {
    const { url } = await serving(answer);
    const read = ask(url, '/x', {}).then((response) => readJson(response, Greeting));
    await expect(read).rejects.toMatchObject({
      problem: { code: 'REFUSED', message: `The server refused ${words}` },
    });
  });

  test('is read by what it should be, and what it says beside that is left out', async () => {
    const { url } = await serving((response) => answerJson(response, { hello: 'Ana', more: 1 }));
    expect(await readJson(await ask(url, '/x', {}), Greeting)).toEqual({ hello: 'Ana' });
  });

  test('too late is no answer, but an end that was asked for is no trouble of the server', async () => {
    const { url } = await loopback(() => undefined);
    const late = ask(url, '/x', { signal: AbortSignal.timeout(1) });
    await expect(late).rejects.toMatchObject({ problem: { code: 'SERVER_UNREACHABLE' } });
    const ending = new AbortController();
    const ended = ask(url, '/x', { signal: ending.signal });
    ending.abort();
    await expect(ended).rejects.toMatchObject({ name: 'AbortError' });
  });

  test.each(['nonsense', 'http://', 'http://[', 'localhost:5048', 'ftp://127.0.0.1', ''])(
    'at %j nobody can',
    async (server) => {
      await expect(ask(server, '/x', {})).rejects.toMatchObject({
        problem: { code: 'SERVER_UNREACHABLE', message: `No TextOps answers at ${server}.` },
      });
    },
  );
});

const isOutbound = (url: string | undefined): boolean => url?.startsWith('/dev/outbound') === true;

describe('textops chat', () => {
  test.each(STRANGE)(
    'with something at the address that answers all with %s ends in one sentence',
    async (_, answer) => {
      const { run } = await cliBench();
      const { url } = await serving(answer);
      const ended = await run(['chat', '--server', url, '--quiet'], { stdin: Readable.from(['hello\n']) });
      expect(ended).toEqual({
        code: 1,
        out: '',
        err: `No TextOps answers at ${url}.\nnpx textops start runs one; --server names another.\n`,
      });
    },
  );

  test('goes on listening after something else has answered in the meantime', async () => {
    let asked = 0;
    const { url } = await loopback((request, response) => {
      if (!isOutbound(request.url)) return answerJson(response, {});
      asked += 1;
      if (asked === 2) return html(response);
      const outbound = asked === 3 ? [{ id: 1, body: 'there again', idempotencyKey: 'a' }] : [];
      return answerJson(response, { outbound, after: asked });
    });
    const heard: string[] = [];
    const onMessage = ({ body }: { readonly body: string }) => void heard.push(body);
    const door = await openDevDoor({ server: url, conversation: 'ops', onMessage });
    await vi.waitFor(() => expect(heard).toEqual(['there again']), { timeout: 20_000 });
    await door.close();
  });

  test('asks for a conversation by its name, whatever is in it', async () => {
    const asked: string[] = [];
    const listener: RequestListener = (request, response) => {
      if (isOutbound(request.url)) asked.push(request.url ?? '');
      answerJson(response, { outbound: [], after: 7 });
    };
    const { url } = await loopback(listener);
    const name = 'ops & more?after=0#ü';
    const door = await openDevDoor({ server: url, conversation: name, onMessage: () => undefined });
    await vi.waitFor(() => expect(asked.length).toBeGreaterThan(1), { timeout: 5_000 });
    await door.close();
    const [first, second] = asked.map((path) => new URL(path, url).searchParams);
    expect([first?.get('conversation'), first?.get('after')]).toEqual([name, null]);
    expect([second?.get('conversation'), second?.get('after')]).toEqual([name, '7']);
  });

  test('ends with its input, and with the signal, while the server holds the request', async () => {
    const { run } = await cliBench();
    let first = true;
    const { url } = await loopback((request, response) => {
      if (!isOutbound(request.url)) return answerJson(response, {});
      if (first) answerJson(response, { after: 0 });
      first = false;
    });
    const ending = new AbortController();
    const err: string[] = [];
    const ended = run(['chat', '--server', url], {
      stdin: new PassThrough(),
      stderr: { write: (words) => err.push(words) },
      signal: ending.signal,
    });
    await vi.waitFor(() => expect(err.join('')).toContain('Connected to'), { timeout: 5_000 });
    ending.abort();
    expect((await ended).code).toBe(0);
  });
});
