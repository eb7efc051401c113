import { execFile, spawn } from 'node:child_process';
import { createConnection } from 'node:net';
import { promisify } from 'node:util';
import { freePort } from '../../test/setup/postgres-server.ts';
import { until } from '../measure.ts';
import { accompany, ended, freshFolder } from '../program.ts';

/** `default`: as Debian ships it, snapshots now and then. `fsync always`: every write is on the disk before its answer. */
export const DURABILITY: Readonly<Record<string, readonly string[]>> = {
  default: [],
  'fsync always': ['--appendonly', 'yes', '--appendfsync', 'always'],
};

/** It is no dependency of ours and no npm package has it; where it is not installed, what needs it is left out by name. */
export const hasRedis = async (): Promise<boolean> => {
  try {
    await promisify(execFile)('which', ['redis-server']);
    return true;
  } catch {
    return false;
  }
};

export interface RedisServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** A server of our own on the loopback interface, with an empty folder. */
export const startRedis = async (tuning: string): Promise<RedisServer> => {
  const settings = DURABILITY[tuning];
  if (settings === undefined) throw new Error(`Redis knows no ${tuning}`);
  const folder = await freshFolder();
  const port = await freePort();
  const bound = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const server = spawn('redis-server', [...bound, ...settings], { stdio: 'ignore' });
  accompany(server);
  await until('Redis listens', () => isListening(port));
  return { url: `redis://127.0.0.1:${port}`, stop: () => ended(server, 'SIGKILL') };
};

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    const answer = (listening: boolean): void => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
