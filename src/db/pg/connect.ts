import { type ClientConfig, Pool, types } from 'pg';

/** Settings of every connection; a statement that hangs must not hang a conversation. */
export const clientConfig = (url: string): ClientConfig => ({
  connectionString: url,
  application_name: 'textops',
  connectionTimeoutMillis: 5_000,
  statement_timeout: 5_000,
  lock_timeout: 2_000,
  idle_in_transaction_session_timeout: 10_000,
  keepAlive: true,
  types: { getTypeParser: parserOf },
});

export const connectPool = async (url: string): Promise<Pool> => {
  const pool = new Pool({ ...clientConfig(url), max: 8 });
  // An idle connection that breaks is replaced at the next use, which reports what is still wrong then.
  pool.on('error', () => undefined);
  try {
    await assertDurable(pool);
    return pool;
  } catch (error) {
    await pool.end();
    throw error;
  }
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

const assertDurable = async (pool: Pool): Promise<void> => {
  const { rows } = await pool.query<{ synchronous_commit: string }>('show synchronous_commit');
  if (rows[0]?.synchronous_commit === 'off') {
    throw new Error(
      'PostgreSQL has synchronous_commit = off: a power failure would lose decisions. Turn it on.',
    );
  }
};
