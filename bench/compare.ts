/** What one stage took beside another, turn by turn. */
export interface Compared {
  readonly stage: string;
  /** Of this checkout, to the other. */
  readonly ratio: number;
}

/** More than this is slower, less is noise. */
export const SLOWER_MAX = 1.1;

/** Stages that have become slower. */
export const slowerOf = (compared: readonly Compared[]): readonly Compared[] =>
  compared.filter(({ ratio }) => !(ratio <= SLOWER_MAX));

/** Of many turns, those that nobody disturbed: what takes longer was disturbed, and nothing takes less than it takes. */
export const ratioOf = (own: readonly number[], other: readonly number[]): number =>
  undisturbed(own) / undisturbed(other);

const undisturbed = (samples: readonly number[]): number => {
  const sorted = samples.toSorted((a, b) => a - b);
  const quarter = sorted.slice(0, Math.max(1, Math.floor(sorted.length / 4)));
  return quarter.reduce((sum, one) => sum + one, 0) / quarter.length;
};

/** What a checkout is compared with: where its branch began, on the main branch itself the commit before; undefined if there is none. */
export const baseOf = ({
  head,
  forks,
  parent,
}: {
  readonly head: string | undefined;
  /** Where it left the main branch, elsewhere and here. */
  readonly forks: readonly (string | undefined)[];
  readonly parent: string | undefined;
}): string | undefined => forks.find((fork) => fork !== undefined && fork !== head) ?? parent;
