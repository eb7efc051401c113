import { describe, expect, test } from 'vitest';
import type { HttpTarget, JobSpec } from '../../../src/core/jobs/job.ts';
import type { ExecutionRequest } from '../../../src/core/ports/executor.ts';
import { httpExecutor } from '../../../src/worker/executors/http-executor.ts';
import { loopback } from '../loopback.ts';
import { listening, requestOf, textWith, until } from '../workbench.ts';

const seen: { method: string; url: string; headers: NodeJS.Dict<string | string[]>; body: string }[] = [];
const elsewhere = await loopback((request, response) => {
  seen.push({ method: 'ELSEWHERE', url: request.url ?? '', headers: request.headers, body: '' });
  response.end('stolen');
});
const here = await loopback((request, response, body) => {
  const { url = '', method = '', headers } = request;
  seen.push({ method, url, headers, body });
  const answer = answers[url] ?? { status: 200, body: '{"summary":"deployed 3 services"}' };
  response.writeHead(answer.status, answer.headers);
  if (answer.hangs === true) response.write('begun');
  else response.end(answer.body ?? '');
});
interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  readonly hangs?: true;
}
const answers: Readonly<Record<string, Answer>> = {
  '/plain': { status: 201, body: 'created' },
  '/message': { status: 200, body: '{"message":"  two\\nlines ","summary":""}' },
  '/list': { status: 200, body: '[1]' },
  '/fail': { status: 503, body: '{"message":"no capacity"}' },
  '/mute': { status: 500 },
  '/reflect': { status: 200, body: '{"summary":"token was hunter2-hunter2"}' },
  '/same': { status: 307, headers: { location: '/plain' } },
  '/see-other': { status: 303, headers: { location: '/plain' } },
  '/away': { status: 307, headers: { location: elsewhere } },
  '/loop': { status: 307, headers: { location: '/loop' } },
  '/hangs': { status: 200, hangs: true },
  '/large': { status: 200, body: Buffer.alloc(2_000_000, 'x') },
};

const executor = httpExecutor();
const run = async (
  path: string,
  given: {
    readonly target?: Partial<HttpTarget>;
    readonly spec?: Partial<JobSpec>;
    readonly request?: Partial<Omit<ExecutionRequest, 'job'>>;
    readonly url?: string;
  } = {},
) => {
  seen.length = 0;
  const target: HttpTarget = {
    kind: 'http',
    method: 'POST',
    url: `${given.url ?? here}${path}`,
    headers: {},
    ...given.target,
  };
  const request = requestOf({ timeoutMs: 20_000, ...given.spec, target }, given.request);
  return executor.execute(request, listening().hooks);
};

describe('the request', () => {
  test('whole string values of the body become typed values, and nothing else does', async () => {
    await run('/', {
      target: {
        body: {
          db: '{db}',
          n: ['{n}', { deep: '{half}' }],
          on: '{on}',
          text: 'of {db}',
          other: '{x}',
          none: null,
        },
      },
      spec: {
        params: {
          db: { type: 'string', required: true },
          n: { type: 'integer', required: true },
          half: { type: 'number', required: true },
          on: { type: 'boolean', required: true },
        },
      },
      request: { params: { db: '{n}","evil":"', n: 7, half: '0.5', on: true } },
    });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      db: '{n}","evil":"',
      n: [7, { deep: 0.5 }],
      on: true,
      text: 'of {db}',
      other: '{x}',
      none: null,
    });
    expect(seen[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'idempotency-key': 'K7M2QX:1',
    });
  });

  test('secrets are filled into headers, parameters only as a whole', async () => {
    await run('/', {
      target: {
        method: 'GET',
        headers: { Authorization: 'Bearer {secret:TOKEN}', 'X-Db': '{db}', 'X-Text': 'a {db}' },
      },
      spec: { params: { db: { type: 'string', required: true } } },
      request: { params: { db: '{secret:TOKEN}' }, secrets: { TOKEN: 'hunter2-hunter2' } },
    });
    expect(seen[0]).toMatchObject({ method: 'GET', body: '' });
    expect(seen[0]?.headers).toMatchObject({
      authorization: 'Bearer hunter2-hunter2',
      'x-db': '{secret:TOKEN}',
      'x-text': 'a {db}',
    });
  });

  test.each([
    ['a secret that is not there', { headers: { a: '{secret:NONE}' } }, 'secret "NONE" is not available'],
    ['a parameter without a value in the body', { body: { a: ['{db}'] } }, 'parameter "db" has no value'],
    ['a parameter without a value in a header', { headers: { a: '{db}' } }, 'parameter "db" has no value'],
    ['a file instead of an address', { url: 'file:///etc/passwd' }, 'the address is no http address'],
    ['no address at all', { url: 'nonsense' }, 'the address is no http address'],
  ])('%s sends nothing', async (_what, target, why) => {
    const spec = { params: { db: { type: 'string', required: false } as const } };
    expect(await run('/', { target, spec })).toMatchObject({
      reason: 'spawn',
      summary: `cannot send the request: ${why}`,
    });
    expect(seen).toEqual([]);
  });

  test('a line break cannot add a header', async () => {
    const outcome = await run('/', {
      target: { headers: { a: '{db}' } },
      spec: { params: { db: { type: 'string', required: true } } },
      request: { params: { db: 'x\r\nevil: 1' } },
    });
    expect(outcome).toMatchObject({ reason: 'spawn', summary: textWith('header "a"') });
    expect(JSON.stringify(outcome)).not.toContain('evil');
  });
});

