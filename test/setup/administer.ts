import Database from 'better-sqlite3';
import { Client } from 'pg';

/** What an administrator of the database at `url` would ask or do, past the store. The rows are as the statement says. */
export const administer = async <Row>(url: string, statement: string): Promise<readonly Row[]> => {
  // What columns come back is for whoever writes the statement to know.
  if (url.startsWith('file:')) return onSqlite(url.slice('file:'.length), statement) as readonly Row[];
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows as Row[];
  } finally {
    await client.end();
  }
};

const onSqlite = (file: string, statement: string): readonly unknown[] => {
  const db = new Database(file);
  try {
    if (!/^select /i.test(statement)) {
      db.exec(statement);
      return [];
    }
    return db.prepare(statement).all();
  } finally {
    db.close();
  }
};
