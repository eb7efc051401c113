import Database from 'better-sqlite3';
import type { Wake } from '../../../src/core/ports/store.ts';
import { type After, persist } from '../../../src/db/commit/persist.ts';
import type { Engine } from '../../../src/db/engine.ts';
import { CommitUnknown } from '../../../src/db/fault.ts';
import { sqliteEngine } from '../../../src/db/sqlite/engine.ts';
import type { Steps } from '../../../src/db/steps.ts';
import { gone, type Passage } from './passage.ts';
import { isUp, type Program, trouble, type World } from './world.ts';

export interface EngineParts {
  readonly world: World;
  readonly program: Program;
  readonly passage: Passage;
  readonly wake: (from: Program, what: readonly Wake[]) => void;
  /** Is told after every transaction, whatever became of it. */
  readonly onTransaction: () => void;
  readonly freeze: () => void;
}

/**
 * The program's connection to the one database of the world: the real engine on real SQLite, and on the way there and back
 * whatever a database and a network can do to a transaction.
 */
export const engineOf = (parts: EngineParts): Engine => {
  const { world, program, passage } = parts;
  const real = sqliteEngine(world.db, world.clock);
  return {
    kind: 'sqlite',
    read: async (work) => {
      await passage.hop();
      return real.read(function* () {
        refuse(world, program, 'read');
        return yield* work();
      });
    },
    // SQLite cannot lose the answer to a COMMIT and a network can: hence the same persistence once more around it.
    write: (work) =>
      persist(
        (after) => transaction(parts, real, work, after),
        () => 'other',
      ),
    now: async () => {
      if (world.dice.ports.chance(0.1)) await passage.hop();
      return world.clock();
    },
    present: () => real.present(),
    wake: (what) => parts.wake(program, what),
    onWake: (listener) => {
      program.listeners.add(listener);
      return () => void program.listeners.delete(listener);
    },
    // The database outlives every program.
    close: () => Promise.resolve(),
  };
};

const transaction = async <T>(
  { world, program, passage, onTransaction, freeze }: EngineParts,
  real: Engine,
  work: (after: After) => Steps<T>,
  after: After,
): Promise<T> => {
  await passage.hop();
  if (passage.dies('crash before begin')) return gone();
  const before = world.changes();
  try {
    const result = await real.write(function* (inner) {
      refuse(world, program, 'write');
      const done = yield* mortal(world, passage, work(after === 'unknown' ? after : inner));
      if (world.strikes('commit unknown, undone')) throw lostAnswer();
      return done;
    });
    onTransaction();
    // Most transactions find nothing to do; what matters are the others.
    if (world.changes() !== before) {
      if (passage.dies('crash after commit')) return gone();
      if (world.strikes('frozen after commit')) freeze();
      if (world.strikes('commit unknown, done')) throw lostAnswer();
    }
    await passage.hop();
    return result;
  } catch (error) {
    onTransaction();
    if (!isUp(program)) return gone();
    throw error;
  }
};

const lostAnswer = (): CommitUnknown => new CommitUnknown(new Error('the connection broke'));

/** How many statements a transaction may have; the process dies before one of them, or before COMMIT. */
const STATEMENTS = 24;

function* mortal<T>(world: World, passage: Passage, steps: Steps<T>): Steps<T> {
  const last = world.dice.ports.below(2 * STATEMENTS);
  let turn = steps.next([]);
  for (let count = 0; turn.done !== true; count += 1) {
    if (count === last && passage.dies('crash before commit')) throw new Error('the process died');
    turn = steps.next(yield turn.value);
  }
  if (last >= STATEMENTS && passage.dies('crash before commit')) throw new Error('the process died');
  return turn.value;
}

/** What the database itself says no to. */
const refuse = (world: World, program: Program, what: 'read' | 'write'): void => {
  const now = world.time.now();
  if (now < world.awayUntil) {
    trouble(world, program);
    throw new Database.SqliteError('database is locked', 'SQLITE_BUSY');
  }
  if (what === 'read') return;
  if (now < world.fullUntil) {
    trouble(world, program);
    throw new Database.SqliteError('database or disk is full', 'SQLITE_FULL');
  }
  if (world.strikes('database busy')) throw new Database.SqliteError('database is locked', 'SQLITE_BUSY');
};
