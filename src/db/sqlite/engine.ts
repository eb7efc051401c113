import type { Statement } from 'better-sqlite3';
import { persist } from '../commit/persist.ts';
import type { Engine } from '../engine.ts';
import { wakeListeners } from '../listeners.ts';
import type { Param, Step, Steps } from '../steps.ts';
import type { Connection } from './connect.ts';
import { sqliteFault } from './faults.ts';
import { watchOthers } from './watch-others.ts';

/** Runs steps on one connection. A transaction never waits for anything, so no two of a process can mix. */
export const sqliteEngine = (db: Connection, clock: () => number): Engine => {
  const listeners = wakeListeners();
  const step = stepRunner(db);
  const drive = <T>(steps: Steps<T>): T => {
    let turn = steps.next([]);
    while (turn.done !== true) turn = steps.next(step(turn.value));
    return turn.value;
  };
  const begin = db.prepare('begin immediate');
  const commit = db.prepare('commit');
  const rollback = db.prepare('rollback');
  const transact = <T>(work: () => Steps<T>): T => {
    // Immediate, because a transaction that began by reading cannot wait for the right to write.
    begin.run();
    try {
      const result = drive(work());
      commit.run();
      return result;
    } catch (error) {
      // A full disk has rolled it back already.
      if (db.inTransaction) rollback.run();
      throw error;
    }
  };
  let watch: ReturnType<typeof watchOthers> | undefined;
  return {
    kind: 'sqlite',
    read: (work) => persist(async () => drive(work()), sqliteFault),
    write: (work) => persist(async (after) => transact(() => work(after)), sqliteFault),
    now: async () => clock(),
    present: () => ({ sql: '$1', value: clock() }),
    wake: (what) => what.forEach(listeners.tell),
    onWake: (listener) => {
      watch ??= watchOthers(db, listeners.tell);
      return listeners.add(listener);
    },
    close: async () => {
      watch?.stop();
      db.close();
    },
  };
};

const stepRunner = (db: Connection): ((step: Step) => readonly unknown[]) => {
  const prepared = new Map<string, Statement>();
  const statement = (text: string, translated: () => string): Statement => {
    const known = prepared.get(text);
    if (known !== undefined) return known;
    const made = db.prepare(translated());
    prepared.set(text, made);
    return made;
  };
  return (step) => {
    if (step.kind === 'rows') {
      const found = statement(step.sql, () => translate(step.sql));
      const named = bound(step.params);
      if (found.reader) return found.all(named);
      found.run(named);
      return [];
    }
    const found = statement(step.many.sqlite, () => step.many.sqlite);
    if (found.reader) return step.rows.flatMap((row) => found.all(...row));
    for (const row of step.rows) found.run(...row);
    return [];
  };
};

/** SQLite has no arrays and no row locks; its one writer holds everything anyway. */
const translate = (sql: string): string =>
  sql
    .replaceAll(/= any\(\$(\d+)\)/g, 'in (select value from json_each($$$1))')
    .replaceAll(/<> all\(\$(\d+)\)/g, 'not in (select value from json_each($$$1))')
    .replaceAll(/for (?:update( of \w+)?( skip locked)?|share)/g, '');

/** `$1` is a parameter of the name "1". */
const bound = (params: readonly Param[]): Record<string, string | number | null> =>
  Object.fromEntries(
    params.map((param, index) => [
      index + 1,
      // The check narrows away the read-only arrays that `Array.isArray` does not see.
      typeof param === 'object' && param !== null ? JSON.stringify(param) : param,
    ]),
  );
