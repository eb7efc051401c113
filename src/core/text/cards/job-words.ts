import type { ApprovalPolicy, JobVersion, ParamSpec, Target } from '../../jobs/job.ts';
import { windowWords } from '../../jobs/window.ts';
import { tally } from '../../runs/approvals.ts';
import { formatDuration } from '../../time/duration.ts';
import { nearest } from '../grammar/nearest.ts';
import { whom } from '../ops/notice-words.ts';
import type { Line } from './rich.ts';
import { quoted } from './run-words.ts';

/** There is no such job, or none that this person may see; `known` are those that they may. */
export const noSuchJob = (key: string, known: readonly string[]): string => {
  const near = nearest(key, known)[0];
  return `No job called ${quoted(key)}.${near === undefined ? ' See /jobs' : ` Did you mean ${quoted(near)}?`}`;
};

/** `job NAME`: what it runs, what it takes, and its three policies in plain words. */
export const jobLines = (job: JobVersion): readonly Line[] => {
  const { key, version, spec } = job;
  return [
    [`${key} v${version}${spec.title === '' ? '' : ` — ${spec.title}`}${spec.heavy ? ' · HEAVY' : ''}`],
    ['runs ', { code: targetWords(spec.target) }],
    ...(spec.acts === undefined ? [] : [[`acts on ${spec.acts}`]]),
    ...Object.entries(spec.params).map(([name, param]): Line => [`  ${name}: ${paramWords(param)}`]),
    [`Asked for by: ${spec.requesters.map(entryWords).join(' or ') || 'nobody'}`],
    [`Approval: ${approvalWords(job)}`],
    ...(noticeWords(job).length === 0 ? [] : [[`Meanwhile: ${noticeWords(job).join(', ')}.`]]),
    ...(spec.preview === undefined
      ? []
      : [['Preview, before anybody can approve: ', { code: spec.preview.join(' ') }]]),
    ...(spec.window === undefined ? [] : [[`Starts only within ${windowWords(spec.window)}.`]]),
    ...(spec.secrets.length === 0 ? [] : [[`Secrets: ${spec.secrets.join(', ')}`]]),
    [
      `Timeout: ${formatDuration(spec.timeoutMs)} an attempt; start within ${formatDuration(spec.approval.startByMs)} after approval.`,
    ],
    [`Retry: ${retryWords(spec)}`],
  ];
};

const targetWords = (target: Target): string => {
  switch (target.kind) {
    case 'command':
      return target.command.join(' ');
    case 'http':
      return `${target.method} ${target.url}`;
    case 'demo':
      return 'the built-in demo';
  }
};

const paramWords = (param: ParamSpec): string => {
  const parts = [
    param.enum === undefined ? param.type : `one of ${param.enum.join(', ')}`,
    ...(param.min === undefined ? [] : [`from ${param.min}`]),
    ...(param.max === undefined ? [] : [`to ${param.max}`]),
    ...(param.default === undefined
      ? param.required
        ? ['needed']
        : ['may be left out']
      : [`default ${param.default}`]),
  ];
  return parts.join(', ');
};

const approvalWords = ({ spec }: JobVersion): string => {
  const { approval } = spec;
  if (approval.policy === 'never') return 'never, so it runs without a yes; each use is logged as a warning.';
  const within = `within ${formatDuration(approval.decideByMs)}`;
  return [
    `needs ${peopleWords(approval)}, ${within}.`,
    selfWords(approval),
    ...(spec.heavy ? ['Somebody starts it afterwards.'] : []),
  ].join(' ');
};

const peopleWords = ({ approvers, quorum, needs }: ApprovalPolicy): string => {
  const may = [...new Set([...approvers, ...needs.map(({ role }) => `role:${role}`)])].map(entryWords);
  const among = needs.map(({ role, count }) => `${count} with role ${role}`).join(' and ');
  const { need } = tally({ quorum, needs }, []);
  const seats = needs.reduce((sum, { count }) => sum + count, 0);
  if (seats === 0) return `${need} of ${may.join(' or ') || 'nobody'}`;
  if (seats < need) return `${need} of ${may.join(' or ')}, among them ${among}`;
  // Every yes has to cover a need; a right to decide without one of the roles is a right to say no.
  const others = approvers.filter((entry) => needs.every(({ role }) => entry !== `role:${role}`));
  const no = others.length === 0 ? '' : ` (${others.map(entryWords).join(' or ')} may say no)`;
  return `${among}${seats > 1 ? ', each another person' : ''}${no}`;
};

/** What is left unsaid is settled at the request: yes on the doors of the dev profile, no everywhere else. */
const selfWords = ({ self }: ApprovalPolicy): string => {
  if (self === undefined) return 'Whoever asks cannot approve, unless in dev.';
  return self ? 'Whoever asks may approve too.' : 'Whoever asks cannot approve.';
};

/** Who is told again and who is asked too, before the question expires. */
const noticeWords = ({ spec: { approval } }: JobVersion): readonly string[] => [
  ...(approval.remindMs === undefined
    ? []
    : [`a reminder ${formatDuration(approval.remindMs)} before the end`]),
  ...(approval.escalate === undefined
    ? []
    : [`${whom(approval.escalate.to)} is asked too after ${formatDuration(approval.escalate.afterMs)}`]),
];

const entryWords = (entry: string): string => entry.replace('role:', 'role ');

const retryWords = (spec: JobVersion['spec']): string => {
  const lost =
    spec.effects === 'idempotent' && !spec.heavy
      ? 'a lost attempt is started again.'
      : 'after a lost attempt a person is asked.';
  if (spec.retry.attemptsMax <= 1) return `one attempt; ${lost}`;
  const { attemptsMax, delayMsMin, delayMsMax } = spec.retry;
  return `up to ${attemptsMax} attempts, ${formatDuration(delayMsMin)} to ${formatDuration(delayMsMax)} apart; ${lost}`;
};
