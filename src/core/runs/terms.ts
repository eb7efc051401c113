import type { Actor } from '../people/person.ts';
import type { RequestCommand } from './command.ts';
import { specHash } from './digest.ts';
import type { Terms } from './run.ts';

type Asker = Exclude<Actor, { kind: 'worker' }>;

/** What a request freezes, for as long as the run exists. */
export const termsOf = (command: RequestCommand, by: Asker): Omit<Terms, 'runId' | 'createdAt'> => {
  const { job } = command;
  const { spec } = job;
  return {
    jobKey: job.key,
    jobVersion: job.version,
    title: spec.title,
    willRun: willRun(command),
    params: command.params,
    defaulted: command.defaulted,
    heavy: spec.heavy,
    effects: spec.effects,
    retry: spec.retry,
    approval: {
      ...spec.approval,
      ...(command.decideByMs === undefined ? {} : { decideByMs: command.decideByMs }),
      ...(command.escalate === undefined ? {} : { escalate: command.escalate }),
    },
    selfApproval: command.selfApproval,
    requesters: spec.requesters,
    priority: spec.priority,
    ...(spec.concurrency === undefined ? {} : { concurrency: spec.concurrency }),
    requester: requesterOf(by),
    origin: command.origin,
    specHash: specHash(job),
    files: command.files,
    ...(spec.preview === undefined ? {} : { previews: true }),
  };
};

const requesterOf = (by: Asker): Terms['requester'] => {
  switch (by.kind) {
    case 'person':
      return { kind: 'person', personId: by.person.id, identity: by.identity, name: by.person.name };
    case 'schedule':
      return { kind: 'schedule', key: by.key };
    case 'system':
      return { kind: 'system', part: by.part ?? '' };
  }
};

const willRun = ({ job, params }: RequestCommand): string => {
  const { target } = job.spec;
  switch (target.kind) {
    case 'command':
      return target.command
        .map((word) => {
          const name = /^\{([^{}]+)\}$/.exec(word)?.[1];
          const value = name === undefined ? undefined : params[name];
          const text = value === undefined ? word : String(value);
          return /[\s"'\\]/.test(text) || text === '' ? JSON.stringify(text) : text;
        })
        .join(' ');
    case 'http':
      return `${target.method} ${target.url}`;
    case 'demo':
      return '';
  }
};
