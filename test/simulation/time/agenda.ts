/** What is planned, the earliest first, and of the same moment what was planned first. A binary heap. */
export interface Planned {
  readonly at: number;
  readonly order: number;
}

export const agendaOf = <Entry extends Planned>() => {
  const heap: Entry[] = [];
  const swap = (a: number, b: number): void => {
    const [first, second] = [heap[a], heap[b]];
    if (first === undefined || second === undefined) return;
    heap[a] = second;
    heap[b] = first;
  };
  const isSooner = (a: number, b: number): boolean => {
    const [first, second] = [heap[a], heap[b]];
    if (first === undefined || second === undefined) return false;
    return first.at === second.at ? first.order < second.order : first.at < second.at;
  };
  const rise = (from: number): void => {
    let at = from;
    for (let above = (at - 1) >> 1; at > 0 && isSooner(at, above); above = (at - 1) >> 1) {
      swap(at, above);
      at = above;
    }
  };
  const sink = (): void => {
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const child = isSooner(left + 1, left) ? left + 1 : left;
      if (!isSooner(child, at)) return;
      swap(child, at);
      at = child;
    }
  };
  return {
    first: (): Entry | undefined => heap[0],
    add: (entry: Entry): void => {
      heap.push(entry);
      rise(heap.length - 1);
    },
    take: (): Entry | undefined => {
      const [first] = heap;
      const last = heap.pop();
      if (first === undefined || last === undefined || heap.length === 0) return first;
      heap[0] = last;
      sink();
      return first;
    },
  };
};
