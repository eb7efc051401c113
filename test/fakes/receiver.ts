import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

const Posted = z.strictObject({
  body: z.string(),
  runId: z.string().nullable(),
  idempotencyKey: z.string().min(1),
});

type Answer = { readonly status: number; readonly headers?: Readonly<Record<string, string>> } | 'hang up';

/** A program that is posted to. It takes nothing that is not as promised, and a key once. */
export const startReceiver = async () => {
  const heard: z.output<typeof Posted>[] = [];
  const answers: Answer[] = [];
  const keys = new Set<string>();
  let calls = 0;
  const hear = async (request: IncomingMessage): Promise<void> => {
    const { headers, method, url } = request;
    if (method !== 'POST' || url !== '/ops' || headers['content-type'] !== 'application/json')
      throw new Error(`${method} ${url} ${headers['content-type']}`);
    const posted = Posted.parse(JSON.parse(Buffer.concat(await request.toArray()).toString()));
    if (headers['idempotency-key'] !== posted.idempotencyKey) throw new Error('two keys');
    if (!keys.has(posted.idempotencyKey)) heard.push(posted);
    keys.add(posted.idempotencyKey);
  };
  const server = createServer((request, response) => {
    calls += 1;
    const answer = answers.shift() ?? { status: 204 };
    if (answer === 'hang up') request.socket.destroy();
    else if (answer.status >= 300) response.writeHead(answer.status, answer.headers).end('no');
    else
      void hear(request).then(
        () => response.writeHead(answer.status).end(),
        (error: unknown) => response.writeHead(400).end(String(error)),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(close);
  return {
    address: `webhook-out:127.0.0.1:${port}/ops`,
    heard,
    calls: () => calls,
    /** What it answers next, instead of taking it. */
    answers: (...next: readonly Answer[]) => void answers.push(...next),
    close,
  };
};
