import { expect } from 'vitest';
import type { RunStatus } from '../../src/core/runs/run.ts';
import { minutes } from '../cast.ts';
import { seeded, shuffled } from '../seeded.ts';
import { residents } from './residents.ts';
import { onEveryStore, type Town } from './town.ts';

const WRITERS = ['ana', 'bob', 'cho', 'dan', 'fay', 'gus'];
const people = [
  ...residents.map((person) =>
    person.id === 'dan' ? { ...person, roles: ['operator', 'approver'] } : person,
  ),
  ...['fay', 'gus'].map((id, index) => ({
    id,
    name: id,
    roles: ['approver'],
    identities: [`telegram:${50 + index}`],
  })),
];
const NUMBERS: Readonly<Record<string, number>> = { ana: 41, bob: 42, cho: 43, dan: 46, fay: 50, gus: 51 };

/** Everybody writes from a chat of their own, so nothing puts their messages in order. */
const say = async (town: Town, who: string, words: string): Promise<string> => {
  const identity = `telegram:${NUMBERS[who] ?? 0}`;
  const handled = await town.chat(identity).says(who, words, { from: { identity, name: who } });
  return (handled?.outbound ?? []).flatMap(({ content }) => content.plain ?? []).join('\n');
};

const DECISIVE = new Set(['RunApproved', 'RunDenied', 'RunCanceled']);

const ENDS: Readonly<Record<string, RunStatus>> = {
  RunApproved: 'Dispatching',
  RunDenied: 'Denied',
  RunCanceled: 'Canceled',
};

const answersOf = (runId: string) => ({
  won: [`Approved ${runId} (backup). Starting.`, `Denied ${runId} (backup).`, `Canceled ${runId} (backup).`],
  lost: /was already approved by|Already denied by|was canceled by|is over: (?:denied|canceled)/,
});

onEveryStore((story) => {
  story(
    'fifty times six people answer one run at the same moment: one of them decides, the others hear so',
    async (town) => {
      const chance = seeded(20_261_121);
      const ops = town.chat('telegram:-100');
      for (let round = 0; round < 50; round += 1) {
        const runId = await ops.asks('ana', 'run backup');
        const verbs = shuffled(['yes', 'yes', 'yes', 'no', 'no', 'cancel'], chance);
        // A cancel may follow an approval; it comes only with the no here, so that exactly one answer can win.
        const mixed = verbs.map((verb) => (verb === 'cancel' && chance() < 0.5 ? 'yes' : verb));
        const writers = shuffled(WRITERS.slice(1), chance);
        const said = await Promise.all(
          writers.map((who, index) => say(town, who, `${mixed[index] ?? 'yes'} ${runId}`)),
        );
        const decisive = (await town.events(runId)).filter((type) => DECISIVE.has(type));
        const { won, lost } = answersOf(runId);
        const winners = said.filter((text) => won.includes(text));
        const losers = said.filter((text) => lost.test(text));
        expect(winners.length + losers.length).toBe(writers.length);
        expect(winners).toHaveLength(decisive.length);
        expect((await town.run(runId)).status).toBe(ENDS[decisive.at(-1) ?? '']);
        if (mixed.includes('cancel'))
          expect(['RunApproved RunCanceled', ...DECISIVE]).toContain(decisive.join(' '));
        else expect(decisive).toHaveLength(1);
      }
    },
    { people },
  );

  story(
    'two votes of a quorum at the same moment are both counted, once',
    async (town) => {
      await town.worker().beats();
      const ops = town.chat('telegram:-100');
      for (let round = 0; round < 10; round += 1) {
        const runId = await ops.asks('ana', 'run db-migrate to=1');
        await Promise.all(['bob', 'cho', 'fay', 'gus'].map((who) => say(town, who, `yes ${runId}`)));
        const run = await town.run(runId);
        expect(run.status).toBe('Approved');
        expect(new Set(run.votes.map(({ personId }) => personId)).size).toBe(2);
        const said = await Promise.all(
          ['ana', 'bob', 'cho', 'fay'].map((who) => say(town, who, `resume ${runId}`)),
        );
        expect(said.filter((text) => text === `Starting ${runId} (db-migrate).`)).toHaveLength(1);
        const events = await town.events(runId);
        expect(events.filter((type) => type === 'RunResumed')).toHaveLength(1);
        expect(events.filter((type) => type === 'ExecutionDispatched')).toHaveLength(1);
      }
    },
    { people },
  );

  story(
    'a yes against the clock: it is approved or over, never both',
    async (town) => {
      const ops = town.chat('telegram:-100');
      for (let round = 0; round < 10; round += 1) {
        const runId = await ops.asks('ana', 'run backup');
        town.passes(minutes(30) + (round % 2));
        await Promise.all([
          say(town, 'bob', `yes ${runId}`),
          town.keepsHouse(),
          say(town, 'cho', `no ${runId}`),
        ]);
        const ends = (await town.events(runId)).slice(2);
        expect(['RunApproved ExecutionDispatched', 'RunDenied', 'ApprovalTimedOut']).toContain(
          ends.join(' '),
        );
        if (round % 2 === 1) expect(ends).toEqual(['ApprovalTimedOut']);
      }
    },
    { people },
  );

  story(
    'a result, a cancel and a lost lease at the same moment: one of them is recorded',
    async (town) => {
      const ops = town.chat('telegram:-100');
      for (let round = 0; round < 10; round += 1) {
        const runId = await ops.asks('ana', 'run backup');
        await say(town, 'bob', `yes ${runId}`);
        const attempt = await town.worker().takes();
        town.passes(minutes(1));
        const [report] = await Promise.all([
          attempt.succeeds(),
          say(town, 'ana', `cancel ${runId}`),
          town.keepsHouse(),
        ]);
        const events = (await town.events(runId)).slice(5);
        expect([
          'ExecutionSucceeded',
          'RunCanceled',
          'ExecutionLost ApprovalRequested',
          LOST_THEN_CANCELED,
        ]).toContain(events.join(' '));
        expect(report).toBe(events.includes('ExecutionSucceeded') ? 'recorded' : 'refused');
        if ((await town.run(runId)).status === 'AwaitingApproval') await say(town, 'bob', `no ${runId}`);
      }
    },
    { people },
  );

  story(
    'several workers never hold the same run',
    async (town) => {
      const ops = town.chat('telegram:-100');
      const ids: string[] = [];
      for (let count = 0; count < 8; count += 1) {
        const runId = await ops.asks('ana', 'run backup');
        await say(town, 'bob', `yes ${runId}`);
        ids.push(runId);
      }
      const names = Array.from({ length: 12 }, (_, index) => `w${index}`);
      const claimed = await Promise.all(names.map((name) => town.worker(name).claims()));
      const taken = claimed.flatMap((one) => (one === undefined ? [] : [one.entry.runId]));
      expect(new Set(taken).size).toBe(taken.length);
      expect(taken.length).toBeGreaterThan(0);
      for (const runId of taken) expect(ids).toContain(runId);
    },
    { people },
  );
});

const LOST_THEN_CANCELED = 'ExecutionLost ApprovalRequested RunCanceled';
