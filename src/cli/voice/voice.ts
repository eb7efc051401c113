import { styleText } from 'node:util';
import type { GlobalFlags, Io } from './io.ts';
import { harmless, harmlessJson } from './plain-text.ts';
import type { Problem } from './stop.ts';
import { type Row, table } from './table.ts';

/** How a command answers: data on stdout, talk on stderr. */
export interface Voice {
  readonly json: boolean;
  /** Text that was asked for. */
  readonly data: (text: string) => void;
  /** The one document of `--json`. */
  readonly document: (name: string, data: unknown, warnings?: readonly string[]) => void;
  readonly table: (head: Row, rows: readonly Row[]) => void;
  /** A hint for people; silent with `--quiet` and with `--json`. */
  readonly talk: (text: string) => void;
  readonly fail: (problem: Problem) => void;
  readonly paint: (colour: Colour, text: string) => string;
}

export type Colour = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

export const createVoice = (
  { stdout, stderr, env }: Pick<Io, 'stdout' | 'stderr' | 'env'>,
  { json, color, quiet }: Pick<GlobalFlags, 'json' | 'color' | 'quiet'>,
): Voice => {
  const coloured = color && !env.NO_COLOR && (Boolean(env.FORCE_COLOR) || stdout.isTTY === true);
  return {
    json,
    data: (text) => {
      stdout.write(line(text));
    },
    document: (name, data, warnings = []) => {
      stdout.write(`${harmlessJson({ schema: `textops.${name}/v1`, data, warnings }, 2)}\n`);
    },
    table: (head, rows) => {
      stdout.write(table(head, rows, stdout.isTTY === true));
    },
    talk: (text) => {
      if (!quiet && !json) stderr.write(line(text));
    },
    fail: (problem) => {
      stderr.write(json ? `${harmlessJson(errorDocument(problem))}\n` : line(errorText(problem)));
    },
    paint: (colour, text) => (coloured ? styleText(colour, text, { validateStream: false }) : text),
  };
};

const line = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);

const errorDocument = ({ code, message, hint, runId, lines }: Problem) => ({
  error: {
    code,
    message,
    hint: hint ?? null,
    run_id: runId ?? null,
    ...(lines !== undefined && { problems: lines }),
  },
});

const errorText = ({ message, hint, lines, inFull }: Problem): string =>
  harmless([...(inFull ?? lines ?? [message]), ...(hint === undefined ? [] : [hint])].join('\n'));
