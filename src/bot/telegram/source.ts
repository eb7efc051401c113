import { createRunner, createSource, createUpdateFetcher } from '@grammyjs/runner';
import type { Api } from 'grammy';
import type { Update } from 'grammy/types';
import type { InboundSink } from '../../core/ports/channel.ts';
import type { BotSelf } from './addressed.ts';
import { ALLOWED_UPDATES } from './update.ts';
import { toInbound } from './wire.ts';

export interface SourceParts {
  readonly api: Api;
  readonly self: BotSelf;
  readonly sink: InboundSink;
  readonly pollSeconds: number;
  readonly retryMs: number;
  /** The batch is stored; the next poll may confirm it. */
  readonly onCommitted: () => void;
}

/** One stretch of polling. It is used once: a source that failed would receive nothing, without a word. */
export interface Source {
  /** Rejects with the conflict, the refusal or the failure of the sink that ended it. */
  readonly ended: Promise<void>;
  /** Takes in nothing more. What was taken is committed, or its commit has failed, when this resolves. */
  stop(): Promise<void>;
}

/** The runner asks for at most so many at once. */
const BATCH_MAX = 100;

/**
 * Polls from offset 0: the server remembers what was confirmed, and the inbox knows what came before. Only the next poll
 * confirms a batch, and the runner polls again only after the sink has committed it.
 */
export const startSource = (parts: SourceParts): Source => {
  const { api, self, sink, pollSeconds, retryMs } = parts;
  let stopped = false;
  let held: readonly Update[] = [];
  let committing: Promise<void> = Promise.resolve();
  const handle = async (updates: Update[]): Promise<number> => {
    // An answer that crossed the stop: unconfirmed, so it comes again.
    if (stopped) throw new Error('stopped');
    held = updates;
    const batch = updates.map((update) => toInbound(self, update)).filter((inbound) => inbound !== undefined);
    if (batch.length > 0) {
      committing = sink(batch);
      await committing;
    }
    parts.onCommitted();
    held = [];
    return BATCH_MAX;
  };
  const supply = createUpdateFetcher<Update, never>(
    { api, handleUpdate: unused, errorHandler: unused },
    {
      // Without a bound the doubling of the default would leave the bot deaf for as long as an outage lasted.
      retryInterval: retryMs,
      // Its log prints error objects, and those contain the token.
      silent: true,
      fetch: { timeout: pollSeconds, allowed_updates: ALLOWED_UPDATES },
    },
  );
  const runner = createRunner(createSource<Update>({ supply }), {
    handle,
    size: () => held.length,
    snapshot: () => [...held],
  });
  runner.start();
  const ended = runner.task() ?? Promise.resolve();
  // Whoever waits for it sees the rejection as well; nobody waiting must not end the process.
  ended.catch(() => undefined);
  return {
    ended,
    stop: async () => {
      stopped = true;
      // The runner's own promise may wait out a pause between two polls, so only the commit is waited for.
      Promise.resolve(runner.stop()).catch(() => undefined);
      await committing.catch(() => undefined);
    },
  };
};

const unused = (): never => {
  throw new Error('updates go to the inbox and nowhere else');
};
