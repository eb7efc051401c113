import type { Contender } from './contender.ts';

export interface Column {
  readonly key: string;
  readonly title: string;
  /** Figures of one's own need no comparison with ours. */
  readonly compared: boolean;
}

export interface Measured {
  /** By the keys of the columns. */
  readonly figures: Readonly<Record<string, number>>;
  /** Columns whose queue was stopped before it was through. */
  readonly cut?: readonly string[];
}

export interface Metric {
  /** The word for it on the command line. */
  readonly name: string;
  readonly title: string;
  readonly columns: readonly Column[];
  /** One round. A string says why there is nothing to measure. */
  readonly measure: (contender: Contender) => Promise<Measured | string>;
  readonly notes: readonly string[];
  /** Whose it is; without it everybody's who works on jobs. */
  readonly takes?: (contender: Contender) => boolean;
  /** Only when it is asked for by name, and once: it takes long to prepare. */
  readonly onRequest?: boolean;
}

export const compared = (key: string, title: string): Column => ({ key, title, compared: true });
export const alone = (key: string, title: string): Column => ({ key, title, compared: false });
