import type { JobVersion } from '../../jobs/job.ts';
import { isSelfTest } from '../../jobs/self-test.ts';
import { maySee } from '../../people/may.ts';
import type { Person } from '../../people/person.ts';
import {
  type Acceptance,
  acceptanceDigest,
  type Lapse,
  lapseOf,
  OWNERS_NEEDED,
  shortDigest,
} from '../../runs/acceptance.ts';
import type { RunState, Terms } from '../../runs/run.ts';
import {
  acceptedWords,
  acceptWords,
  asksWords,
  frozenWords,
  lapsedWords,
  missingJob,
  unacceptedWords,
} from '../../text/cards/never-words.ts';
import type { Line } from '../../text/cards/rich.ts';
import { type Draft, PRIORITY } from '../../text/grammar/draft.ts';
import type { Instant } from '../../time/instant.ts';
import { type Rooms, rightsOf } from '../messages/heard.ts';
import { type Amendment, no } from './amend.ts';
import { filesOf } from './files-of.ts';

type Grounds = Pick<Rooms, 'store' | 'house'>;

interface Wanted {
  readonly job: JobVersion;
  readonly files: Terms['files'];
  readonly at: Instant;
}

/** Whether a request of this job may start without anybody's yes. While everything is frozen it asks like any other. */
export const mayRunUnasked = async (rooms: Grounds, wanted: Wanted): Promise<boolean> =>
  wanted.job.spec.approval.policy === 'never' &&
  (await rooms.store.freeze.current()) === undefined &&
  (await isAccepted(rooms, wanted));

/** Whether owners stand behind the never-policy of what would run now. The dev profile needs none, and the self-test does nothing. */
export const isAccepted = async (rooms: Grounds, wanted: Wanted): Promise<boolean> =>
  rooms.house.profile === 'dev' ||
  isSelfTest(wanted.job) ||
  standing(await wordsOf(rooms, wanted)).length >= OWNERS_NEEDED;

/** An acceptance with whose it is, and why it does not count any more. */
type Word = Acceptance & { readonly name: string; readonly lapse?: Lapse };

/** What owners have said about the job, also what counts no longer. */
const wordsOf = async (
  { store }: Pick<Rooms, 'store'>,
  { job, files, at }: Wanted,
): Promise<readonly Word[]> => {
  const acceptances = await store.acceptances.of(job.key);
  const ids = acceptances.map(({ personId }) => personId);
  const people = ids.length === 0 ? [] : await store.people.holding({ ids, roles: [], limit: ids.length });
  const owners = people.filter(({ roles }) => roles.includes('owner')).map(({ id }) => id);
  const digest = acceptanceDigest(job, files);
  return acceptances.map((one): Word => {
    const lapse = lapseOf(one, { digest, owners, at });
    const name = people.find(({ id }) => id === one.personId)?.name ?? one.personId;
    return { ...one, name, ...(lapse === undefined ? {} : { lapse }) };
  });
};

const standing = (words: readonly Word[]): readonly Word[] =>
  words.filter(({ lapse }) => lapse === undefined);

/** Why a job that never asks does ask, where it once did not or might not: nobody may be left to wonder. */
export const whyItAsks = async (rooms: Grounds, wanted: Wanted): Promise<string | undefined> => {
  const { approval } = wanted.job.spec;
  if (approval.policy !== 'never') return undefined;
  const freeze = await rooms.store.freeze.current();
  if (freeze !== undefined) return frozenWords(freeze);
  if (rooms.house.profile === 'dev') return undefined;
  return whyNotStanding(await wordsOf(rooms, wanted));
};

const whyNotStanding = (words: readonly Word[]): string | undefined => {
  const lapsed = words.filter((one): one is Word & { lapse: Lapse } => one.lapse !== undefined);
  return lapsed.length === 0 || standing(words).length >= OWNERS_NEEDED ? undefined : lapsedWords(lapsed);
};

