import type { Fault } from './faults.ts';
import type { Params } from './wire.ts';

export interface Answer {
  readonly ok: boolean;
  readonly result?: unknown;
  readonly error_code?: number;
  readonly description?: string;
  readonly parameters?: Readonly<Record<string, number>>;
}

export interface Call {
  readonly number: number;
  readonly method: string;
  readonly params: Params;
  /** By the injected clock, in milliseconds. */
  readonly at: number;
  answeredAt?: number;
  /** What the method came to, even when a fault kept it from the caller. */
  answer?: Answer;
  fault?: Fault;
}

export interface Ledger {
  readonly begin: (method: string, params: Params) => Call;
  readonly end: (call: Call, answer: Answer) => void;
  readonly calls: (method?: string) => readonly Call[];
  readonly clear: () => void;
  /** Called after each finished call; returns the way to stop it. */
  readonly onCall: (listener: () => void) => () => void;
}

/** `kept` false leaves the book empty: a benchmark has no use for a million lines. */
export const createLedger = (kept: boolean, now: () => number): Ledger => {
  let calls: Call[] = [];
  let count = 0;
  const listeners = new Set<() => void>();
  return {
    begin: (method, params) => {
      count += 1;
      const call: Call = { number: count, method, params, at: now() };
      if (kept) calls.push(call);
      return call;
    },
    end: (call, answer) => {
      call.answeredAt = now();
      call.answer = answer;
      for (const listener of listeners) listener();
    },
    calls: (method) => (method === undefined ? [...calls] : calls.filter((call) => call.method === method)),
    clear: () => {
      calls = [];
    },
    onCall: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
