import { alone, catalog, DEV, FILES, GROUP, ROLES, WHO } from './cast.ts';
import { mayDecide } from './rights.ts';
import { type Job, MINUTE, type Move, type Run, type Steer, type Verb, WAIT, type World } from './world.ts';

// A history as plain data: numbers that mean something in any world, so that it shrinks and can be kept.

export type Step =
  | { readonly do: 'ask'; readonly who: number; readonly job: number; readonly chat: number }
  | {
      readonly do: 'say';
      readonly verb: Verb;
      readonly who: number;
      readonly run: number;
      readonly chat: number;
    }
  /** A yes that was written before the run asked, as after an outage of the provider. */
  | { readonly do: 'late'; readonly who: number; readonly run: number; readonly ms: number }
  | {
      readonly do: 'press';
      readonly verb: Verb;
      readonly who: number;
      readonly run: number;
      readonly old: number;
    }
  /** In a conversation where some run was asked for. */
  | { readonly do: 'bare'; readonly verb: 'yes' | 'no'; readonly who: number; readonly run: number }
  | { readonly do: 'again' | 'claim' | 'house' | 'alive' }
  | { readonly do: 'begin'; readonly lease: number }
  | { readonly do: 'beat'; readonly lease: number }
  | { readonly do: 'finish'; readonly lease: number; readonly how: 'ok' | 'failed' | 'interrupted' }
  | { readonly do: 'pass'; readonly ms: number }
  /** To the moment of a deadline, or a millisecond beside it. */
  | { readonly do: 'reach'; readonly which: number; readonly off: -1 | 0 | 1 }
  | { readonly do: 'people'; readonly who: number; readonly roles: number }
  | { readonly do: 'edit'; readonly job: number; readonly like: number }
  | { readonly do: 'swap'; readonly files: number }
  /** Whatever brings that run on from where it is. */
  | { readonly do: 'on'; readonly run: number; readonly luck: number }
  | {
      readonly do: 'together';
      readonly run: number;
      readonly acts: readonly { readonly what: number; readonly who: number }[];
      readonly order: readonly number[];
    };

const pick = <T>(list: readonly T[], at: number): T | undefined => list[at % Math.max(1, list.length)];
const jobAt = (at: number): string => pick(catalog, at)?.key ?? '';
const who = (at: number): string => pick(WHO, at) ?? 'ana';

/** What the step means here and now, one after the other; nothing when it means nothing. */
export const movesOf = (world: World, step: Exclude<Step, { do: 'together' }>): readonly Move[] => {
  const { at, runs } = world;
  switch (step.do) {
    case 'ask': {
      const name = who(step.who);
      return [{ do: 'ask', who: name, chat: place(step.chat, name), job: jobAt(step.job) }];
    }
    case 'say':
    case 'press':
    case 'late':
      return spoken(world, step);
    case 'bare':
      return [
        { do: 'steer', verb: step.verb, who: who(step.who), chat: pick(runs, step.run)?.chat ?? GROUP },
      ];
    case 'begin':
    case 'beat':
    case 'finish':
      return world.leases === 0 ? [] : [{ ...step, lease: step.lease % world.leases }];
    case 'pass':
      return [{ do: 'change', to: { at: at + step.ms } }];
    case 'reach': {
      const moment = pick(
        deadlines(runs).filter((one) => one > at),
        step.which,
      );
      return moment === undefined ? [] : [{ do: 'change', to: { at: Math.max(at, moment + step.off) } }];
    }
    case 'alive':
      return [{ do: 'change', to: { beatAt: at } }];
    case 'people': {
      const roles = pick(ROLES, step.roles);
      const { [who(step.who)]: _, ...others } = world.people;
      const people = roles === undefined ? others : { ...others, [who(step.who)]: roles };
      return [{ do: 'change', to: { people } }];
    }
    case 'edit':
      return [{ do: 'change', to: { jobs: edited(world, step) } }];
    case 'swap':
      return [{ do: 'change', to: { files: pick(FILES, step.files) ?? 'a' } }];
    case 'on': {
      // What is over is revived now and then; otherwise every story would be about its dead.
      const alive = runs.filter(({ until, lease, status }) => until ?? lease ?? status === 'Dispatching');
      const run = pick(step.luck % 5 === 4 || alive.length === 0 ? runs : alive, step.run);
      if (run === undefined)
        return [{ do: 'ask', who: 'ana', chat: place(step.luck, 'ana'), job: jobAt(step.run) }];
      return onward(world, runs.indexOf(run), run, step.luck);
    }
    case 'again':
    case 'claim':
    case 'house':
      return [{ do: step.do }];
  }
};

