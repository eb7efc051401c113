import { enough, mayAsk, mayDecide, mayEnd, maySee, personOf, standing } from './rights.ts';
import type { Move, Person, Run, Steer, Then, Verb, World } from './world.ts';
import { HOUR, LEASE, MINUTE, PAUSE, WAIT } from './world.ts';

// What the contract (PRODUCT 3 and 4) lets happen to a run, what waits for a worker, and what people are told in kind.
// Written from the contract and not from the code, so that the two have to agree.

/** What follows for the run, or any of the reasons why nothing does. */
type Answer = Ruled | readonly string[];
interface Ruled {
  readonly run: Run;
  readonly told: string;
  readonly news: readonly string[];
}
const then = (run: Run, told: string, ...news: readonly string[]): Ruled => ({ run, told, news });
const reasons = (...why: readonly (string | false)[]) => why.filter((one) => one !== false);

const LIVE = ['AwaitingApproval', 'Approved', 'Dispatching', 'Running'];
const overdue = ({ until }: Run, at: number): boolean => until !== undefined && at > until;
const ended = ({ lease: _, until: __, ...run }: Run, status: Run['status']): Run => ({ ...run, status });
const expired = (run: Run): Ruled => then(ended(run, 'Expired'), 'over', 'expired');
const queued = (run: Run, at: number): Run => ({ ...run, status: 'Dispatching', attempt: 1, notBefore: at });

/** A decision of its own: what was decided before counts no more. */
const asked = (run: Run, at: number, more: Partial<Run> = {}): Run => {
  const fresh = { votes: [], losses: 0, lost: false, askedAt: at, until: at + WAIT };
  return { ...ended(run, 'AwaitingApproval'), epoch: run.epoch + 1, ...fresh, ...more };
};
const retried = (run: Run, at: number, losses = run.losses): Run => {
  const pause = Math.min(PAUSE.max, PAUSE.min * 2 ** (run.attempt - 1));
  return { ...ended(run, 'Dispatching'), attempt: run.attempt + 1, notBefore: at + pause, losses };
};
/** Its worker is gone and nobody knows what it did: only what is harmless starts again, and not for ever. */
const lost = (run: Run, at: number): Ruled =>
  run.job.idempotent && !run.job.heavy && run.losses < 2
    ? then(retried(run, at, run.losses + 1), 'started again')
    : then(asked(run, at, { lost: true }), 'asks again', 'lost');

const decided = (run: Run, verb: 'yes' | 'no', person: Person, at: number): Answer => {
  const { job, votes } = run;
  const over = run.status !== 'AwaitingApproval';
  if (verb === 'yes' && run.by === person.id && !run.self && !over && !overdue(run, at))
    return reasons('own');
  const why = reasons(!mayDecide(job, person) && 'right', over && 'over');
  if (why.length > 0) return why;
  if (overdue(run, at)) return expired(run);
  if (verb === 'yes' && votes.some((vote) => vote.id === person.id)) return ['voted'];
  if (verb === 'no' && run.lost) return then(ended(run, 'Failed'), 'given up', 'failed');
  if (verb === 'no') return then(ended(run, 'Denied'), 'denied', 'denied');
  const voted = { ...run, votes: [...votes, person] };
  if (!enough(job, voted.votes)) return then(voted, 'counted');
  const approved: Run = { ...voted, status: 'Approved', until: at + WAIT };
  return job.heavy ? then(approved, 'approved', 'ready') : then(queued(approved, at), 'approved');
};

