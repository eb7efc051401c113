import { parseArgs } from 'node:util';

const USAGE = `npm run bench:queue -- [--quick] [--rounds N] [--only WORD,WORD…]

  --quick       a smoke run: small enough to see that everything works, too small to believe its figures
  --rounds N    how often everything is measured, in turns (3); what fewer say is not kept
  --only …      words of three kinds, and of each kind at least one has to fit:
                  whose     FAMILIES
                  where     sqlite, postgresql, redis
                  what      METRICS
`;

export interface Options {
  readonly rounds: number;
  /** Whether somebody asked for this one, given all words of its kind. */
  readonly wanted: (kind: readonly string[], one: string) => boolean;
  /** Whether something was left out, so that the figures are not everything that a table owes. */
  readonly partial: boolean;
  /** Whether that very word was written. */
  readonly named: (word: string) => boolean;
}

/** Fewer have no middle. */
const ROUNDS = 3;

export const STORES = ['sqlite', 'postgresql', 'redis'] as const;

/** Answers what the command line asks for; a word that nobody knows ends the program with the usage. */
export const readOptions = (
  argv: readonly string[],
  families: readonly string[],
  metrics: readonly string[],
): Options => {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      only: { type: 'string', default: '' },
    },
  });
  const only = values.only.toLowerCase().split(',').filter(Boolean);
  const usage = USAGE.replace('FAMILIES', families.join(', ')).replace('METRICS', metrics.join(', '));
  const stranger = only.find((word) => ![...families, ...metrics, ...STORES].includes(word));
  if (stranger !== undefined) throw new Error(`--only ${stranger} is nothing that is measured.\n\n${usage}`);
  const rounds = Number(values.rounds ?? (values.quick ? 1 : ROUNDS));
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds takes a whole number.\n\n${usage}`);
  return {
    rounds,
    wanted: (kind, one) => {
      const words = only.filter((word) => kind.includes(word));
      return words.length === 0 || words.includes(one);
    },
    named: (word) => only.includes(word),
    partial: rounds < ROUNDS || only.some((word) => [...families, ...STORES].includes(word)),
  };
};
