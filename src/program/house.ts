import { randomInt } from 'node:crypto';
import type { Rooms } from '../core/flows/messages/heard.ts';
import { gatesFor } from '../core/flows/ops/gates.ts';
import { directory } from '../core/flows/people/directory.ts';
import { adviceOf } from '../core/flows/runs/advice.ts';
import { orchestrator } from '../core/flows/runs/orchestrate.ts';
import type { Advisors } from '../core/ports/advisor.ts';
import type { House } from '../core/ports/ambient.ts';
import type { ButtonToken, ChannelHealth } from '../core/ports/channel.ts';
import type { Fingerprint } from '../core/ports/executor.ts';
import type { ILogReader } from '../core/ports/log.ts';
import type { Observe } from '../core/ports/observe.ts';
import type { Store } from '../core/ports/store.ts';
import { newRunId } from '../core/runs/run-id.ts';
import { parse } from '../core/text/grammar/parse.ts';
import { calendar } from '../scheduler/calendar.ts';

export interface HouseOptions {
  readonly store: Store;
  readonly profile: 'dev' | 'production';
  readonly version: string;
  readonly leaseMs: number;
  readonly buttonToken: ButtonToken;
  readonly fingerprint: Fingerprint;
  readonly observe: Observe;
  /** Whether an address belongs to a channel with cards; channels that nobody registered are plain. */
  readonly cards: (address: string) => boolean;
  /** Whether one belongs to a channel that shows files; none does unless said otherwise. */
  readonly documents?: (address: string) => boolean;
  readonly isGroup?: (address: string) => boolean;
  readonly texts?: (address: string) => boolean;
  readonly forms?: (address: string) => boolean;
  readonly threads?: (address: string) => boolean;
  readonly channels: () => readonly ChannelHealth[];
  readonly startedAt: number;
  readonly log?: ILogReader;
  readonly opsChat?: () => string | undefined;
  readonly console?: () => string | undefined;
  readonly setUp?: House['setUp'];
  readonly isGone?: (place: string) => boolean;
  /** Nobody, unless said otherwise. */
  readonly advisors?: () => Advisors;
  readonly adviceMs?: number;
}

/** Somebody waits for the answer of the bot meanwhile. */
const ADVICE_MS = 1500;

/** The rules with everything that they lean on: the same for the program, a worker alone, and the tests. */
export const furnish = (options: HouseOptions): Rooms => {
  const { store, profile, version, observe, cards, channels, startedAt } = options;
  const { advisors = () => ({}), adviceMs = ADVICE_MS } = options;
  const people = directory(store.people, profile, store.reach);
  const house = {
    profile,
    version,
    cards,
    channels,
    startedAt,
    gates: gatesFor({ store }, options.leaseMs),
    ...(options.log === undefined ? {} : { log: options.log }),
    ...(options.opsChat === undefined ? {} : { opsChat: options.opsChat }),
    ...(options.console === undefined ? {} : { console: options.console }),
    ...(options.setUp === undefined ? {} : { setUp: options.setUp }),
    ...(options.documents === undefined ? {} : { documents: options.documents }),
    ...(options.texts === undefined ? {} : { texts: options.texts }),
    ...(options.isGroup === undefined ? {} : { isGroup: options.isGroup }),
    ...(options.forms === undefined ? {} : { forms: options.forms }),
    ...(options.threads === undefined ? {} : { threads: options.threads }),
  };
  return {
    store,
    parser: { parse },
    directory: people,
    orchestrator: orchestrator({
      runs: store.runs,
      now: () => store.now(),
      directory: people,
      gates: store.gates,
      freeze: store.freeze,
      reach: store.reach,
      house,
      observe,
    }),
    advice: adviceOf({ advisors, deadline: () => AbortSignal.timeout(adviceMs), observe }),
    ambient: {
      newRunId: () => newRunId(chance),
      chance,
      buttonToken: options.buttonToken,
      ...(options.isGone === undefined ? {} : { isGone: options.isGone }),
      fingerprint: options.fingerprint,
      calendar,
    },
    house,
    observe,
  };
};

/** Uniform in [0,1), from the system's source of randomness: run ids must not be guessable from one another. */
const chance = (): number => randomInt(2 ** 32) / 2 ** 32;
