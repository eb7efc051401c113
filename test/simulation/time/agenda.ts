/** What is planned, the earliest first, and of the same moment what was planned first. */
export interface Planned {
  readonly at: number;
  readonly order: number;
}

export interface Agenda<Entry extends Planned> {
  readonly first: () => Entry | undefined;
  readonly add: (entry: Entry) => void;
  readonly take: () => Entry | undefined;
}

/** A binary heap: worlds plan and take some thousand entries. */
export const agendaOf = <Entry extends Planned>(): Agenda<Entry> => {
  const heap: Entry[] = [];
  return {
    first: () => heap[0],
    add: (entry) => {
      heap.push(entry);
      rise(heap);
    },
    take: () => {
      const [first] = heap;
      const last = heap.pop();
      if (first === undefined || last === undefined || heap.length === 0) return first;
      heap[0] = last;
      sink(heap);
      return first;
    },
  };
};

const isSooner = (heap: readonly Planned[], a: number, b: number): boolean => {
  const [first, second] = [heap[a], heap[b]];
  if (first === undefined || second === undefined) return false;
  return first.at === second.at ? first.order < second.order : first.at < second.at;
};

const swap = (heap: Planned[], a: number, b: number): void => {
  const [first, second] = [heap[a], heap[b]];
  if (first === undefined || second === undefined) return;
  heap[a] = second;
  heap[b] = first;
};

const rise = (heap: Planned[]): void => {
  let at = heap.length - 1;
  for (let above = (at - 1) >> 1; at > 0 && isSooner(heap, at, above); above = (at - 1) >> 1) {
    swap(heap, at, above);
    at = above;
  }
};

const sink = (heap: Planned[]): void => {
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    const child = isSooner(heap, left + 1, left) ? left + 1 : left;
    if (!isSooner(heap, child, at)) return;
    swap(heap, child, at);
    at = child;
  }
};
