import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { SocketModeClient } from '@slack/socket-mode';
import type { InboundSink } from '../../core/ports/channel.ts';
import { within } from '../../loops/rest.ts';
import type { Pulse } from '../pulse.ts';
import { problemOf } from './answers.ts';
import { silent } from './client.ts';
import { type Received, toInbound } from './wire.ts';

export interface SocketParts {
  readonly appToken: string;
  readonly apiRoot: string;
  readonly botUser: string;
  readonly sink: InboundSink;
  readonly pulse: Pulse;
  /** After so long without a sign of life from Slack the socket counts as dead. */
  readonly silenceMs: number;
}

/** One connection. It is used once: whatever ends it, a new one is made. */
export interface Socket {
  /** Rejects when it could not be opened; resolves when it has ended. */
  readonly ended: Promise<void>;
  /** Takes in nothing more. What was taken is stored, or could not be, when this resolves. */
  stop(): Promise<void>;
}

/**
 * Everything is stored before it is acknowledged. What could not be stored is not, and Slack sends it again, as it does
 * after three seconds without an answer.
 */
export const openSocket = async (parts: SocketParts): Promise<Socket> => {
  const { SocketModeClient: Client } = await import('@slack/socket-mode');
  const client = new Client({
    appToken: parts.appToken,
    logger: silent,
    // Its own way of connecting again throws into nowhere when Slack refuses.
    autoReconnectEnabled: false,
    serverPingTimeout: parts.silenceMs,
    clientOptions: { slackApiUrl: parts.apiRoot, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true },
  });
  let stopped = false;
  const storing = new Set<Promise<void>>();
  client.on('slack_event', (envelope: Envelope) => {
    if (stopped) return;
    const stored = store(parts, envelope).finally(() => storing.delete(stored));
    storing.add(stored);
  });
  let over = false;
  const disconnected = new Promise<void>((resolve) =>
    client.once('disconnected', () => {
      over = true;
      resolve();
    }),
  );
  const ended = lifeOf(client, parts.pulse, disconnected);
  ended.catch(() => undefined);
  return {
    ended,
    stop: async () => {
      stopped = true;
      await Promise.allSettled(storing);
      // It waits for a farewell that does not come where nobody listens any more.
      if (!over) await within(FAREWELL_MS, client.disconnect());
    },
  };
};

const FAREWELL_MS = 1000;
const HELLO_MS = 15_000;

const lifeOf = async (client: SocketModeClient, pulse: Pulse, disconnected: Promise<void>): Promise<void> => {
  const greeted = client.start();
  if (!(await within(HELLO_MS, greeted))) throw new Error('Slack opened a socket and did not say hello');
  await greeted;
  pulse.heard();
  pulse.turns('ok');
  // Slack pings where nobody says anything; the library ends a socket without pings, and tells nobody of those that come.
  subscribe(PINGS, pulse.heard);
  await disconnected.finally(() => unsubscribe(PINGS, pulse.heard));
};

const PINGS = 'undici:websocket:ping';

interface Envelope {
  readonly type: string;
  readonly body: unknown;
  readonly ack: (response?: Record<string, unknown>) => Promise<void>;
}

const KINDS: Readonly<Record<string, Received['kind']>> = {
  events_api: 'event',
  slash_commands: 'command',
  interactive: 'interaction',
};

const store = async ({ sink, pulse, botUser }: SocketParts, envelope: Envelope): Promise<void> => {
  pulse.heard();
  const kind = KINDS[envelope.type];
  const received: Received | undefined = kind === undefined ? undefined : { kind, body: envelope.body };
  const problem = received === undefined ? undefined : problemOf(received);
  try {
    const inbound =
      received === undefined || problem !== undefined ? undefined : toInbound(received, botUser);
    if (inbound !== undefined) await sink([inbound]);
    pulse.turns('ok');
  } catch {
    pulse.turns('degraded', 'what Slack sends cannot be stored');
    return;
  }
  // A connection that broke meanwhile: it comes again, and the inbox knows it.
  await envelope.ack(problem === undefined ? undefined : { ...problem }).catch(() => undefined);
};
