/** So many places for each name; whoever comes when all are taken gets that of whoever came first. */
export interface Places {
  take(name: string): Place;
}

export interface Place {
  /** Somebody else has it now. */
  readonly taken: AbortSignal;
  leave(): void;
}

export const places = (max: number): Places => {
  const held = new Map<string, readonly AbortController[]>();
  return {
    take: (name) => {
      const own = new AbortController();
      const all = [...(held.get(name) ?? []), own];
      held.set(name, all.slice(-max));
      for (const oldest of all.slice(0, -max)) oldest.abort();
      return {
        taken: own.signal,
        leave: () => {
          const left = (held.get(name) ?? []).filter((one) => one !== own);
          if (left.length === 0) held.delete(name);
          else held.set(name, left);
        },
      };
    },
  };
};
