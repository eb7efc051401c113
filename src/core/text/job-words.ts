import type { JobVersion, ParamSpec, Target } from '../jobs/job.ts';
import { formatDuration } from '../time/duration.ts';
import type { Line } from './rich.ts';

/** `job NAME`: what it runs, what it takes, and its three policies in plain words. */
export const jobLines = ({ key, version, spec }: JobVersion): readonly Line[] => [
  [`${key} v${version}${spec.title === '' ? '' : ` — ${spec.title}`}${spec.heavy ? ' · HEAVY' : ''}`],
  ['runs ', { code: targetWords(spec.target) }],
  ...(spec.acts === undefined ? [] : [[`acts on ${spec.acts}`]]),
  ...Object.entries(spec.params).map(([name, param]): Line => [`  ${name}: ${paramWords(param)}`]),
  [`Approval: ${approvalWords({ key, version, source: 'file', spec })}`],
  [
    `Timeout: ${formatDuration(spec.timeoutMs)} an attempt; start within ${formatDuration(spec.approval.startByMs)} after approval.`,
  ],
  [`Retry: ${retryWords(spec)}`],
];

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
  if (approval.policy === 'never') return 'never asks; runs at once, and each use is logged as a warning.';
  const who = approval.approvers.map((entry) => entry.replace('role:', 'role ')).join(' or ') || 'nobody';
  const needs = approval.needs.map((need) => `${need.count} with role ${need.role}`).join(' and ');
  const self = approval.self === true ? ' The requester may approve too.' : '';
  const people = `${approval.quorum} of ${who}${needs === '' ? '' : `, and ${needs}`}`;
  return `needs ${people}, within ${formatDuration(approval.decideByMs)}.${self}${spec.heavy ? ' Somebody starts it afterwards.' : ''}`;
};

const retryWords = (spec: JobVersion['spec']): string => {
  const lost =
    spec.effects === 'idempotent' && !spec.heavy
      ? 'a lost attempt is started again.'
      : 'after a lost attempt a person is asked.';
  if (spec.retry.attemptsMax <= 1) return `one attempt; ${lost}`;
  const { attemptsMax, delayMsMin, delayMsMax } = spec.retry;
  return `up to ${attemptsMax} attempts, ${formatDuration(delayMsMin)} to ${formatDuration(delayMsMax)} apart; ${lost}`;
};
