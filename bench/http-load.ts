import { Agent, request } from 'node:http';
import { pause } from './measure.ts';

export interface Said {
  readonly from: string;
  readonly conversation: string;
  readonly body: string;
}

export interface Answer {
  readonly intentType: string;
  readonly runId: string | null;
  readonly outbound: readonly { readonly body: string }[];
}

export interface DevDoor {
  say(said: Said): Promise<Answer>;
  close(): void;
}

/** POST /dev/inbound over connections that stay open. */
export const devDoor = (url: string, connections: number): DevDoor => {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const target = new URL('/dev/inbound', url);
  return {
    say: (said) => post(agent, target, JSON.stringify(said)),
    close: () => agent.destroy(),
  };
};

const post = (agent: Agent, target: URL, body: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(target, { method: 'POST', agent, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(parts).toString();
        // The shape is the one that the dev door documents.
        if (response.statusCode === 200) resolve(JSON.parse(text) as Answer);
        else reject(new Error(`${response.statusCode}: ${text}`));
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });

export interface Load {
  readonly count: number;
  readonly ms: number;
  readonly latencies: readonly number[];
}

/** So many callers, each of whom asks again as soon as it was answered. */
export const closedLoop = async (
  callers: number,
  count: number,
  call: (index: number) => Promise<unknown>,
): Promise<Load> => {
  const latencies: number[] = [];
  const began = performance.now();
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      const asked = performance.now();
      await call(index);
      latencies.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return { count, ms: performance.now() - began, latencies };
};

/** So many a second, answered or not; a wait is counted from when the message was due, so no stall is hidden. */
export const openLoop = async (
  perSecond: number,
  durationMs: number,
  call: (index: number) => Promise<unknown>,
): Promise<Load> => {
  const latencies: number[] = [];
  const count = Math.round((perSecond * durationMs) / 1000);
  const began = performance.now();
  const calls: Promise<void>[] = [];
  for (let index = 0; index < count; index += 1) {
    const due = began + (index * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await pause(early);
    // A timer may ring early by the fraction of a millisecond that it cannot count.
    const asked = Math.min(due, performance.now());
    calls.push(call(index).then(() => void latencies.push(performance.now() - asked)));
  }
  await Promise.all(calls);
  return { count, ms: performance.now() - began, latencies };
};
