import type { Controls, NewUser } from './telegram/controls.ts';
import { createControls } from './telegram/controls.ts';
import { createFaults } from './telegram/faults.ts';
import type { FloodLimits } from './telegram/flood.ts';
import { createFlood } from './telegram/flood.ts';
import { listen } from './telegram/http-server.ts';
import type { Ledger } from './telegram/ledger.ts';
import { createLedger } from './telegram/ledger.ts';
import { createLongPoll } from './telegram/long-poll.ts';
import type { Person } from './telegram/person.ts';
import { createPerson } from './telegram/person.ts';
import { createUpdateQueue } from './telegram/update-queue.ts';
import { createWebhook } from './telegram/webhook.ts';
import type { User } from './telegram/wire.ts';
import type { World } from './telegram/world.ts';
import { userOf } from './telegram/world.ts';

export interface TelegramOptions {
  readonly token?: string;
  readonly botUsername?: string;
  /** Privacy mode off. */
  readonly readsAllGroupMessages?: boolean;
  /** The hidden brakes on repeated polls and conflicts; on by default. */
  readonly quirks?: boolean;
  /** Off by default; true for the usual limits. */
  readonly flood?: FloodLimits | boolean;
  /** Milliseconds. Dates, limits, expiry and the ledger follow it; a long poll waits for real. */
  readonly now?: () => number;
  readonly callbackExpiryMs?: number;
  readonly firstUpdateId?: number;
  /** False for benchmarks: the ledger stays empty. */
  readonly keepsCalls?: boolean;
  readonly webhookRetryMs?: number;
  readonly port?: number;
}

export interface FakeTelegram extends Omit<Controls, 'addUser'>, AsyncDisposable {
  /** The `client.apiRoot` of grammY. */
  readonly url: string;
  readonly token: string;
  readonly bot: User;
  readonly controls: Controls;
  readonly ledger: Ledger;
  readonly addUser: (spec: NewUser) => Person;
  readonly person: (userId: number) => Person;
  /** Resolves with the first value that is neither undefined nor false; looks again after every call. */
  readonly waitFor: <T>(probe: () => T | undefined | false, deadlineMs?: number) => Promise<T>;
  readonly close: () => Promise<void>;
}

export const defaultToken = '7000000001:AAFakeTelegramTokenForTests_0123456';

/** Starts a Bot API server on 127.0.0.1 that is as strict as the real one wherever a bot could notice. */
export const startFakeTelegram = async (options: TelegramOptions = {}): Promise<FakeTelegram> => {
  const token = options.token ?? defaultToken;
  const now = options.now ?? Date.now;
  const world = newWorld(token, now, options);
  const faults = createFaults();
  const ledger = createLedger(options.keepsCalls ?? true, now);
  const longPoll = createLongPoll(world.queue, options.quirks ?? true);
  const webhook = createWebhook(world.queue, options.webhookRetryMs ?? 500, now);
  const controls = createControls({ world, faults, ledger, longPoll });
  const parts = { token, endpoints: { world, longPoll, webhook }, faults, ledger, controls };
  const listening = await listen(parts, options.port ?? 0);
  const close = async (): Promise<void> => {
    webhook.close();
    longPoll.close();
    await listening.close();
  };
  return {
    ...controls,
    url: listening.url,
    token,
    bot: world.bot,
    controls,
    ledger,
    addUser: (spec) => createPerson(controls, controls.addUser(spec)),
    person: (userId) => createPerson(controls, userOf(world, userId)),
    waitFor: (probe, deadlineMs = 5000) => waitFor(ledger, probe, deadlineMs),
    close,
    [Symbol.asyncDispose]: close,
  };
};

const newWorld = (token: string, now: () => number, options: TelegramOptions): World => ({
  now,
  bot: {
    id: Number.parseInt(token, 10),
    is_bot: true,
    first_name: 'TextOps',
    username: options.botUsername ?? 'textops_bot',
  },
  readsAllGroupMessages: options.readsAllGroupMessages ?? false,
  callbackExpiryMs: options.callbackExpiryMs ?? 60_000,
  queue: createUpdateQueue(options.firstUpdateId ?? 700_000_001, now),
  flood: createFlood(options.flood ?? false, now),
  users: new Map(),
  chats: new Map(),
  callbacks: new Map(),
  commands: new Map(),
  lastSharedMessageId: 0,
  lastNumber: 0,
});

const lookEveryMs = 20;

const waitFor = async <T>(
  ledger: Ledger,
  probe: () => T | undefined | false,
  deadlineMs: number,
): Promise<T> => {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const value = probe();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline)
      throw new Error(`Nothing came within ${deadlineMs} ms: ${String(probe)}`);
    await nextCall(ledger);
  }
};

/** The next finished call, or a short while: what the probe watches may also change by itself. */
const nextCall = (ledger: Ledger): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(done, lookEveryMs);
    const stop = ledger.onCall(done);
  });
