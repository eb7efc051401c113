/**
 * What may go wrong with one call. `before` means the call had no effect, `after` that only its answer is
 * lost: drop closes the socket, hang never answers. Truncated sends half of the JSON though the call took
 * effect, a status answers without effect, a delay acts and answers late.
 */
export type Fault =
  | 'drop_before'
  | 'drop_after'
  | 'hang_before'
  | 'hang_after'
  | 'truncated'
  | { readonly status: number }
  | { readonly delayMs: number };

export interface Faults {
  /** The next `times` calls of the method ('*' is any) meet this fault; several orders queue up. */
  readonly next: (method: string, fault: Fault, times?: number) => void;
  readonly clear: () => void;
  readonly take: (method: string) => Fault | undefined;
}

interface Order {
  readonly method: string;
  readonly fault: Fault;
  left: number;
}

export const createFaults = (): Faults => {
  let orders: Order[] = [];
  return {
    next: (method, fault, times = 1) => {
      orders.push({ method: method.toLowerCase(), fault, left: times });
    },
    clear: () => {
      orders = [];
    },
    take: (method) => {
      if (orders.length === 0) return undefined;
      const called = method.toLowerCase();
      const order = orders.find((candidate) => candidate.method === '*' || candidate.method === called);
      if (order === undefined) return undefined;
      order.left -= 1;
      if (order.left <= 0) orders = orders.filter((candidate) => candidate !== order);
      return order.fault;
    },
  };
};
