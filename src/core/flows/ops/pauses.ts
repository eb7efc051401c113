import { holdsRole, maySee, maySteer } from '../../people/may.ts';
import type { Person } from '../../people/person.ts';
import { noRight } from '../../people/refused.ts';
import { noSuchJob } from '../../text/cards/job-words.ts';
import { type Rooms, rightsOf } from '../messages/heard.ts';
import { type Amendment, no } from '../runs/amend.ts';

export interface PauseOrder {
  /** `queue`, or the key of a job. */
  readonly what: string;
  readonly paused: boolean;
  readonly reason?: string;
  readonly by: { readonly person: Person; readonly identity: string };
}

/**
 * Stops workers from taking runs of a job, or any run, until somebody says otherwise. What runs goes on, what is asked and
 * approved waits; its start-by ticks all the same.
 */
export const pauseWork =
  ({ store }: Pick<Rooms, 'store'>, { what, paused, reason = '', by }: PauseOrder) =>
  async (): Promise<Amendment> => {
    const refusal = await refusalOf(store, what, by.person);
    if (refusal !== undefined) return refusal;
    const name = what === 'queue' ? what : `job:${what}`;
    const now = (await store.pauses.list()).find((pause) => pause.what === name);
    if ((now !== undefined) === paused) {
      return no('no_change', `${capital(subject(what))} is ${paused ? '' : 'not '}paused already.`);
    }
    const actor = `user:${by.identity}`;
    const because = reason.trim().slice(0, REASON_MAX);
    const why = because === '' ? {} : { reason: because };
    const words = paused
      ? `${capital(subject(what))} is paused by ${by.person.name}. What runs goes on. Again: /unpause ${what}`
      : `${capital(subject(what))} goes on.`;
    return {
      said: { lines: [[words]] },
      records: [
        {
          type: paused ? 'QueuePaused' : 'QueueUnpaused',
          actor,
          payload: { what: name, ...(paused ? why : {}) },
        },
      ],
      upkeep: [
        paused ? { kind: 'pause', what: name, by: by.person.name, ...why } : { kind: 'unpause', what: name },
      ],
    };
  };

const REASON_MAX = 200;

const refusalOf = async (
  store: Rooms['store'],
  what: string,
  person: Person,
): Promise<Amendment | undefined> => {
  if (what === '') return no('what_needed', 'Pause what? Try: pause queue, or the name of a job');
  if (what === 'queue') {
    return holdsRole(person, 'operator')
      ? undefined
      : no('operator_needed', 'Only operators and owners pause the queue. Nothing changed.');
  }
  const job = await store.catalog.find(what);
  if (job === undefined || !maySee(person, rightsOf(job))) {
    const visible = (await store.catalog.list()).filter((one) => maySee(person, rightsOf(one)));
    const known = visible.map(({ key }) => key);
    return no('unknown_job', noSuchJob(what, known), job === undefined ? undefined : noRight('may_not_see'));
  }
  return maySteer(person, rightsOf(job), undefined)
    ? undefined
    : no('may_not_steer', `You may not pause ${what}. Nothing changed.`);
};

const subject = (what: string): string => (what === 'queue' ? 'the queue' : what);

const capital = (words: string): string =>
  words.startsWith('the ') ? words.charAt(0).toUpperCase() + words.slice(1) : words;