/** The same for whoever is asked now, in the conversation of the run. */
export const asksAllTheSame = async (
  rooms: Grounds,
  wanted: Wanted,
  run: RunState,
): Promise<readonly Draft[]> => {
  const why = run.status === 'AwaitingApproval' ? await whyItAsks(rooms, wanted) : undefined;
  if (run.status !== 'AwaitingApproval' || why === undefined) return [];
  const { runId, jobKey, origin } = run;
  const line = asksWords(jobKey, why);
  return [
    {
      key: `never-asks:${runId}`,
      address: origin.address,
      runId,
      priority: PRIORITY.prompt,
      content: { kind: 'note', note: { lines: [[line]], actions: [] }, plain: line },
      replyTo: { card: true },
    },
  ];
};

export interface AcceptOrder {
  readonly job: string;
  /** The beginning of the digest, as `/job NAME` shows it: nobody accepts what they have not looked at. */
  readonly digest: string;
  readonly by: { readonly person: Person; readonly identity: string };
}

/** An owner's word that a job may run without asking. It counts for the version and the bytes of this moment, for a time. */
export const acceptNever =
  (rooms: Pick<Rooms, 'store' | 'ambient'>, { job: key, digest, by }: AcceptOrder) =>
  async (): Promise<Amendment> => {
    const { store, ambient } = rooms;
    const found = await jobFor(store, key, by.person);
    if ('refused' in found) return found;
    const { job } = found;
    const files = await filesOf(ambient, job.spec);
    const now = acceptanceDigest(job, files);
    if (digest.length < shortDigest(now).length || !now.startsWith(digest))
      return no('digest_needed', acceptWords({ job, digest: now }));
    const wanted = { job, files, at: await store.now() };
    const others = standing(await wordsOf(rooms, wanted)).filter(({ personId }) => personId !== by.person.id);
    const actor = `user:${by.identity}`;
    const { version } = job;
    return {
      said: {
        lines: [acceptedWords({ job, digest: now }, [...others, { name: by.person.name, at: wanted.at }])],
      },
      records: [{ type: 'NeverAccepted', actor, payload: { jobKey: key, version, digest: now } }],
      upkeep: [{ kind: 'never_accepted', jobKey: key, digest: now, personId: by.person.id, by: actor }],
    };
  };

/** Takes every owner's word back; one of them is enough for that. */
export const withdrawNever =
  ({ store }: Pick<Rooms, 'store'>, { job: key, by }: Omit<AcceptOrder, 'digest'>) =>
  async (): Promise<Amendment> => {
    const found = await jobFor(store, key, by.person);
    if ('refused' in found) return found;
    if ((await store.acceptances.of(key)).length === 0) return no('no_change', `Nobody has accepted ${key}.`);
    return {
      said: { lines: [[`${key} asks like any other job from now on.`]] },
      records: [{ type: 'NeverWithdrawn', actor: `user:${by.identity}`, payload: { jobKey: key } }],
      upkeep: [{ kind: 'acceptances_withdrawn', jobKey: key }],
    };
  };

const jobFor = async (
  store: Rooms['store'],
  key: string,
  person: Person,
): Promise<{ readonly job: JobVersion } | (Amendment & { readonly refused: string })> => {
  if (!person.roles.includes('owner'))
    return no('owner_needed', 'Only owners say that a job may run without asking. Nothing changed.');
  const jobs = (await store.catalog.list()).filter((one) => maySee(person, rightsOf(one)));
  const job = jobs.find((one) => one.key === key);
  if (job === undefined)
    return no(
      'unknown_job',
      missingJob(
        key,
        jobs.map((one) => one.key),
      ),
    );
  return job.spec.approval.policy === 'never'
    ? { job }
    : no('not_never', `${key} asks for approval, so there is nothing to accept. Nothing changed.`);
};

/** For `/job NAME`: whether it may run without asking, by whose word, and how that is given. */
export const neverLines = async (
  rooms: Grounds & Pick<Rooms, 'ambient'>,
  job: JobVersion,
): Promise<readonly Line[]> => {
  if (job.spec.approval.policy !== 'never' || rooms.house.profile === 'dev') return [];
  const files = await filesOf(rooms.ambient, job.spec);
  const words = await wordsOf(rooms, { job, files, at: await rooms.store.now() });
  const accepted = standing(words);
  const why = whyNotStanding(words);
  const what = { job, digest: acceptanceDigest(job, files) };
  return [
    ...(why === undefined ? [] : [[`It asks again: ${why}.`]]),
    accepted.length === 0 ? unacceptedWords(what) : acceptedWords(what, accepted),
  ];
};
