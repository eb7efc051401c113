import { join } from 'node:path';
import { openBridge } from '../bridge.ts';
import { type Databases, type Dialect, observe, settle } from '../databases.ts';
import { watchLog } from '../log-watch.ts';
import { freshFolder, startProgram } from '../program.ts';
import type { Contender, Place, Worker, WorkerOrder } from './contender.ts';
import { catalogYaml } from './ours-catalog.ts';
import { assertFullPrice } from './ours-verify.ts';
import { wallMs } from './queue-end.ts';
import { type RemoteEnd, startEnd } from './remote-end.ts';

const endFile = join(import.meta.dirname, 'ours-end.ts');

/** Ours on one database: the producer calls the flow of a YES, the worker is `textops worker` as it is installed. */
export const oursOn = (dialect: Dialect, databases: Databases): Contender => {
  const filled = new Map<number, Promise<string>>();
  const folder = freshFolder(catalogYaml);
  /** Filled once by request and yes; every measurement gets a copy. */
  const original = async (count: number): Promise<string> => {
    const url = await databases.fresh(dialect, await folder);
    const producer = await producerOn(url, await folder);
    await producer.call('fill', { count });
    await producer.close();
    if (dialect === 'PostgreSQL') await openBridge(url);
    await settle(url);
    return url;
  };
  return {
    name: `ours (${dialect})`,
    family: 'ours',
    store: dialect,
    open: async (count = 0) => {
      const made = filled.get(count) ?? original(count);
      filled.set(count, made);
      return placeOf(await databases.copy(await made, await folder), databases);
    },
  };
};

const producerOn = (url: string, folder: string): Promise<RemoteEnd> =>
  startEnd({ file: endFile, url, tuning: 'default', folder });

const placeOf = async (url: string, databases: Databases): Promise<Place> => {
  const folder = await freshFolder(catalogYaml);
  const ends: { close(): Promise<void> }[] = [];
  return {
    url,
    producer: async () => {
      const end = await producerOn(url, folder);
      ends.push(end);
      return end;
    },
    worker: async (order) => {
      const worker = await workerOn(url, folder, order);
      ends.push({ close: () => worker.stop() });
      return worker;
    },
    settle: () => settle(url),
    verify: (count) => assertFullPrice(url, count),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(ends.map((end) => end.close()));
      await databases.drop(url);
    },
  };
};

/** The installed program. What it did is read from the database, and where moments count from its log. */
const workerOn = async (
  url: string,
  folder: string,
  { slots, tell = false }: WorkerOrder,
): Promise<Worker> => {
  const { onLog, seen } = watchLog();
  const program = await startProgram({
    folder,
    command: 'worker',
    env: { DATABASE_URL: url, WORKER_CONCURRENCY: String(slots) },
    ...(tell ? { onLog } : {}),
  });
  const asked = async (sql: string): Promise<number> => {
    await using database = await observe(url);
    return await database.number(sql);
  };
  return {
    firstAt: () => asked("select min(at) from events where type = 'ExecutionStarted'"),
    allHandled: async () => undefined,
    handled: async () => ({
      count: await asked("select count(*) from runs where status = 'Succeeded'"),
      at: wallMs(),
    }),
    startedAt: async (id) => performance.timeOrigin + (await seen('execution.started', id)),
    rssMb: () => program.rssMb(),
    kill: () => program.kill(),
    stop: () => program.stop(),
  };
};
