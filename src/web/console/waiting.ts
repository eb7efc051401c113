import { canAnswer } from '../../core/flows/messages/find-target.ts';
import type { Rooms } from '../../core/flows/messages/heard.ts';
import { mayDecide, maySee } from '../../core/people/may.ts';
import type { Person } from '../../core/people/person.ts';
import type { StoredRun } from '../../core/ports/store.ts';
import { wouldCount } from '../../core/runs/approvals.ts';
import type { LiveRun } from '../../core/runs/run.ts';

export interface Waiting {
  /** Those on which this person's word is wanted, oldest first. */
  readonly mine: readonly StoredRun[];
  /** Those that wait for somebody else. */
  readonly others: readonly StoredRun[];
  /** Approved, and somebody has to start them. */
  readonly approved: readonly StoredRun[];
  /** There are more than anybody looks through at once. */
  readonly more: boolean;
}

/** As many as are looked at; the list of runs has the rest. */
const LOOK = 100;

/** What waits for people, as far as this one may know of it. */
export const waitingFor = async ({ store }: Pick<Rooms, 'store'>, person: Person): Promise<Waiting> => {
  const [open, approved] = await Promise.all([
    store.runs.list({ status: ['AwaitingApproval'], limit: LOOK }),
    store.runs.list({ status: ['Approved'], limit: LOOK }),
  ]);
  const seen = open.runs.filter(({ state }) => maySeeRun(person, state)).toReversed();
  return {
    mine: seen.filter(({ state }) => isWanted(person, state)),
    others: seen.filter(({ state }) => !isWanted(person, state)),
    approved: approved.runs.filter(({ state }) => maySeeRun(person, state)).toReversed(),
    more: open.nextCursor !== undefined,
  };
};

/** What people see in chat, and what they asked for themselves. */
export const maySeeRun = (person: Person, run: LiveRun): boolean =>
  maySee(person, run) || hasAskedFor(person, run);

export const hasAskedFor = ({ id }: Person, { requester }: LiveRun): boolean =>
  requester.kind === 'person' && requester.personId === id;

/** Whether a yes of this person is what the run waits for. Whoever may only say no is not asked. */
export const isWanted = (person: Person, run: LiveRun): boolean =>
  run.status === 'AwaitingApproval' &&
  mayDecide(person, run) &&
  canAnswer(person, run) &&
  run.votes.every(({ personId }) => personId !== person.id) &&
  wouldCount(run, person);
