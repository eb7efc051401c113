import type { Content } from '../../../src/bot/terminal/render.ts';
import { adHocJob, type JobSpec, plainSpec } from '../../../src/core/jobs/job.ts';
import { SEATS } from '../../../src/core/people/may.ts';
import type { Person } from '../../../src/core/people/person.ts';
import type { RunCommand } from '../../../src/core/runs/command.ts';
import { decide } from '../../../src/core/runs/decide.ts';
import { specHash } from '../../../src/core/runs/digest.ts';
import { evolve } from '../../../src/core/runs/evolve.ts';
import { react } from '../../../src/core/runs/react.ts';
import { absent, type LiveRun, type RunState } from '../../../src/core/runs/run.ts';
import type { Draft } from '../../../src/core/text/grammar/draft.ts';

export const twoPm = Date.UTC(2026, 10, 20, 14, 2, 3);

const seat = (name: string): Person => ({
  id: `dev:${name}`,
  name: name.charAt(0).toUpperCase() + name.slice(1),
  roles: SEATS[name] ?? [],
  identities: [`dev:${name}`],
});

export const as = (name: string) =>
  ({ kind: 'person', person: seat(name), identity: `dev:${name}` }) as const;

export const hello = plainSpec({ title: 'Say hello', target: { kind: 'demo' } });

/** The life of one run as the terminal hears of it, told by the real rules. */
export const story = (spec: JobSpec = hello, runId = 'K7M2QX') => {
  const job = { ...adHocJob('hello'), version: 1, spec };
  let state: RunState = absent;
  let version = 0;
  const tell = (command: RunCommand): readonly Draft[] => {
    const decision = decide(state, command);
    if (!decision.ok) throw new Error(`${command.type} was refused: ${decision.refusal.why}`);
    state = decision.events.reduce((before, event) => evolve(before, event, runId), state);
    version += decision.events.length;
    if (state.status === 'absent') throw new Error('a command left no run');
    return react(state, decision.events, { cards: true, deciders: [], gates: [], tail: [], version }).outbox;
  };
  const worker = { kind: 'worker', id: 'w1' } as const;
  const run = (): LiveRun => {
    if (state.status === 'absent') throw new Error('nothing was asked for yet');
    return state;
  };
  return {
    run,
    asked: () =>
      tell({
        type: 'request',
        runId,
        job,
        params: { name: 'world' },
        defaulted: [],
        by: as('ana'),
        origin: { channel: 'terminal', address: 'terminal:chat', chat: 'private' },
        selfApproval: true,
        neverAccepted: true,
        files: {},
        at: twoPm,
      }),
    approved: (name = 'bob') => tell({ type: 'approve', by: as(name), at: twoPm + 1000 }),
    denied: () => tell({ type: 'deny', by: as('bob'), reason: 'not today', at: twoPm + 60_000 }),
    started: (fence = 1) =>
      tell({
        type: 'start',
        epoch: 1,
        by: worker,
        workerId: 'w1',
        attempt: fence,
        fence,
        specHash: specHash(job),
        files: {},
        entitled: ['dev:bob', 'dev:cho'],
        at: twoPm + 2000,
      }),
    progressed: (percent: number, text: string) =>
      tell({ type: 'progress', by: worker, fence: 1, percent, text, at: twoPm + 72_000 }),
    succeeded: (summary: string) =>
      tell({
        type: 'finish',
        by: worker,
        fence: 1,
        result: { ok: true, summary, output: { bytes: 0, sha256: '' } },
        chance: 0,
        at: twoPm + 2400,
      }),
    failed: (summary: string) =>
      tell({
        type: 'finish',
        by: worker,
        fence: 1,
        result: { ok: false, reason: 'exit', summary, output: { bytes: 0, sha256: '' } },
        chance: 0,
        at: twoPm + 2400,
      }),
  };
};

export const cardIn = (drafts: readonly Draft[]): Content & { kind: 'card' } => {
  const found = drafts.map(({ content }) => content).find((content) => content.kind === 'card');
  if (found?.kind !== 'card') throw new Error('there was no card');
  return found;
};

export const noteIn = (drafts: readonly Draft[]): Content & { kind: 'note' } => {
  const found = drafts.map(({ content }) => content).find((content) => content.kind === 'note');
  if (found?.kind !== 'note') throw new Error('there was no note');
  return found;
};
