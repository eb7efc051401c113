import { once } from 'node:events';
import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Writable } from 'node:stream';
import { exportHistory } from '../../core/flows/history/export-history.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { Stop } from '../voice/stop.ts';

export interface ExportOptions {
  readonly since?: (now: number) => number;
  readonly out?: string;
}

/** `textops audit export`: the history as a stranger can check it, without us and without the database. */
export const auditExport = async (context: CliContext, { since, out }: ExportOptions): Promise<ExitCode> => {
  const { io, voice, withStore } = context;
  await withStore(async (store) => {
    const from = since?.(await store.now());
    const texts = exportHistory(store.history, from);
    if (out !== undefined) await intoFile(resolve(io.cwd, out), texts);
    else for await (const text of texts) await written(io.stdout, text);
  });
  if (out !== undefined) voice.talk(`Written to ${out}; docs/verify/verify.py checks it.`);
  return EXIT.done;
};

/** The name is there when the export is whole. */
const intoFile = async (path: string, texts: AsyncIterable<string>): Promise<void> => {
  const part = `${path}.part`;
  const unwritable = (error: unknown): never => {
    throw new Stop({ code: 'FAILED', message: `${path} cannot be written: ${wordsOf(error)}` }, error);
  };
  const file = await open(part, 'w', 0o600).catch(unwritable);
  try {
    for await (const text of texts) await file.write(text);
    await file.sync();
    await rename(part, path).catch(unwritable);
  } finally {
    await file.close();
    await rm(part, { force: true });
  }
};

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A pipe that is read slowly must not fill our memory. */
const written = async (to: CliContext['io']['stdout'], text: string): Promise<void> => {
  if (to.write(text) === false && to instanceof Writable) await once(to, 'drain');
};
