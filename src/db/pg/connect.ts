import { Socket } from 'node:net';
import { type ClientBase, type ClientConfig, Pool, type PoolClient, types } from 'pg';
import { RETRIES } from '../../core/time/retries.ts';
import { within } from '../../loops/rest.ts';

/** Settings of every connection. */
export const clientConfig = (url: string): ClientConfig => ({
  connectionString: url,
  application_name: 'textops',
  connectionTimeoutMillis: RETRIES.databaseGone.connectMsMax,
  keepAlive: true,
  types: { getTypeParser: parserOf },
});

/** A statement that hangs must not hang a conversation. The server watches over these. */
const limits = {
  statement_timeout: 5_000,
  lock_timeout: 2_000,
  idle_in_transaction_session_timeout: 10_000,
};
export interface PoolLimits {
  /** A server that says nothing at all, because the network swallows everything, is given up by ourselves. */
  readonly answerMs: number;
}

export interface Connected {
  readonly pool: Pool;
  readonly close: () => Promise<void>;
}

/** Throws one sentence when the server, or what stands before it, could not keep what we promise. */
export const connectPool = async (url: string, given: Partial<PoolLimits> = {}): Promise<Connected> => {
  const sockets = socketsThatEnd();
  const pool = new Pool({
    ...clientConfig(url),
    stream: sockets.open,
    max: 8,
    pipeline: true,
    query_timeout: given.answerMs ?? RETRIES.databaseGone.tryMsMax,
    // The pool waits for the answer, which its types do not say.
    // oxlint-disable-next-line typescript/no-misused-promises
    onConnect: tellLimits,
  });
  // A connection that breaks while nobody waits for an answer is replaced at the next use, which reports what is still
  // wrong then.
  pool.on('error', () => undefined);
  // The pool listens to idle connections only. The server's last words may stand right behind the answer that frees one for
  // somebody who waits, so that they are heard before that one could listen, and an error without a listener ends the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const close = (): Promise<void> => sockets.end(pool.end());
  try {
    await assertFit(pool);
    return { pool, close };
  } catch (error) {
    await close();
    throw error;
  }
};

/** A network that swallows everything swallows a farewell, too; after a moment we leave without an answer to it. */
const socketsThatEnd = () => {
  const all = new Set<Socket>();
  return {
    open: (): Socket => {
      const socket = new Socket();
      all.add(socket.once('close', () => all.delete(socket)));
      return socket;
    },
    end: async (farewell: Promise<void>): Promise<void> => {
      await within(farewellMs, farewell);
      for (const socket of all) socket.destroy();
    },
  };
};

const farewellMs = 1_000;

/** Told after the connection is made, because poolers refuse such settings at their door. */
const tellLimits = async (client: ClientBase): Promise<void> => {
  const settings = Object.entries(limits).map(([name, ms]) => `set ${name} = ${ms}`);
  await client.query(settings.join('; '));
};

const int8 = 20;
const json = 114;
const jsonb = 3802;

/** Milliseconds and counts fit into a number; JSON stays text, as it does on SQLite, and is read by the codec. */
const parserOf: typeof types.getTypeParser = (oid: number, format?: unknown) => {
  if (oid === int8) return Number;
  if (oid === json || oid === jsonb) return String;
  // The driver's own signature is split by format; handing both on is what its default does.
  return types.getTypeParser(oid, format as 'text');
};

const assertFit = async (pool: Pool): Promise<void> => {
  const [one, other] = await Promise.all([pool.connect(), pool.connect()]);
  try {
    await assertDurable(one);
    await assertOwnSession(one, other);
  } finally {
    one.release();
    other.release();
  }
};

const assertDurable = async (client: PoolClient): Promise<void> => {
  const { rows } = await client.query<{ synchronous_commit: string }>('show synchronous_commit');
  if (rows[0]?.synchronous_commit === 'off') {
    throw new Error(
      'PostgreSQL has synchronous_commit = off: a power failure would lose decisions. Turn it on.',
    );
  }
};

/**
 * A pooler that hands out sessions by the transaction would lose our settings and listening, mix up prepared statements and
 * keep the lock of a migration for ever. While one connection is in a transaction, the other one shows whether both keep
 * what is theirs.
 */
const assertOwnSession = async (one: PoolClient, other: PoolClient): Promise<void> => {
  const before = await backendOf(one);
  // Without a pooler the server itself told its number at the login. Behind a busy one a single look may see nothing.
  const looks = before === idOf(one) ? 1 : looksMax;
  for (let look = 0; look < looks; look += 1) {
    await other.query('begin');
    const others = await backendOf(other);
    const now = await backendOf(one);
    await other.query('commit');
    if (now === before && others !== before) continue;
    throw new Error(
      'A pooler gives each transaction another session of PostgreSQL; TextOps needs its own. ' +
        'Connect directly, or set the pooler to pool_mode = session.',
    );
  }
};

const looksMax = 10;

const backendOf = async (client: PoolClient): Promise<number | undefined> => {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid;
};

/** The driver keeps it on the client without declaring it. */
export const idOf = (client: unknown): number => (client as { processID: number }).processID;