const place = (chat: number, name: string): string => pick([GROUP, alone(name), DEV], chat) ?? GROUP;

const deadlines = (runs: readonly Run[]): readonly number[] =>
  runs.flatMap(({ until = 0, lease, notBefore }) => [until, lease?.until ?? 0, notBefore]);

const spoken = (world: World, step: Extract<Step, { do: 'say' | 'press' | 'late' }>): readonly Move[] => {
  const run = pick(world.runs, step.run);
  if (run === undefined) return [];
  const base = { do: 'steer', who: who(step.who), run: world.runs.indexOf(run) } as const;
  if (step.do === 'say') return [{ ...base, verb: step.verb, chat: place(step.chat, base.who) }];
  const { epoch, askedAt } = run;
  if (step.do === 'late')
    return [{ ...base, verb: 'yes', chat: alone(base.who), sentAt: askedAt - 1000 - step.ms }];
  return [{ ...base, verb: step.verb, chat: GROUP, button: Math.max(1, epoch - step.old) }];
};

/** One job becomes like another one, or leaves the catalog; a dev door would invent what is missing. */
const edited = ({ jobs, dev }: World, step: Extract<Step, { do: 'edit' }>): readonly Job[] => {
  const key = jobAt(step.job);
  const like = pick(dev ? catalog : [...catalog, undefined], step.like);
  const others = jobs.filter((job) => job.key !== key);
  return like === undefined ? others : [...others, { ...like, key }];
};

const onward = (world: World, index: number, run: Run, luck: number): readonly Move[] => {
  const { job, status, lease, notBefore } = run;
  const say = (name: string, verb: Verb): Steer => ({
    do: 'steer',
    verb,
    who: name,
    chat: alone(name),
    run: index,
  });
  const wait: readonly Move[] = notBefore > world.at ? [{ do: 'change', to: { at: notBefore } }] : [];
  switch (status) {
    case 'AwaitingApproval': {
      const people = Object.entries(world.people).filter(([id, roles]) => mayDecide(job, { id, roles }));
      const free = people.filter(([name]) => name !== run.by && !run.votes.some((vote) => vote.id === name));
      return [say(pick(free, luck)?.[0] ?? 'bob', luck % 8 === 7 ? 'no' : 'yes')];
    }
    case 'Approved':
      return [{ do: 'change', to: { beatAt: world.at } }, say(run.by.replace('dev:', ''), 'resume')];
    case 'Dispatching':
      return lease === undefined ? [...wait, { do: 'claim' }] : [{ do: 'begin', lease: lease.id }];
    case 'Running':
      if (luck % 6 === 5) {
        const gone = Math.max(world.at, (lease?.until ?? 0) + 1);
        const next =
          luck % 12 === 11 ? say(run.by.replace('dev:', ''), 'recover') : ({ do: 'house' } as const);
        return [{ do: 'change', to: { at: gone } }, next];
      }
      return [
        {
          do: 'finish',
          lease: lease?.id ?? 0,
          how: pick(['ok', 'failed', 'failed', 'interrupted'], luck) ?? 'ok',
        },
      ];
    case 'Succeeded':
    case 'Failed':
    case 'Denied':
    case 'Canceled':
    case 'Expired':
      return [say(run.by.replace('dev:', ''), 'recover')];
  }
};

/** About one run, each from a place of their own, so that nothing but the database puts them in order. */
export const atOnce = (world: World, step: Extract<Step, { do: 'together' }>): readonly Move[] => {
  const run = pick(world.runs, step.run);
  if (run === undefined) return [];
  const index = world.runs.indexOf(run);
  const moves = step.acts.map(({ what, who: name }): Move => {
    const person = { do: 'steer', who: who(name), chat: alone(who(name)), run: index } as const;
    const verb = pick(['yes', 'yes', 'no', 'cancel', 'recover', 'resume'] as const, what);
    if (what % 10 < 6 && verb !== undefined) return { ...person, verb };
    if (what % 10 === 6) return { ...person, verb: 'yes', button: run.epoch };
    if (what % 10 === 7) return { do: 'house' };
    const lease = run.lease?.id ?? 0;
    if (run.lease === undefined) return { do: 'claim' };
    return run.status === 'Running' ? { do: 'finish', lease, how: 'ok' } : { do: 'begin', lease };
  });
  const name = (move: Move): string => ('who' in move ? move.who : 'the program');
  return moves.filter((move, at) => moves.findIndex((other) => name(other) === name(move)) === at);
};

export const LONG = WAIT + MINUTE;