const steered = (world: World, run: Run, verb: Verb, person: Person): Answer => {
  const { at, beatAt } = world;
  const { job, status, lease } = run;
  const right = !mayEnd(run, person) && 'right';
  if (verb === 'cancel') {
    const why = reasons(right, !LIVE.includes(status) && 'over');
    return why.length > 0 ? why : then(ended(run, 'Canceled'), 'canceled', 'canceled');
  }
  if (verb === 'recover') {
    const gone = status === 'Running' && lease !== undefined && lease.until < at;
    const why = reasons(right, !gone && !['Failed', 'Canceled', 'Expired'].includes(status) && 'over');
    if (why.length > 0) return why;
    return gone ? lost(run, at) : then(asked(run, at), 'asks again', 'asks');
  }
  const early = status === 'AwaitingApproval' && 'not yet';
  const why = reasons(right, !job.heavy && 'light', early, !early && status !== 'Approved' && 'over');
  if (why.length > 0) return why;
  if (overdue(run, at)) return expired(run);
  if (!enough(job, standing(world, run))) return then(asked(run, at), 'asks again', 'void', 'asks');
  return at - beatAt > LEASE ? ['gates'] : then(queued(run, at), 'starting');
};

/** The last look before a start: in time, the same bytes, and votes that still count. */
const begun = (world: World, run: Run): Ruled => {
  const { at, files } = world;
  if (overdue(run, at)) return { ...expired(run), told: 'nothing' };
  // Without a vote it was a never-policy that approved.
  const counts = run.votes.length === 0 || enough(run.job, standing(world, run));
  if (files !== run.files || !counts) return then(asked(run, at, { files }), 'nothing', 'void', 'asks');
  const { until: _, ...rest } = run;
  return then({ ...rest, status: 'Running' }, 'start');
};

const finished = (run: Run, how: 'ok' | 'failed' | 'interrupted', at: number): Ruled => {
  const { heavy, idempotent, attempts } = run.job;
  if (how === 'interrupted') return { ...lost(run, at), told: 'recorded' };
  if (how === 'ok') return then(ended(run, 'Succeeded'), 'recorded', 'succeeded');
  const more = idempotent && !heavy && run.attempt < attempts;
  return more ? then(retried(run, at), 'recorded') : then(ended(run, 'Failed'), 'recorded', 'failed');
};

const stays = (world: World, ...told: readonly string[]): Then => ({ world, told, news: [] });

const put = (world: World, index: number, answer: Answer): Then => {
  if (!('run' in answer)) return stays(world, ...answer);
  const news = answer.news.map((kind) => ({ run: index, kind }));
  return { world: { ...world, runs: world.runs.with(index, answer.run) }, told: [answer.told], news };
};

type On<D extends Move['do']> = Extract<Move, { do: D }>;

/** Once an hour and chat, in private; a flash above a button and a door that answers at once say it every time. */
const stranger = (
  world: World,
  { who, chat, button }: { who: string; chat: string; button?: number },
): Then => {
  const met = `${who} ${chat} ${Math.floor(world.at / HOUR)}`;
  if (button !== undefined || !/^telegram:[^-]/.test(chat)) return stays(world, 'stranger');
  return world.met.includes(met) ? stays(world) : stays({ ...world, met: [...world.met, met] }, 'stranger');
};

const request = (world: World, move: On<'ask'>): Then => {
  const { who, chat, job: key } = move;
  const { at, dev, files, runs, jobs } = world;
  const person = personOf(world, who, chat);
  const job = jobs.find((one) => one.key === key);
  if (person === undefined) return stranger(world, move);
  if (job === undefined || !maySee(job, person)) return stays(world, 'no job');
  if (!mayAsk(job, person)) return stays(world, 'right');
  const self = job.self ?? (dev && chat.startsWith('dev:'));
  const run = asked({ ...BLANK, job, by: person.id, chat, self, files }, at);
  const made = job.never && dev ? queued(run, at) : run;
  const news = [{ run: runs.length, kind: made === run ? 'asks' : 'starting' }];
  return { world: { ...world, runs: [...runs, made] }, told: [], news };
};
const NEVER = { epoch: 0, votes: [], askedAt: 0, lost: false, losses: 0, attempt: 0, notBefore: 0 };
const BLANK = { ...NEVER, status: 'AwaitingApproval' } as const;

