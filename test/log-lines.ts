import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Observe } from '../src/core/ports/observe.ts';
import { logObservations } from '../src/telemetry/log.ts';
import { WrittenRecord } from '../src/telemetry/record.ts';

/**
 * Every line of every log that a test writes is held against the one schema. What does not fit is kept here, because whoever
 * writes a line must not notice; after each test `test/setup/log-lines.ts` asks whether there is any.
 */
const badLines: string[] = ((globalThis as Record<symbol, unknown>)[Symbol.for('textops bad log lines')] ??=
  []) as string[];

export const takeBadLines = (): readonly string[] => badLines.splice(0);

/** Why a line is no record; undefined for one that is. */
const faultOf = (line: string): string | undefined => {
  try {
    const { error } = WrittenRecord.safeParse(JSON.parse(line));
    return (
      error &&
      `${error.issues.map(({ path, message }) => `${path.join('.')}: ${message.slice(0, 100)}`).join('; ')} in ${line}`
    );
  } catch {
    return `no JSON: ${line}`;
  }
};

const faultsIn = (text: string): readonly string[] =>
  text.split('\n').flatMap((line) => (line === '' ? [] : (faultOf(line) ?? [])));

/** Writes what it is told into a log as well, down to the last level. */
export const logged = (observe: Observe): Observe => {
  const log = logObservations({
    level: 'trace',
    format: 'json',
    secrets: [],
    version: '1.0.0',
    component: 'test',
    installation: () => 'a test',
    destination: { write: (line) => badLines.push(...faultsIn(line)) },
  });
  return (observation) => {
    log(observation);
    observe(observation);
  };
};

/** What is wrong with the log that a program has kept in its folder, the files that were put aside included. */
export const faultsOfLogIn = async (folder: string): Promise<readonly string[]> => {
  const place = join(folder, 'data', 'logs');
  const names = await readdir(place).catch(() => []);
  const texts = await Promise.all(
    names.filter((name) => name.startsWith('textops.log')).map((name) => readFile(join(place, name), 'utf8')),
  );
  return texts.flatMap(faultsIn);
};
