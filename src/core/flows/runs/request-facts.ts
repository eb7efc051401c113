import type { JobVersion, Params } from '../../jobs/job.ts';
import type { Person } from '../../people/person.ts';
import type { RequestFacts, RequestHistory } from '../../ports/advisor.ts';
import type { IRunRepository } from '../../ports/store.ts';
import type { LiveRun } from '../../runs/run.ts';
import type { Instant } from '../../time/instant.ts';
import { wallClock } from '../../time/wall-clock.ts';

const DAY_MS = 24 * 60 * 60_000;
/** How far back anybody looks for what is usual, and at how many requests at most. */
const DAYS_MAX = 30;
const REQUESTS_MAX = 30;
const NEAR_MINUTES = 120;
const DAY_MINUTES = 24 * 60;

/** Everything that somebody may know who judges a request from outside: facts and counts, nothing to act on. */
export const requestFacts = async (
  runs: Pick<IRunRepository, 'list'>,
  { person, at }: { readonly person: Person; readonly at: Instant },
  { job, params }: { readonly job: JobVersion; readonly params: Params },
): Promise<RequestFacts> => {
  const { key, version, spec } = job;
  const page = await runs.list({ jobKey: key, since: at - DAYS_MAX * DAY_MS, limit: REQUESTS_MAX });
  const earlier = page.runs.map(({ state }) => state);
  const seenMs = page.nextCursor === undefined ? DAYS_MAX * DAY_MS : at - oldest(earlier, at);
  return {
    job: { key, version, title: spec.title, kind: spec.target.kind, heavy: spec.heavy },
    params,
    requesterId: person.id,
    at,
    history: historyOf(earlier, at, seenMs, wallClock(person.timezone ?? 'UTC')),
  };
};

const oldest = (runs: readonly LiveRun[], at: Instant): Instant =>
  runs.reduce((first, { createdAt }) => Math.min(first, createdAt), at);

/** `earlier`: the newest first, as far back as `seenMs`. */
const historyOf = (
  earlier: readonly LiveRun[],
  at: Instant,
  seenMs: number,
  clock: ReturnType<typeof wallClock>,
): RequestHistory => {
  const now = clock(at);
  const asked = earlier.map(({ createdAt }) => clock(createdAt));
  const before = asked.filter(({ date }) => date !== now.date);
  return {
    today: asked.length - before.length,
    before: { requests: before.length, days: Math.floor(seenMs / DAY_MS) },
    failedInRow: failedInRow(earlier),
    nearThisHour: before.filter(({ minute }) => apart(minute, now.minute) <= NEAR_MINUTES).length,
  };
};

const failedInRow = (earlier: readonly LiveRun[]): number => {
  const ended = earlier.filter(({ status }) => status === 'Failed' || status === 'Succeeded');
  const good = ended.findIndex(({ status }) => status === 'Succeeded');
  return good === -1 ? ended.length : good;
};

/** Half past eleven at night and half past midnight are an hour apart. */
const apart = (a: number, b: number): number => {
  const minutes = Math.abs(a - b);
  return Math.min(minutes, DAY_MINUTES - minutes);
};
