import type { JobVersion } from '../../jobs/job.ts';
import { ACCEPTANCE_MS, type Lapse, OWNERS_NEEDED, shortDigest } from '../../runs/acceptance.ts';
import type { Freeze } from '../../runs/freeze.ts';
import type { Instant } from '../../time/instant.ts';
import { noSuchJob } from './job-words.ts';
import type { Line } from './rich.ts';

interface What {
  readonly job: JobVersion;
  readonly digest: string;
}

const command = ({ job, digest }: What): string => `/accept ${job.key} ${shortDigest(digest)}`;

const named = ({ key, version }: JobVersion): string => `${key} v${version}`;

/** What an owner has to look at and to type. */
export const acceptWords = (what: What): string =>
  `Read /job ${what.job.key} first. What it runs now is accepted with: ${command(what)}`;

export const unacceptedWords = (what: What): Line => [
  `But it asks like any other job until ${OWNERS_NEEDED} owners accept what it runs: ${command(what)}`,
];

/** Whose word there is, and how long it holds; or that another one is needed. */
export const acceptedWords = (
  what: What,
  accepted: readonly { readonly name: string; readonly at: Instant }[],
): Line => {
  const who = accepted.map(({ name }) => name).join(' and ');
  if (accepted.length < OWNERS_NEEDED) {
    return [
      `${named(what.job)} is accepted by ${who}: ${accepted.length} of ${OWNERS_NEEDED}, so it still asks. ` +
        `Another owner: ${command(what)}`,
    ];
  }
  const [, decisive] = accepted.map(({ at }) => at).toSorted((a, b) => b - a);
  return [
    `${named(what.job)} is accepted by ${who} and runs without asking until `,
    { time: (decisive ?? 0) + ACCEPTANCE_MS, as: 'moment' },
    `. Back: /unaccept ${what.job.key}`,
  ];
};

/** Why the words of owners count no longer. */
export const lapsedWords = (lapsed: readonly { readonly name: string; readonly lapse: Lapse }[]): string => {
  const of = (wanted: Lapse): string =>
    lapsed
      .filter(({ lapse }) => lapse === wanted)
      .map(({ name }) => name)
      .join(' and ');
  const [changed, left, old] = [of('changed'), of('no_owner'), of('expired')];
  return [
    ...(changed === '' ? [] : [`what it runs has changed since ${changed} accepted it`]),
    ...(left === '' ? [] : [`the word of ${left}, no owner any more, does not count`]),
    ...(old === '' ? [] : [`${old} accepted it more than ${ACCEPTANCE_MS / DAY_MS} days ago`]),
  ].join('; ');
};

const DAY_MS = 24 * 60 * 60_000;

export const frozenWords = ({ by }: Freeze): string => `everything is frozen by ${by}`;

/** For whoever is asked now about something that did not ask before. */
export const asksWords = (key: string, why: string): string =>
  `${key} asks this time: ${why}. Owners: /job ${key}`;

export const missingJob = (key: string, known: readonly string[]): string => {
  if (key === '') return 'Accept which job? Try: accept clean-up DIGEST, as /job clean-up shows it';
  return noSuchJob(key, known);
};
