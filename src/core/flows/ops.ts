import { advisorLines } from '../text/advisor-status.ts';
import { heartbeatLines } from '../text/heartbeat-words.ts';
import { leaseLines } from '../text/lease-words.ts';
import { opsBoard, problemsOf } from '../text/ops-board.ts';
import type { OpsReading } from '../text/ops-figures.ts';
import { queueLines } from '../text/queue-words.ts';
import { refusalLines } from '../text/refusal-words.ts';
import { dispatchRepeatLines, repeatLines } from '../text/repeat-words.ts';
import { quoted } from '../text/run-words.ts';
import { boardLines } from '../text/states-board.ts';
import type { Rooms, Said } from './heard.ts';

/** One consistent look at everything that `/ops`, `/health` and the command line show. */
export const readOps = async (rooms: Pick<Rooms, 'store' | 'house'>): Promise<OpsReading> => {
  const at = await rooms.store.now();
  const figures = await rooms.store.reader.figures(at);
  const { house } = rooms;
  return {
    ...figures,
    at,
    profile: house.profile,
    version: house.version,
    upMs: at - house.startedAt,
    channels: house.channels().map(({ channel, state, lastHeardMs, reason }) => ({
      channel,
      state,
      ...(lastHeardMs === undefined ? {} : { pollAgeMs: Math.max(0, at - lastHeardMs) }),
      ...(reason === undefined ? {} : { reason }),
    })),
  };
};

const PAGES =
  '/ops, /ops queues, /ops workers, /ops ticks, /ops dedup, /ops refusals, /ops ai or /ops states';

const workersAnswer = async ({ store }: Pick<Rooms, 'store'>): Promise<Said> => ({
  lines: heartbeatLines(await store.heartbeats.list(), await store.now()),
});

/** The whole of the queue on one page: what waits and where, and who works on it. */
const queuesAnswer = async ({ store }: Pick<Rooms, 'store'>): Promise<Said> => {
  const at = await store.now();
  const [figures, beats] = await Promise.all([store.reader.figures(at), store.heartbeats.list()]);
  return { lines: [...queueLines(figures), ...heartbeatLines(beats, at)] };
};

const ticksAnswer = async ({ store }: Pick<Rooms, 'store'>): Promise<Said> => ({
  lines: leaseLines(await store.leases.list(), await store.now()),
});

export const opsAnswer = async (rooms: Rooms, page: string | undefined): Promise<Said> => {
  if (page === 'states') return { lines: boardLines() };
  if (page === 'queues') return queuesAnswer(rooms);
  if (page === 'workers') return workersAnswer(rooms);
  if (page === 'ai') return { lines: advisorLines(rooms.advice.status(await rooms.store.now())) };
  if (page === 'ticks') return ticksAnswer(rooms);
  if (page === 'dedup') {
    const { reader } = rooms.store;
    const [messages, dispatches] = await Promise.all([reader.repeats(10), reader.dispatchRepeats(10)]);
    return { lines: [...repeatLines(messages), ...dispatchRepeatLines(dispatches)] };
  }
  if (page === 'refusals') {
    const { reader } = rooms.store;
    return { lines: refusalLines(await reader.refusals(await rooms.store.now())) };
  }
  if (page !== undefined) return { lines: [[`There is no page ${quoted(page)}. Try: ${PAGES}`]] };
  const reading = await readOps(rooms);
  const failing = problemsOf(reading).some((problem) => problem.cure === '/runs failed');
  return {
    ...opsBoard(reading),
    actions: [
      { verb: 'op', label: 'Refresh' },
      ...(reading.waiting > 0 ? [{ verb: 'wt', label: `Waiting (${reading.waiting})` } as const] : []),
      ...(failing ? [{ verb: 'fl', label: 'Failures' } as const] : []),
    ],
  };
};