/** Which run is meant, or what is said instead. A bare answer never guesses, an old button and a late yes do nothing. */
const target = ({ at, runs }: World, move: Steer, person: Person): number | readonly string[] => {
  const { run: index, verb, chat, button, sentAt = at } = move;
  if (index === undefined) {
    const mine = ({ job, self, by }: Run): boolean => mayDecide(job, person) && (self || by !== person.id);
    const waits = (run: Run): boolean => run.chat === chat && run.status === 'AwaitingApproval' && mine(run);
    const [only, ...others] = runs.filter(waits);
    if (only === undefined) return ['none'];
    return others.length > 0 || at - only.askedAt >= 10 * MINUTE ? ['which'] : runs.indexOf(only);
  }
  const run = runs[index];
  if (run === undefined || !maySee(run.job, person)) return ['no run', 'right'];
  if (button !== undefined && button !== run.epoch) return ['stale', 'over'];
  return verb === 'yes' && run.status === 'AwaitingApproval' && sentAt < run.askedAt ? ['late'] : index;
};

const steer = (world: World, move: Steer): Then => {
  const { verb, who, chat } = move;
  const person = personOf(world, who, chat);
  if (person === undefined) return stranger(world, move);
  const index = target(world, move, person);
  if (typeof index !== 'number') return stays(world, ...index);
  const run = world.runs.at(index);
  if (run === undefined) return stays(world, 'no run');
  const decides = verb === 'yes' || verb === 'no';
  const answer = decides ? decided(run, verb, person, world.at) : steered(world, run, verb, person);
  return put(world, index, answer);
};

/** The most urgent of what is due, as far as its job has room. */
const claim = (world: World, got: number | undefined): Then | undefined => {
  const { at, runs, leases } = world;
  const held = runs.filter(({ lease }) => lease !== undefined);
  const hasRoom = ({ job }: Run): boolean =>
    held.filter((other) => other.job.key === job.key).length < job.concurrency;
  const waits = (run: Run): boolean => run.status === 'Dispatching' && !held.includes(run);
  const due = runs.filter((run) => waits(run) && run.notBefore <= at && hasRoom(run));
  const run = runs[got ?? -1];
  if (got === undefined || run === undefined) return due.length === 0 ? stays(world) : undefined;
  if (!due.includes(run) || due.some(({ job }) => job.priority > run.job.priority)) return undefined;
  const claimed = { ...run, lease: { id: leases, until: at + LEASE } };
  return stays({ ...world, leases: leases + 1, runs: runs.with(got, claimed) });
};

/** What a worker does under its lease; without it nothing happens. */
const worked = (world: World, { lease: id, ...move }: On<'begin' | 'beat' | 'finish'>): Then => {
  const { at, runs } = world;
  const index = runs.findIndex(({ lease }) => lease?.id === id);
  const run = runs[index];
  const fits = { begin: ['Dispatching'], beat: LIVE, finish: ['Running'] }[move.do];
  if (run === undefined || !fits.includes(run.status)) return stays(world, 'nothing', 'refused');
  if (move.do === 'begin') return put(world, index, begun(world, run));
  if (move.do === 'finish') return put(world, index, finished(run, move.how, at));
  return put(world, index, then({ ...run, lease: { id, until: at + LEASE } }, 'held'));
};

/** Timeouts only ever deny. A lease that ran out is a lost worker if something was started under it. */
const house = (world: World): Then =>
  world.runs.reduce<Then>((so, run, index) => {
    const { lease, ...free } = run;
    const late = overdue(run, world.at);
    if (!late && (lease === undefined || lease.until >= world.at)) return so;
    const back = run.status === 'Running' ? lost(run, world.at) : then(free, '');
    const next = put(so.world, index, late ? expired(run) : back);
    return { ...next, told: [], news: [...so.news, ...next.news] };
  }, stays(world));

/** What follows from a move, or undefined when it may not happen at all. */
export const step = (world: World, move: Move): Then | undefined => {
  if (move.do === 'ask') return request(world, move);
  if (move.do === 'steer') return steer(world, move);
  if (move.do === 'claim') return claim(world, move.got);
  if (move.do === 'house') return house(world);
  if (move.do === 'change') return stays({ ...world, ...move.to });
  return move.do === 'again' ? stays(world) : worked(world, move);
};
