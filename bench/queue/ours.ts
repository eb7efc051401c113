import { join } from 'node:path';
import { type Databases, type Dialect, observe, settle } from '../databases.ts';
import { BRIDGE, openGate } from '../gate.ts';
import { type LogWatch, watchLog } from '../log-watch.ts';
import { freshFolder, startProgram } from '../program.ts';
import { seed } from '../seed.ts';
import type { Contender, Filling, Place, Worker, WorkerOrder } from './contender.ts';
import { catalogYaml, JOBS } from './ours-catalog.ts';
import { assertQueued, assertWorked } from './ours-verify.ts';
import { wallMs } from './queue-end.ts';
import { type RemoteEnd, startEnd } from './remote-end.ts';

/** How a YES is given: as the command that every door hands to the orchestrator, or as words that have to be read first. */
type Spoken = 'command' | 'message';

/** Ours on one database: the producer calls the flow of a YES, the worker is `textops worker` as it is installed. */
export const oursOn = (dialect: Dialect, databases: Databases): readonly Contender[] => {
  const opened = opener(dialect, databases);
  const contender = (spoken: Spoken): Contender => ({
    name: `ours (${dialect}${spoken === 'message' ? ', as a message' : ''})`,
    family: 'ours',
    store: dialect,
    traits: spoken === 'message' ? ['enqueue only'] : [],
    open: async (filling = {}) => placeOf(await opened(filling), databases, spoken),
  });
  return [contender('command'), contender('message')];
};

/** Filled once by request and yes; every measurement gets a copy. A long past is not copied, because it is heavy. */
const opener = (dialect: Dialect, databases: Databases) => {
  const originals = new Map<string, Promise<string>>();
  const folder = freshFolder(catalogYaml);
  const make = async ({ ready = 0, later = 0, past = 0 }: Filling): Promise<string> => {
    const url = await databases.fresh(dialect, await folder);
    if (past > 0) await seed(url, past, 'past');
    if (later > 0) await seed(url, later, 'later');
    const producer = await producerOn(url, await folder, 'message');
    await producer.call('fill', { count: ready });
    await producer.close();
    if (dialect === 'PostgreSQL') await openGate(url, BRIDGE);
    await settle(url);
    return url;
  };
  return async (filling: Filling): Promise<string> => {
    if (filling.past !== undefined) return make(filling);
    const key = JSON.stringify([filling.ready, filling.later]);
    const original = originals.get(key) ?? make(filling);
    originals.set(key, original);
    return databases.copy(await original, await folder);
  };
};

const producerOn = (url: string, folder: string, tuning: Spoken): Promise<RemoteEnd> =>
  startEnd({ file: join(import.meta.dirname, 'ours-end.ts'), url, tuning, folder });

const placeOf = async (url: string, databases: Databases, spoken: Spoken): Promise<Place> => {
  const folder = await freshFolder(catalogYaml);
  const ends: { readonly close: () => Promise<void> }[] = [];
  return {
    url,
    producer: async () => {
      const end = await producerOn(url, folder, spoken);
      ends.push(end);
      return end;
    },
    worker: async (order) => {
      const worker = await workerOn(url, folder, order);
      ends.push({ close: () => worker.stop() });
      return worker;
    },
    settle: () => settle(url),
    assertQueued: (count) => assertQueued(url, count),
    assertWorked: (count) => assertWorked(url, count),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(ends.map((end) => end.close()));
      await databases.drop(url);
    },
  };
};

/** The installed program. What it did is read from the database, and where moments count from its log. */
const workerOn = async (url: string, folder: string, { slots, tell }: WorkerOrder): Promise<Worker> => {
  const { onLog, seen } = watchLog();
  const since = Math.floor(wallMs());
  const program = await startProgram({
    folder,
    command: 'worker',
    env: { DATABASE_URL: url, WORKER_CONCURRENCY: String(slots) },
    ...(tell === undefined ? {} : { onLog: onlyStarts(onLog) }),
  });
  const asked = async (sql: string): Promise<number> => {
    await using database = await observe(url);
    return await database.number(sql);
  };
  const ended = "select count(*) from runs where status = 'Succeeded'";
  return {
    firstAt: () => asked(`select min(at) from events where type = 'ExecutionStarted' and at >= ${since}`),
    allHandled: () => Promise.resolve(undefined),
    ranOutAt: async () => ((await asked(WAITING)) > 0 ? Infinity : asked(LAST_START)),
    handled: async () => ({ count: await asked(ended), at: wallMs() }),
    startedAt: async (id) => performance.timeOrigin + (await seen(STARTED, id, STARTED_MS)),
    rssMb: () => program.rssMb(),
    kill: () => program.kill(),
    stop: () => program.stop(),
  };
};

const NOOPS = `select id from runs where job_key = '${JOBS.noop}'`;
const WAITING = `select count(*) from (${NOOPS} and status = 'Dispatching') as waiting`;
const LAST_START = `select max(at) from events where type = 'ExecutionStarted' and chain in (${NOOPS})`;

/** There may be thousands of lines a second, and reading them takes from the same two cores. */
const onlyStarts =
  (onLog: LogWatch['onLog']): LogWatch['onLog'] =>
  (line, at) => {
    if (line.includes(STARTED)) onLog(line, at);
  };
const STARTED = 'execution.started';

/** Longer than a lease. */
const STARTED_MS = 120_000;
