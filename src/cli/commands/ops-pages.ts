import { hintOf } from '../../core/runs/heartbeat.ts';
import { plainLines } from '../../core/text/cards/plain.ts';
import { refusalLines } from '../../core/text/cards/refusal-words.ts';
import type { Line } from '../../core/text/cards/rich.ts';
import { heartbeatLines } from '../../core/text/ops/heartbeat-words.ts';
import { leaseLines } from '../../core/text/ops/lease-words.ts';
import { nodeLines } from '../../core/text/ops/node-words.ts';
import { queueLines } from '../../core/text/ops/queue-words.ts';
import { dispatchRepeatLines, repeatLines } from '../../core/text/ops/repeat-words.ts';
import { boardLines } from '../../core/text/ops/states-board.ts';
import { isoOf } from '../../core/time/instant.ts';
import { setUpOf } from '../../program/set-up.ts';
import type { CliContext } from '../context.ts';
import { packageVersion } from '../versions.ts';

/** A page beside the board: in words, and as data. */
interface Page {
  readonly lines: readonly Line[];
  readonly document: unknown;
}

/** The pages by the words that ask for them in a chat. */
export const OPS_PAGES = {
  states: 'the states of a run and their names on the board',
  queues: 'what stands where in the queue, and who works on it',
  workers: 'workers and loops, and when each was heard',
  nodes: 'the processes, and what each does',
  ticks: 'what one process at a time does, and which one',
  dedup: 'what came twice and had its effect once',
  refusals: 'how often somebody was refused, and why',
  config: 'how this installation is set up',
} as const;

export type OpsPage = keyof typeof OPS_PAGES;

export const isOpsPage = (word: string): word is OpsPage => Object.hasOwn(OPS_PAGES, word);

export const opsPage = (context: CliContext, page: OpsPage): Promise<Page> => READ[page](context);

const queuesPage = ({ withStore }: CliContext): Promise<Page> =>
  withStore(async (store) => {
    const at = await store.now();
    const [figures, beats] = await Promise.all([store.reader.figures(at), store.heartbeats.list()]);
    return { lines: [...queueLines(figures), ...heartbeatLines(beats, at)], document: figures };
  });

const workersPage = ({ withStore }: CliContext): Promise<Page> =>
  withStore(async (store) => {
    const [beats, at] = await Promise.all([store.heartbeats.list(), store.now()]);
    const document = beats.map((beat) => ({ ...beat, beatAt: isoOf(beat.beatAt), hint: hintOf(beat, at) }));
    return { lines: heartbeatLines(beats, at), document };
  });

const nodesPage = ({ withStore }: CliContext): Promise<Page> =>
  withStore(async (store) => {
    const [beats, leases] = await Promise.all([store.heartbeats.list(), store.leases.list()]);
    return inWordsOnly(nodeLines(beats, leases, await store.now()));
  });

const dedupPage = ({ withStore }: CliContext): Promise<Page> =>
  withStore(async ({ reader }) => {
    const [messages, dispatches] = await Promise.all([
      reader.repeats(REPEATS_MAX),
      reader.dispatchRepeats(REPEATS_MAX),
    ]);
    const lines = [...repeatLines(messages), ...dispatchRepeatLines(dispatches)];
    return { lines, document: { messages, dispatches } };
  });

const refusalsPage = ({ withStore }: CliContext): Promise<Page> =>
  withStore(async (store) => {
    const counts = await store.reader.refusals(await store.now());
    return { lines: refusalLines(counts), document: counts };
  });

const REPEATS_MAX = 50;

const inWordsOnly = (lines: readonly Line[]): Page => ({ lines, document: plainLines(lines) });

const ticksPage = ({ withStore }: CliContext): Promise<Page> =>
  withStore(async (store) => {
    const [leases, at] = await Promise.all([store.leases.list(), store.now()]);
    const document = leases.map(({ name, holder, fence, since, until }) => {
      const isHeld = until > at;
      return { name, holder, isHeld, fence, since: isoOf(since), until: isHeld ? isoOf(until) : null };
    });
    return { lines: leaseLines(leases, at), document };
  });

/** As this folder is set up, which a process that runs elsewhere may not be. */
const configPage = async ({ settings, configuration }: CliContext): Promise<Page> => {
  const { config } = await configuration();
  const rows = setUpOf({ settings: settings(), config }, await packageVersion(), config.catalog);
  return { lines: rows.map(([what, how]) => [`${what}: ${how}`]), document: Object.fromEntries(rows) };
};

const READ: Readonly<Record<OpsPage, (context: CliContext) => Promise<Page>>> = {
  states: () => Promise.resolve(inWordsOnly(boardLines())),
  queues: queuesPage,
  workers: workersPage,
  nodes: nodesPage,
  ticks: ticksPage,
  dedup: dedupPage,
  refusals: refusalsPage,
  config: configPage,
};