describe('the answer', () => {
  test.each([
    ['/', 'succeeded', 'deployed 3 services'],
    ['/plain', 'succeeded', '201 Created'],
    ['/message', 'succeeded', 'two lines'],
    ['/list', 'succeeded', '200 OK'],
    ['/fail', 'failed', '503: no capacity'],
    ['/mute', 'failed', '500 Internal Server Error'],
  ])('%s: %s with %j', async (path, kind, summary) =>
    expect(await run(path)).toMatchObject({
      kind,
      summary,
      ...(kind === 'failed' ? { reason: 'http' } : {}),
    }),
  );

  test('its body is the output, with the same caps', async () => {
    expect((await run('/plain')).output.head).toBe('created');
    const { output } = await run('/large');
    expect(output).toMatchObject({ bytes: 2_000_000, head: 'x'.repeat(65_536), tail: 'x'.repeat(196_608) });
  });

  test('a secret that comes back is not kept', async () => {
    const outcome = await run('/reflect', { request: { secrets: { TOKEN: 'hunter2-hunter2' } } });
    expect(outcome.summary).toBe('token was ***');
    expect(JSON.stringify(outcome)).not.toContain('hunter2');
  });
});

describe('redirects', () => {
  test('on the same host are followed with the same method', async () => {
    expect(await run('/same', { target: { body: { a: 1 } } })).toMatchObject({ summary: '201 Created' });
    expect(seen.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['POST', '/same', '{"a":1}'],
      ['POST', '/plain', '{"a":1}'],
    ]);
  });

  test('with 303 ask for the result and do not send the body again', async () => {
    await run('/see-other', { target: { body: { a: 1 } } });
    expect(seen.at(-1)).toMatchObject({ method: 'GET', url: '/plain', body: '' });
  });

  test('to another host are never followed', async () => {
    const outcome = await run('/away', { target: { headers: { authorization: 'secret' } } });
    expect(outcome).toMatchObject({
      kind: 'failed',
      reason: 'http',
      summary: textWith('not followed'),
    });
    expect(seen.some(({ method }) => method === 'ELSEWHERE')).toBe(false);
  });

  test('without end do end', async () => {
    expect(await run('/loop')).toMatchObject({ kind: 'failed', reason: 'http' });
    expect(seen).toHaveLength(6);
  });
});

describe('faults', () => {
  test('nobody listening is told by method, host and code alone', async () => {
    const closed = 'http://127.0.0.1:1';
    const outcome = await run('/path?token=abc', {
      url: closed,
      target: { headers: { authorization: 'Bearer {secret:TOKEN}' } },
      request: { secrets: { TOKEN: 'hunter2-hunter2' } },
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      reason: 'http',
      summary: textWith('POST 127.0.0.1:1: '),
    });
    expect(outcome.summary).not.toMatch(/hunter2|token|path/);
  });

  test('an answer that does not end runs into the timeout, and what came is kept', async () => {
    const outcome = await run('/hangs', { spec: { timeoutMs: 1000 } });
    expect(outcome).toMatchObject({
      reason: 'timeout',
      summary: textWith('timed out after 1 s'),
    });
    expect(outcome.output.head).toBe('begun');
  });

  test('cancel ends the request', async () => {
    seen.length = 0;
    const { abort, hooks } = listening();
    const target = { kind: 'http', method: 'GET', url: `${here}/hangs`, headers: {} } as const;
    const running = executor.execute(requestOf({ target }), hooks);
    await until('the request has arrived', () => seen.length > 0);
    abort.abort('canceled');
    expect(await running).toMatchObject({ reason: 'canceled', summary: 'canceled' });
  });

  test('a job of another kind is our own mistake', async () =>
    await expect(
      executor.execute(requestOf({ target: { kind: 'demo' } }), listening().hooks),
    ).rejects.toThrow('http was expected'));
});
