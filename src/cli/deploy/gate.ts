import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Runner } from './runner.ts';

const Part = z.object({ status: z.string(), reason: z.string().optional() });
const Health = z.looseObject({
  status: z.string(),
  database: Part,
  workers: Part.optional(),
  telegram: Part.optional(),
  config_hash: z.string().optional(),
});

export interface Gate {
  readonly runner: Runner;
  /** Where the instance answers on this machine. */
  readonly url: string;
  readonly withinMs: number;
  /** Milliseconds between two looks. */
  readonly everyMs?: number;
}

/**
 * Whether the release that was just started does what it is there for: it is ready, a worker beats, and the bot has heard from
 * Telegram; that something answers says little, because a bot that hears nothing answers as well. Undefined: it does. Otherwise why not.
 */
export const passes = async ({ runner, url, withinMs, everyMs = 200 }: Gate): Promise<string | undefined> => {
  const deadline = performance.now() + withinMs;
  for (;;) {
    if (!(await runner.isAlive())) return 'it ended by itself';
    const lacking = await lackOf(url);
    if (lacking === undefined) return undefined;
    if (performance.now() > deadline) return `${lacking}, ${Math.round(withinMs / 1000)} s after its start`;
    await sleep(everyMs);
  }
};

const lackOf = async (url: string): Promise<string | undefined> => {
  const ready = await ask(`${url}/health/ready`);
  if (ready === undefined) return 'it does not answer';
  if (!ready.ok) return 'it is not ready';
  const read = await healthAt(url);
  if (read === undefined) return 'its health cannot be read';
  const { status, workers, telegram } = read;
  if (status === 'down') return 'it is down';
  if (workers !== undefined && workers.status !== 'ok') return 'no worker beats';
  if (telegram === undefined || ['ok', 'standby'].includes(telegram.status)) return undefined;
  return `the bot is deaf (${telegram.reason ?? telegram.status})`;
};

/** Of what the instance runs with; undefined when nobody answers. */
export const configHashAt = async (url: string): Promise<string | undefined> =>
  (await healthAt(url))?.config_hash;

export interface Reload {
  readonly url: string;
  /** What it ran with before. */
  readonly hash: string;
  readonly withinMs: number;
  /** It may be what it ran with all the time. */
  readonly mayStay: boolean;
}

/** Whether the instance, which looks at its file every second, comes to run with another configuration. */
export const takesAnother = async ({ url, hash, withinMs, mayStay }: Reload): Promise<boolean> => {
  const deadline = performance.now() + (mayStay ? Math.min(withinMs, LOOKED_MS) : withinMs);
  for (;;) {
    const now = await configHashAt(url);
    if (now !== undefined && now !== hash) return true;
    if (performance.now() > deadline) return mayStay && now !== undefined;
    await sleep(100);
  }
};

/** By then it has looked twice. */
const LOOKED_MS = 2500;

const healthAt = async (url: string): Promise<z.output<typeof Health> | undefined> => {
  const health = await ask(`${url}/health`);
  return Health.safeParse(await health?.json().catch(() => undefined)).data;
};

const ask = (url: string): Promise<Response | undefined> =>
  fetch(url, { signal: AbortSignal.timeout(3000) }).catch(() => undefined);
