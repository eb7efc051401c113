import { maySee } from '../../people/may.ts';
import type { Person } from '../../people/person.ts';
import type { Store } from '../../ports/store.ts';
import { atMost, PHONE_LINES } from '../../text/at-most.ts';
import { advisorLines } from '../../text/cards/advisor-status.ts';
import { refusalLines } from '../../text/cards/refusal-words.ts';
import type { Action, Line } from '../../text/cards/rich.ts';
import { quoted } from '../../text/cards/run-words.ts';
import { heartbeatLines } from '../../text/ops/heartbeat-words.ts';
import { leaseLines } from '../../text/ops/lease-words.ts';
import { nodeLines } from '../../text/ops/node-words.ts';
import { opsBoard, opsLines } from '../../text/ops/ops-board.ts';
import type { OpsReading } from '../../text/ops/ops-figures.ts';
import { problemsOf, STALE_MAX } from '../../text/ops/ops-problems.ts';
import { queueLines } from '../../text/ops/queue-words.ts';
import { dispatchRepeatLines, repeatLines } from '../../text/ops/repeat-words.ts';
import { boardLines } from '../../text/ops/states-board.ts';
import { opsText } from '../../text/sms/text-answers.ts';
import type { Reader } from '../../text/sms/text-words.ts';
import { asText, type Heard, type Rooms, type Said } from '../messages/heard.ts';

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
  '/ops, /ops nodes, /ops queues, /ops workers, /ops ticks, /ops config, /ops dedup, /ops refusals, /ops ai, /ops log or /ops states';

const onOnePhone = (page: string, lines: readonly Line[]): readonly Line[] =>
  atMost(lines, PHONE_LINES, `textops ops ${page}`);

const workersAnswer = async ({ store }: Pick<Rooms, 'store'>): Promise<Said> => ({
  lines: onOnePhone('workers', heartbeatLines(await store.heartbeats.list(), await store.now())),
});

/** The whole of the queue on one page: what waits and where, and who works on it. */
const queuesAnswer = async ({ store }: Pick<Rooms, 'store'>): Promise<Said> => {
  const at = await store.now();
  const [figures, beats] = await Promise.all([store.reader.figures(at), store.heartbeats.list()]);
  return { lines: onOnePhone('queues', [...queueLines(figures), ...heartbeatLines(beats, at)]) };
};

const nodesAnswer = async ({ store }: Pick<Rooms, 'store'>): Promise<Said> => {
  const [beats, leases, at] = await Promise.all([store.heartbeats.list(), store.leases.list(), store.now()]);
  return { lines: onOnePhone('nodes', nodeLines(beats, leases, at)) };
};

/** How this process was set up; never a secret. */
const configAnswer = ({ house }: Pick<Rooms, 'house'>): Said => ({
  lines: (house.setUp?.() ?? [['version', house.version]]).map(([what, how]): Line => [`${what}: ${how}`]),
});

const ticksAnswer = async ({ store }: Pick<Rooms, 'store'>): Promise<Said> => ({
  lines: onOnePhone('ticks', leaseLines(await store.leases.list(), await store.now())),
});

export const opsAnswer = async (
  rooms: Rooms,
  { person, inbound }: Pick<Heard, 'person' | 'inbound'>,
  page: string | undefined,
  text?: Reader,
): Promise<Said> => {
  if (page === 'states') return { lines: boardLines() };
  if (page === 'queues') return queuesAnswer(rooms);
  if (page === 'nodes') return nodesAnswer(rooms);
  if (page === 'config') return configAnswer(rooms);
  if (page === 'workers') return workersAnswer(rooms);
  if (page === 'ai') return { lines: advisorLines(rooms.advice.status(await rooms.store.now())) };
  if (page === 'ticks') return ticksAnswer(rooms);
  if (page === 'dedup') {
    const { reader } = rooms.store;
    const [messages, dispatches] = await Promise.all([reader.repeats(10), reader.dispatchRepeats(10)]);
    const lines = [...repeatLines(messages), ...dispatchRepeatLines(dispatches)];
    return { lines: onOnePhone('dedup', lines) };
  }
  if (page === 'refusals') {
    const { reader } = rooms.store;
    const lines = refusalLines(await reader.refusals(await rooms.store.now()));
    return { lines: onOnePhone('refusals', lines) };
  }
  if (page !== undefined) return { lines: [[`There is no page ${quoted(page)}. Try: ${PAGES}`]] };
  const reading = await seenBy(rooms, person, await readOps(rooms));
  const brief = asText(text && opsText(reading));
  const inThreads = rooms.house.threads?.(inbound.address) === true;
  return {
    ...(inThreads ? { lines: opsLines(reading) } : opsBoard(reading)),
    actions: await actionsOf(rooms, reading),
    ...brief,
  };
};

/** Lost attempts are named one by one, and so only to whoever may see their runs. */
const seenBy = async (
  { store }: Pick<Rooms, 'store'>,
  person: Person,
  reading: OpsReading,
): Promise<OpsReading> => {
  if (reading.stale.length === 0) return reading;
  const found = await store.runs.find(reading.stale.map(({ runId }) => runId));
  const stale = reading.stale.filter(({ runId }) => {
    const run = found.get(runId)?.state;
    return run !== undefined && maySee(person, run);
  });
  return { ...reading, stale };
};

const actionsOf = async ({ store }: Rooms, reading: OpsReading): Promise<readonly Action[]> => {
  const refresh: Action = { verb: 'op', label: 'Refresh' };
  const problems = problemsOf(reading);
  const failures: readonly Action[] = problems.some(({ cure }) => cure === '/runs failed')
    ? [{ verb: 'fl', label: 'Failures' }]
    : [];
  const stale = reading.stale.slice(0, STALE_MAX).map(({ runId }) => runId);
  const { waiting } = reading;
  const waits: readonly Action[] = waiting > 0 ? [{ verb: 'wt', label: `Waiting (${waiting})` }] : [];
  // Cures come before what only looks.
  return stale.length > 0
    ? [...(await recoveries(store, stale)), ...failures, refresh, ...waits]
    : [refresh, ...waits, ...failures];
};

/** Bound to the attempt that is lost, like every button that starts something. */
const recoveries = async ({ runs }: Store, runIds: readonly string[]): Promise<readonly Action[]> => {
  const found = await runs.find(runIds);
  return runIds.flatMap((runId): readonly Action[] => {
    const run = found.get(runId)?.state;
    if (run === undefined) return [];
    const bound = { epoch: run.epoch, digest: run.digest };
    return [{ verb: 'rc', label: `Recover ${runId}`, runId, bound }];
  });
};
