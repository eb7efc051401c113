import { request } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { startWeb, type WebServer } from '../../src/web/server.ts';
import { type World, world } from './world.ts';

const running: WebServer[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

const serve = async (): Promise<{ readonly there: World; readonly url: string; readonly port: string }> => {
  const there = await world();
  await there.addJob('mine');
  const server = await startWeb({ app: there.app, host: '127.0.0.1', port: 0 });
  running.push(server);
  return { there, url: server.url, port: new URL(server.url).port };
};

/** Everything over HTTP that writes. */
const WRITES: readonly (readonly [method: string, path: string, body: Readonly<Record<string, unknown>>])[] =
  [
    ['POST', '/dev/inbound', { from: 'ana', conversation: 'ops', body: 'run mine' }],
    ['POST', '/runs', { job: 'mine' }],
    ['POST', '/jobs', { key: 'theirs', title: 'Theirs', demo: {} }],
    ['PUT', '/jobs/mine', { title: 'Theirs', demo: {} }],
  ];

const created = async ({ store }: World) => ({
  runs: (await store.runs.list({ limit: 10 })).runs.length,
  jobs: (await store.catalog.list()).map(({ key, version }) => `${key} v${version}`),
});

const NOTHING = { runs: 0, jobs: ['mine v1'] };

/** As a browser sends it: the page chooses neither Origin nor Host, so they are whatever its address made them. */
type Sent = (method: string, url: string, body: string) => Promise<number>;

const fetched =
  (init: RequestInit): Sent =>
  async (method, url, body) => {
    const headers = new Headers(init.headers);
    headers.set('idempotency-key', 'k');
    return (await fetch(url, { method, body, ...init, headers })).status;
  };

const json = { 'content-type': 'application/json' };
const typed = (type: string): Sent => fetched({ headers: { 'content-type': type } });

/** Nothing but a raw request can claim another Host. */
const rebound =
  (host: string): Sent =>
  (method, url, body) =>
    new Promise((resolve, reject) => {
      const headers = { ...json, host, origin: `http://${host}`, 'idempotency-key': 'k' };
      request(url, { method, headers }, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      })
        .on('error', reject)
        .end(body);
    });

const asForm = (body: string): URLSearchParams => {
  const read: Readonly<Record<string, unknown>> = JSON.parse(body);
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(read)) form.append(name, String(value));
  return form;
};

const asParts = (body: string): FormData => {
  const parts = new FormData();
  for (const [name, value] of asForm(body)) parts.append(name, value);
  return parts;
};

/** The type of the body is what `fetch` makes of it. */
const typedByItself =
  (made: (body: string) => RequestInit['body']): Sent =>
  async (method, url, body) => {
    const init: RequestInit = { method, body: made(body) ?? null, headers: { 'idempotency-key': 'k' } };
    return (await fetch(url, init)).status;
  };

const ATTACKS: readonly (readonly [string, Sent, number])[] = [
  ['JSON from another origin', fetched({ headers: { ...json, origin: 'https://evil.example' } }), 403],
  ['JSON from a sandboxed frame', fetched({ headers: { ...json, origin: 'null' } }), 403],
  [
    'JSON from another port of this machine',
    fetched({ headers: { ...json, origin: 'http://localhost:1' } }),
    403,
  ],
  [
    'JSON from a name that looks like this machine',
    fetched({ headers: { ...json, origin: 'http://localhost.evil.example' } }),
    403,
  ],
  [
    'a form from another origin',
    fetched({ headers: { 'content-type': 'text/plain', origin: 'https://evil.example' } }),
    403,
  ],
  ['JSON written as text/plain', typed('text/plain'), 415],
  ['JSON written as text/plain;application/json', typed('text/plain;application/json'), 415],
  ['JSON written as a form', typed('application/x-www-form-urlencoded'), 415],
  ['JSON written as a form in parts', typed('multipart/form-data; boundary=x'), 415],
  ['a true form', typedByItself(asForm), 415],
  ['a true form in parts', typedByItself(asParts), 415],
  ['text of no type', typedByItself((body) => body), 415],
  ['bytes of no type', typedByItself((body) => new TextEncoder().encode(body)), 415],
  ['a beacon', typedByItself((body) => new Blob([body])), 415],
  ['a name of its own that points here', rebound('evil.example'), 403],
  ['a name of its own with our port', rebound('evil.example:8080'), 403],
  ['a name that begins like ours', rebound('127.0.0.1.evil.example'), 403],
];

describe('a web page cannot command the instance on the machine of its reader', () => {
  test.each(ATTACKS)('%s', async (_what, send, status) => {
    const { there, url } = await serve();
    for (const [method, path, body] of WRITES) {
      expect([path, await send(method, `${url}${path}`, JSON.stringify(body))]).toEqual([path, status]);
    }
    expect(await created(there)).toEqual(NOTHING);
  });

  test('what is left of JSON when a browser sends it without leave to read the answer', async () => {
    const { there, url } = await serve();
    const send = fetched({ mode: 'no-cors', headers: { 'content-type': 'text/plain;charset=UTF-8' } });
    // A browser sends no PUT like this.
    for (const [method, path, body] of WRITES.filter(([each]) => each === 'POST')) {
      expect([path, await send(method, `${url}${path}`, JSON.stringify(body))]).toEqual([path, 415]);
    }
    expect(await created(there)).toEqual(NOTHING);
  });

  test('nobody is given leave: a question before the request is refused', async () => {
    const { url } = await serve();
    for (const [method, path] of WRITES) {
      const asked = await fetch(`${url}${path}`, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://evil.example',
          'access-control-request-method': method,
          'access-control-request-headers': 'content-type',
        },
      });
      expect(asked.status).toBe(403);
      expect([...asked.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });

  test('looking at a page changes nothing: no GET writes', async () => {
    const { there, url } = await serve();
    for (const [, path, body] of WRITES) {
      await fetch(`${url}${path}?${asForm(JSON.stringify(body)).toString()}`);
    }
    expect(await created(there)).toEqual(NOTHING);
  });

  test('the same requests, sent by a program or by a page of our own, are taken', async () => {
    const { there, url, port } = await serve();
    for (const [method, path, body] of WRITES) {
      const status = await fetched({ headers: json })(method, `${url}${path}`, JSON.stringify(body));
      expect([200, 201]).toContain(status);
    }
    expect(await created(there)).toEqual({ runs: 2, jobs: ['mine v2', 'theirs v1'] });
    const own = fetched({ headers: { ...json, origin: `http://127.0.0.1:${port}` } });
    expect(await own('PUT', `${url}/jobs/mine`, '{"title":"Ours","demo":{}}')).toBe(200);
  });
});
