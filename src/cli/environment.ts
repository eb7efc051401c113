import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { GlobalFlags, Io } from './voice/io.ts';
import { Stop } from './voice/stop.ts';

export type ValueSource = 'flag' | 'env' | '.env';

/** The variables of this start, and where each one came from. */
export interface Environment {
  readonly values: Readonly<Record<string, string>>;
  readonly sources: Readonly<Record<string, ValueSource>>;
}

/** A flag wins over the real environment, which wins over `.env`, even when it says "nothing". */
export const readEnvironment = (io: Pick<Io, 'env' | 'cwd'>, flags: GlobalFlags): Environment => {
  const layers: readonly (readonly [ValueSource, Readonly<Record<string, string | undefined>>])[] = [
    ['.env', readEnvFile(io.cwd, flags.envFile)],
    ['env', io.env],
    ['flag', { TEXTOPS_CONFIG: flags.config, DATABASE_URL: flags.db }],
  ];
  const values: Record<string, string> = {};
  const sources: Record<string, ValueSource> = {};
  for (const [source, layer] of layers) {
    for (const [name, value] of Object.entries(layer)) {
      if (value === undefined) continue;
      values[name] = value;
      sources[name] = source;
    }
  }
  return { values, sources };
};

const readEnvFile = (
  cwd: string,
  named: string | undefined,
): Readonly<Record<string, string | undefined>> => {
  try {
    const text = readFileSync(resolve(cwd, named ?? '.env'), 'utf8');
    // Some editors begin with a mark that would become a part of the first name, and nobody could see it.
    return parseEnv(text.replace(/^\u{FEFF}/u, ''));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    // Nobody has to have one; but a file that was asked for by name must be there.
    if (code === 'ENOENT' && named === undefined) return {};
    const message = `${named ?? '.env'}: cannot be read (${code})`;
    throw new Stop({ code: 'BAD_CONFIGURATION', message }, error);
  }
};
