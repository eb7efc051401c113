import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { startWeb, type WebServer } from '../../src/web/server.ts';
import { type World, world } from './world.ts';

const running: WebServer[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

const serve = async (
  there?: World,
  limits: Readonly<Record<string, number>> = {},
): Promise<WebServer & { readonly port: number }> => {
  const { app } = there ?? (await world());
  const server = await startWeb({ app, host: '127.0.0.1', port: 0, limits });
  running.push(server);
  return { ...server, port: Number(new URL(server.url).port) };
};

const dialled = async (port: number): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
};

/** What a raw connection hears until it is closed by the other side. */
const spoken = async (port: number, ...lines: readonly string[]): Promise<string> => {
  const socket = await dialled(port);
  socket.write(lines.join('\r\n'));
  return text(socket);
};

const SAID = { from: 'ana', conversation: 'ops', body: 'run demo' };
const post = (url: string, body: RequestInit['body'], type = 'application/json'): Promise<Response> =>
  fetch(`${url}/dev/inbound`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: body ?? null,
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  });

const blanks = (size: number): ReadableStream => new Blob([' '.repeat(size)]).stream();

describe('the server', () => {
  test('serves the dev door to this machine', async () => {
    const { url } = await serve();
    const answer = await post(url, JSON.stringify(SAID));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ intentType: 'RunJob', jobKey: 'demo' });
  });

  test('takes a body in pieces', async () => {
    const { url } = await serve();
    const answer = await post(url, new Blob([JSON.stringify(SAID)]).stream());
    expect(answer.status).toBe(200);
  });

  test('refuses 1 MB, announced or in pieces, and goes on', async () => {
    const { url } = await serve();
    const announced = await post(url, JSON.stringify({ ...SAID, body: 'x'.repeat(1_000_000) }));
    expect(announced.status).toBe(413);
    expect(await announced.json()).toMatchObject({ code: 'body_too_large' });
    expect((await post(url, blanks(1_000_000))).status).toBe(413);
    expect((await post(url, JSON.stringify(SAID))).status).toBe(200);
  });

  test('hangs up on a flood, announced or in pieces', async () => {
    const { port } = await serve();
    const head = ['POST /dev/inbound HTTP/1.1', 'Host: 127.0.0.1', 'Content-Type: application/json'];
    const announced = await spoken(port, ...head, 'Content-Length: 99999999', '', '{');
    expect(announced).toMatch(/^HTTP\/1\.1 413 [^]*connection: close/i);
    const socket = await dialled(port);
    // It is cut off in the middle of a write, which is an error of its own.
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.write([...head, 'Transfer-Encoding: chunked', '', ''].join('\r\n'));
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
    const pour = (): void => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', pour);
    pour();
    socket.resume();
    await closed;
    expect(socket.bytesWritten).toBeLessThan(64 * 1024 * 1024);
  });

  test('a foreign Host and a foreign Origin are refused on the wire', async () => {
    const { port } = await serve();
    const get = (...headers: readonly string[]): Promise<string> =>
      spoken(port, 'GET /runs HTTP/1.1', ...headers, 'Connection: close', '', '');
    expect(await get('Host: evil.example')).toMatch(/^HTTP\/1\.1 403 /);
    expect(await get(`Host: 127.0.0.1:${port}`, 'Origin: https://evil.example')).toMatch(/^HTTP\/1\.1 403 /);
    expect(await get(`Host: 127.0.0.1:${port}`, 'Origin: null')).toMatch(/^HTTP\/1\.1 403 /);
    expect(await get(`Host: 127.0.0.1:${port}`, `Origin: http://127.0.0.1:${port}`)).toMatch(
      /^HTTP\/1\.1 200 /,
    );
    for (const bad of [
      'Host: evil.example/..',
      'Host: a b',
      'X-Nothing: 1',
      'Host: 127.0.0.1\r\nHost: evil.example',
    ]) {
      expect(await get(bad)).toMatch(/^HTTP\/1\.1 40[03] /);
    }
  });

  test('an address in the request line does not change whose host counts', async () => {
    const { port } = await serve();
    const answer = await spoken(
      port,
      `GET http://127.0.0.1:${port}/runs HTTP/1.1`,
      'Host: evil.example',
      'Connection: close',
      '',
      '',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 40[03] /);
  });

  test('a port in use is a sentence', async () => {
    const { port } = await serve();
    const { app } = await world();
    await expect(startWeb({ app, host: '127.0.0.1', port })).rejects.toThrow(
      new RegExp(`^port ${port} on 127\\.0\\.0\\.1 is in use.*HTTP_PORT`),
    );
  });

  test('an address that this machine does not have is a sentence', async () => {
    const { app } = await world();
    await expect(startWeb({ app, host: '203.0.113.7', port: 0 })).rejects.toThrow(
      /203\.0\.113\.7.*HTTP_HOST/,
    );
  });

  test('who sends drop by drop is hung up on', async () => {
    const { port } = await serve(undefined, {
      headersTimeout: 200,
      requestTimeout: 400,
      connectionsCheckingInterval: 50,
    });
    expect(await spoken(port, 'GET / HTTP/1.1', 'Host: 127.0.0.1', 'X-Slow: ')).toMatch(
      /^HTTP\/1\.1 408 |^$/,
    );
    const half = ['POST /dev/inbound HTTP/1.1', 'Host: 127.0.0.1', 'Content-Type: application/json'];
    expect(await spoken(port, ...half, 'Content-Length: 100', '', '{')).toMatch(/^HTTP\/1\.1 408 |^$/);
  });
});

describe('stopping', () => {
  test('does not wait for connections that are only kept', async () => {
    const server = await serve();
    const socket = await dialled(server.port);
    socket.write('GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    await once(socket, 'data');
    const closed = once(socket, 'close');
    const started = performance.now();
    await server.stop();
    await closed;
    expect(performance.now() - started).toBeLessThan(1000);
    await expect(fetch(`${server.url}/health/live`)).rejects.toThrow('fetch failed');
  });

  test('cuts off who takes too long, within two seconds, and twice is harmless', async () => {
    const waiting = Promise.withResolvers<void>();
    const there = await world({
      recentDev: (_conversation, _afterId, signal) => {
        waiting.resolve();
        return new Promise((resolve) => signal.addEventListener('abort', () => resolve([])));
      },
    });
    const server = await serve(there);
    const polled = request(`${server.url}/dev/outbound?conversation=ops&after=1`).end();
    const cut = once(polled, 'close').catch(() => undefined);
    await waiting.promise;
    const started = performance.now();
    await Promise.all([server.stop(), server.stop()]);
    await cut;
    expect(performance.now() - started).toBeLessThan(2500);
  });
});

test('what is owed to an HTTP client is done at once', async () => {
  const { httpSender } = await import('../../src/web/http-sender.ts');
  const delivery = {
    address: 'http:ci',
    content: { kind: 'note' as const, note: { lines: [], actions: [] } },
    correlationId: 'ABC123',
    key: 'k',
  };
  expect(await httpSender.deliver(delivery, AbortSignal.timeout(1000))).toEqual({ k: 'sent' });
  expect(httpSender.channel).toBe('http');
});
