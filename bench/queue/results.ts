import { type Rounds, roundsOf } from '../measure.ts';
import { type Machine, machine } from '../report.ts';
import type { Contender, StoreKind } from './contender.ts';
import type { Column, Measured, Metric } from './metric.ts';

/** Everything that was measured, by contender, one entry a round. */
export type Taken = ReadonlyMap<Contender, readonly (Measured | string)[]>;

/** What one metric came to; this is what is kept, and every table is made from it. */
export interface Result extends Machine {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rounds: number;
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
}

export interface Row {
  readonly name: string;
  /** Why it was not measured. */
  readonly without?: string;
  readonly figures: Readonly<Record<string, Figure>>;
}

export interface Figure extends Rounds {
  /** It was stopped before it was through, in one round at least. */
  readonly cut: boolean;
  /** Ours ÷ this, round by round, because neighbours in time had the same neighbours on the machine. */
  readonly ratio?: Rounds;
}

export const resultOf = (metric: Metric, all: Taken): Result => {
  const { title, columns, notes } = metric;
  const ours = new Map<StoreKind, readonly (Measured | string)[]>();
  for (const [{ family, store, traits }, rounds] of all) {
    if (family === 'ours' && traits.length === 0) ours.set(store, rounds);
  }
  const rows = [...all].map(([contender, rounds]): Row => {
    const { name, store, family } = contender;
    // A peer on Redis would be taken instead of ours on a server, too.
    const rivals = family === 'ours' ? undefined : ours.get(store === 'Redis' ? 'PostgreSQL' : store);
    const measured = rounds.filter((round) => typeof round !== 'string');
    const [without] = rounds.filter((round) => typeof round === 'string');
    return {
      name,
      ...(without === undefined ? {} : { without }),
      figures: figuresOf(columns, measured, rivals),
    };
  });
  return {
    ...machine(),
    title,
    columns,
    rounds: Math.max(...[...all.values()].map((one) => one.length)),
    rows,
    notes,
  };
};

const figuresOf = (
  columns: readonly Column[],
  measured: readonly Measured[],
  rivals: readonly (Measured | string)[] = [],
): Row['figures'] => {
  const figures: Record<string, Figure> = {};
  for (const { key, compared } of columns) {
    const values = measured.flatMap((round) => round.figures[key] ?? []);
    if (values.length === 0) continue;
    const ratios = values.flatMap((value, round) => {
      const rival = rivals[round];
      const theirs = rival === undefined || typeof rival === 'string' ? undefined : rival.figures[key];
      return theirs === undefined ? [] : [theirs / value];
    });
    figures[key] = {
      ...roundsOf(values),
      cut: measured.some(({ cut }) => cut?.includes(key)),
      ...(compared && ratios.length > 0 ? { ratio: roundsOf(ratios) } : {}),
    };
  }
  return figures;
};
