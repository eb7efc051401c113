import { agendaOf } from './agenda.ts';

/**
 * Whose timer it is. The timers of somebody frozen ring when it is thawed, as those of a stopped process do; those of
 * somebody dead never ring.
 */
export interface Owner {
  readonly name: string;
  state: 'alive' | 'frozen' | 'dead';
}

/** The world itself, which never stops. */
export const NOBODY: Owner = { name: 'world', state: 'alive' };

export interface Timer {
  at: number;
  order: number;
  readonly owner: Owner;
  readonly act: () => void;
  cancelled: boolean;
}

export interface VirtualTime {
  /** Milliseconds since the world began; monotonic, whatever the clock of the database says. */
  readonly now: () => number;
  /** Plans an act for whoever acts at this moment, or for `owner`. */
  readonly after: (ms: number, act: () => void, owner?: Owner) => Timer;
  readonly thaw: (owner: Owner) => void;
  /** Everything due meanwhile rings late, as after a machine was suspended. */
  readonly leap: (ms: number) => void;
  /** Lets time pass until `end`, or until `isOver` says so. One act at a time, each with everything that follows at once. */
  readonly pass: (end: number, isOver?: () => boolean) => Promise<void>;
}

/** The real one, before anything is replaced. */
const soon = setImmediate;

/**
 * The one queue of everything that happens: timers, answers of ports, what people do. Between two acts all promises
 * settle, so the order of acts is the only order there is, and a seed decides it.
 */
export const virtualTime = (): VirtualTime => {
  const plans = newPlans();
  let time = 0;
  let acting = NOBODY;
  const actOne = (timer: Timer): void => {
    time = Math.max(time, timer.at);
    acting = timer.owner;
    timer.act();
  };
  const pass: VirtualTime['pass'] = (end, isOver = () => false) =>
    inTurns(() => {
      acting = NOBODY;
      if (isOver()) return 'over';
      const next = plans.due(end);
      if (next === undefined) time = Math.max(time, end);
      else actOne(next);
      return next === undefined ? 'over' : 'more';
    });
  return {
    now: () => time,
    after: (ms, act, owner = acting) =>
      plans.add({ at: time + Math.max(0, ms), order: 0, owner, act, cancelled: false }),
    thaw: (owner) => plans.thaw(owner, time),
    leap: (ms) => {
      time += ms;
    },
    pass,
  };
};

/** One turn after the other; whatever a turn sets off has settled before the next one. */
const inTurns = (turn: () => 'more' | 'over'): Promise<void> =>
  new Promise((resolve, reject) => {
    const next = (): void => {
      try {
        if (turn() === 'over') resolve();
        else soon(next);
      } catch (error) {
        reject(error);
      }
    };
    soon(next);
  });

/** What will happen, and what would have happened to those who are frozen. */
const newPlans = () => {
  const agenda = agendaOf<Timer>();
  const frozen: Timer[] = [];
  let planned = 0;
  const add = (timer: Timer): Timer => {
    planned += 1;
    timer.order = planned;
    agenda.add(timer);
    return timer;
  };
  return {
    add,
    due: (end: number): Timer | undefined => {
      for (let next = agenda.first(); next !== undefined && next.at <= end; next = agenda.first()) {
        agenda.take();
        if (next.cancelled || next.owner.state === 'dead') continue;
        if (next.owner.state !== 'frozen') return next;
        frozen.push(next);
      }
      return undefined;
    },
    thaw: (owner: Owner, at: number): void => {
      owner.state = 'alive';
      for (const timer of frozen.splice(0)) {
        // The same object, because whoever set it may still cancel it.
        if (timer.owner === owner) add(Object.assign(timer, { at }));
        else frozen.push(timer);
      }
    },
  };
};
