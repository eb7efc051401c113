import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { runCli } from '../../src/cli/cli.ts';
import type { Io } from '../../src/cli/voice/io.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { GENESIS, link } from '../../src/core/runs/chain.ts';
import type { RequestCommand, RunCommand } from '../../src/core/runs/command.ts';
import { decide } from '../../src/core/runs/decide.ts';
import type { RunEvent } from '../../src/core/runs/event.ts';
import { fold } from '../../src/core/runs/evolve.ts';
import { openStore } from '../../src/db/open.ts';

export interface Answered {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A folder of its own with a command line in it. */
export const cliBench = async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'textops-cli-'));
  onTestFinished(() => rm(cwd, { recursive: true }));
  const run = async (argv: readonly string[], more: Partial<Io> = {}): Promise<Answered> => {
    const out: string[] = [];
    const err: string[] = [];
    const code = await runCli({
      argv,
      env: {},
      stdout: { write: (text) => out.push(text) },
      stderr: { write: (text) => err.push(text) },
      stdin: Readable.from([]),
      cwd,
      now: Date.now,
      ...more,
    });
    return { code, out: out.join(''), err: err.join('') };
  };
  return {
    cwd,
    run,
    textops: (...argv: readonly string[]) => run(argv),
    /** The document of `--json`. */
    document: async (
      ...argv: readonly string[]
    ): Promise<{ schema: string; data: unknown; warnings: unknown }> =>
      // What is wrong with it, the expectations find out.
      JSON.parse((await run([...argv, '--json'])).out) as {
        schema: string;
        data: unknown;
        warnings: unknown;
      },
    /** Works in the database that the commands look into. */
    inStore: <T>(work: (store: Store) => Promise<T>): Promise<T> => inStore(cwd, work),
  };
};

export const databaseFile = (cwd: string): string => join(cwd, 'data', 'textops.db');

const inStore = async <T>(cwd: string, work: (store: Store) => Promise<T>): Promise<T> => {
  const store = await openStore({ url: `file:${databaseFile(cwd)}` });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
};

/** Stores a run that these commands lead to, one after the other. */
export const seedRun = async (
  store: Store,
  request: RequestCommand,
  ...commands: readonly RunCommand[]
): Promise<void> => {
  const { runId, at } = request;
  const events = [request, ...commands].reduce<readonly RunEvent[]>((history, command) => {
    const decision = decide(fold(history, runId), command);
    if (!decision.ok) throw new Error(`${command.type} was refused: ${decision.refusal.why}`);
    return [...history, ...decision.events];
  }, []);
  const state = fold(events, runId);
  if (state.status === 'absent') throw new Error('these commands make no run');
  const linked = link(runId, { seq: 0, hash: GENESIS }, events);
  const [outcome] = await store.runs.commit([
    { run: { state, expectedVersion: 0, events: linked }, queue: [], outbox: [], at },
  ]);
  if (outcome !== 'committed') throw new Error(`the run was not stored: ${String(outcome)}`);
};
