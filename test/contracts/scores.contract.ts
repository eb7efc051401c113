import { describe, expect } from 'vitest';
import { readScores } from '../../src/core/flows/history/read-scores.ts';
import { sealHistory } from '../../src/core/flows/history/seal-history.ts';
import type { SealChecks } from '../../src/core/flows/history/verify-seals.ts';
import { amend } from '../../src/core/flows/runs/amend.ts';
import { noRight } from '../../src/core/people/refused.ts';
import type { PublishedSeal } from '../../src/core/runs/seal.ts';
import type { Evidence } from '../../src/core/scorecard/readings.ts';
import { verifier } from '../../src/seals/ed25519.ts';
import { ana, asks, bob, by, eve, fails, minutes, says, starts, vanishes } from '../cast.ts';
import { newSigner, sealerOn } from '../sealer.ts';
import { nothing } from './given.ts';
import { DAYS, eventsOf, heavyJob, heavyRun, lightRun, scoreTown, selfTestRun } from './score-town.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const times = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const { good, bad, bare } = DAYS;

export const scoresContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('the scorecard', () => {
    law('counts messages that were answered within a minute and at the first try', async ({ store }) => {
      const town = await scoreTown(store);
      await town.messages(
        good,
        times(100, (n) => (n === 0 ? 60_001 : 60_000)),
      );
      await town.messages(bad, [undefined, undefined, ...times(98, () => 5)]);
      await town.messages(
        bare,
        times(99, () => 5),
      );
      expect(await town.line('command-success')).toEqual({
        good: { outcome: 'PASS', value: 99, samples: 100 },
        bad: { outcome: 'FAIL', value: 98, samples: 100 },
        bare: { outcome: 'NOT ENOUGH DATA', value: 100, samples: 99 },
      });
    });

    law('counts no test that the program made of itself as the work of anybody', async ({ store }) => {
      const town = await scoreTown(store);
      await town.runs(
        ...times(20, () => lightRun(town.nextId(), good)),
        ...times(9, () => selfTestRun(town.nextId(), good)),
      );
      expect((await town.line('human-intervention')).good).toMatchObject({ outcome: 'PASS', samples: 20 });
      // One that is not as it was written hides behind no exemption.
      const runId = town.nextId();
      const forged = eventsOf(selfTestRun(runId, bad)).map((event) =>
        event.type === 'RunApproved' ? { ...event, actor: 'worker:w1' } : event,
      );
      await town.forged([{ runId, events: forged }]);
      expect((await town.line('human-intervention')).bad).toMatchObject({ samples: 1 });
    });

    law('finds a heavy run that was started twice, however few there are', async ({ store }) => {
      const town = await scoreTown(store);
      await town.runs(...times(20, () => heavyRun(town.nextId(), good)), heavyRun(town.nextId(), bare));
      const runId = town.nextId();
      const events = eventsOf(heavyRun(runId, bad));
      const start = events.findIndex(({ type }) => type === 'ExecutionStarted') + 1;
      await town.forged([{ runId, events: [...events.slice(0, start), ...events.slice(start - 1)] }]);
      expect(await town.line('duplicate-heavy-executions')).toEqual({
        good: { outcome: 'PASS', value: 0, samples: 20 },
        bad: { outcome: 'FAIL', value: 1, samples: 2 },
        bare: { outcome: 'NOT ENOUGH DATA', value: 0, samples: 1 },
      });
    });

    law('does not take an attempt that a person asked for anew for a second start', async ({ store }) => {
      const town = await scoreTown(store);
      const runId = town.nextId();
      const [request, ...first] = heavyRun(runId, good);
      const lost = [
        ...first.slice(0, 3),
        vanishes(1, good + minutes(1)),
        says.yes(bob, good + minutes(2)),
        says.resume(ana, { at: good + minutes(3) }),
        starts(heavyJob, { epoch: 2, fence: 2, at: good + minutes(4) }),
        fails(2, good + minutes(5)),
      ];
      await town.runs([request, ...lost]);
      expect((await town.line('duplicate-heavy-executions'))['good']).toMatchObject({ value: 0, samples: 2 });
    });

    law('measures how many heavy runs succeed, and how long approved ones wait', async ({ store }) => {
      const town = await scoreTown(store);
      const runs = (day: number, count: number, failed: number, waitMs: number) =>
        times(count, (n) => heavyRun(town.nextId(), day, { waitMs, end: n < failed ? 'bad' : 'good' }));
      await town.runs(
        ...runs(good, 25, 1, 89_999),
        ...runs(bad, 25, 2, 90_000),
        ...runs(bare, 2, 0, 500_000),
      );
      expect(await town.line('heavy-success')).toEqual({
        good: { outcome: 'PASS', value: 96, samples: 25 },
        bad: { outcome: 'FAIL', value: 92, samples: 25 },
        bare: { outcome: 'NOT ENOUGH DATA', value: 100, samples: 2 },
      });
      expect(await town.line('approve-to-resume')).toEqual({
        good: { outcome: 'PASS', value: 90, samples: 25 },
        bad: { outcome: 'FAIL', value: 90, samples: 25 },
        bare: { outcome: 'NOT ENOUGH DATA', value: 500, samples: 2 },
      });
    });

    law('follows every run from its request to its end', async ({ store }) => {
      const town = await scoreTown(store);
      await town.runs(...times(20, () => lightRun(town.nextId(), good)), lightRun(town.nextId(), bare));
      const unasked = town.nextId();
      const events = eventsOf(lightRun(unasked, bad)).filter(({ type }) => type !== 'RunApproved');
      await town.forged([{ runId: unasked, events }]);
      expect(await town.line('traceability')).toEqual({
        good: { outcome: 'PASS', value: 100, samples: 20 },
        bad: { outcome: 'FAIL', value: 0, samples: 1 },
        bare: { outcome: 'NOT ENOUGH DATA', value: 100, samples: 1 },
      });
      const { reasons } = await town.card('bad');
      expect(reasons).toContain(`traceability: FAIL: run ${unasked}: it was started before any approval`);
    });

    law('counts what people had to do that nobody had planned', async ({ store }) => {
      const town = await scoreTown(store);
      const steered = (day: number) => {
        const [request, ...rest] = lightRun(town.nextId(), day);
        return [
          request,
          ...rest.slice(0, 2),
          says.cancel(bob, day + 2500),
          says.recover(ana, false, day + 4000),
        ] as const;
      };
      await town.runs(
        ...times(19, () => lightRun(town.nextId(), good)),
        steered(good),
        ...times(18, () => lightRun(town.nextId(), bad)),
        steered(bad),
        steered(bad),
        steered(bare),
      );
      expect(await town.line('human-intervention')).toEqual({
        good: { outcome: 'PASS', value: 10, samples: 20 },
        bad: { outcome: 'FAIL', value: 20, samples: 20 },
        bare: { outcome: 'NOT ENOUGH DATA', value: 200, samples: 1 },
      });
    });

    law('adds up how long people are busy', async ({ store }) => {
      const town = await scoreTown(store);
      // Ana asks for one run after another, for 59 minutes and for 60; the other day has hardly begun.
      const busy = (day: number, count: number, everyMs: number) =>
        times(count, (n) => [asks(undefined, { runId: town.nextId(), at: day + n * everyMs })] as const);
      await town.runs(...busy(good, 118, 30_000), ...busy(bad, 121, 30_000));
      await town.runs([asks(undefined, { runId: town.nextId(), at: bare + minutes(1200) })]);
      expect(await town.line('operator-active-time')).toEqual({
        good: { outcome: 'PASS', value: 59, samples: 1 },
        bad: { outcome: 'FAIL', value: 60.5, samples: 1 },
        bare: { outcome: 'NOT ENOUGH DATA', value: 0.5, samples: 0.1 },
      });
    });

    law(
      'knows when the program was there, by the minute',
      async ({ store, other }) => {
        const town = await scoreTown(store);
        const note = (at: number, from = store) => from.incidents.note({ at, raised: [], cleared: [] });
        for (const n of times(1440, (index) => index)) {
          if (n % 480 !== 7) await note(good + minutes(n) + 1, n % 2 === 0 ? store : other);
          if (n >= 5) await note(bad + minutes(n) + 59_999);
        }
        await store.incidents.note({ at: bare + minutes(1400), raised: [], cleared: [] });
        const { bare: last, ...shown } = await town.line('uptime');
        expect(shown).toEqual({
          good: { outcome: 'PASS', value: 99.79, samples: 1440 },
          bad: { outcome: 'FAIL', value: 99.65, samples: 1440 },
        });
        expect(last).toMatchObject({ outcome: 'FAIL', samples: 1440 });
        const fresh = await store.scores.up({
          since: good - minutes(1440),
          until: good + minutes(10) + 30_000,
        });
        expect(fresh).toEqual({ first: good, minutes: 9 });
      },
      120_000,
    );

    law('knows how long something was wrong, and writes it down once', async ({ store, other }) => {
      const town = await scoreTown(store);
      const problem = { kind: 'problem', name: 'no worker' } as const;
      const telegram = { kind: 'channel', name: 'telegram' } as const;
      const lasts = async (at: number, ms: number, named = [problem]) => {
        await store.incidents.note({ at, raised: named, cleared: [] });
        await other.incidents.note({ at: at + 1, raised: named, cleared: [] });
        await other.incidents.note({ at: at + ms, raised: [], cleared: named });
        await store.incidents.note({ at: at + ms + 1, raised: [], cleared: named });
      };
      for (const [n, ms] of [5, 10, 15].entries()) await lasts(good + minutes(60 * n), minutes(ms));
      for (const [n, ms] of [5, 10, 16].entries()) await lasts(bad + minutes(60 * n), minutes(ms));
      await lasts(bare, minutes(1));
      expect(await town.line('mean-time-to-recovery')).toEqual({
        good: { outcome: 'PASS', value: 10, samples: 3 },
        bad: { outcome: 'FAIL', value: 10.33, samples: 3 },
        bare: { outcome: 'NOT ENOUGH DATA', value: 1, samples: 1 },
      });
      await store.incidents.note({ at: bare, raised: [telegram, problem], cleared: [] });
      expect(await other.incidents.open()).toEqual([
        { ...telegram, raisedAt: bare },
        { ...problem, raisedAt: bare },
      ]);
    });

    law('forgets after ninety days what is over, and nothing that still lasts', async ({ store }) => {
      const problem = { kind: 'problem', name: 'no worker' } as const;
      const failures = { kind: 'problem', name: 'failures' } as const;
      await store.incidents.note({ at: good, raised: [problem, failures], cleared: [] });
      await store.incidents.note({ at: good + 1, raised: [], cleared: [problem] });
      const later = good + minutes(1440 * 91);
      await store.incidents.note({ at: later, raised: [], cleared: [] });
      const whole = { since: 0, until: later + minutes(1) };
      expect(await store.scores.incidents(whole, 10)).toEqual([{ ...failures, raisedAt: good }]);
      expect(await store.scores.up({ ...whole, until: later + minutes(2) })).toMatchObject({ minutes: 1 });
    });

    law('counts outages of channels that ended in time, with those made on purpose', async ({ store }) => {
      const town = await scoreTown(store);
      const telegram = { kind: 'channel', name: 'telegram' } as const;
      const outages = async (day: number, lengths: readonly number[]): Promise<void> => {
        for (const [n, ms] of lengths.entries()) {
          await store.incidents.note({ at: day + minutes(20 * n), raised: [telegram], cleared: [] });
          await store.incidents.note({ at: day + minutes(20 * n) + ms, raised: [], cleared: [telegram] });
        }
      };
      await outages(good, [...times(19, () => 5000), minutes(11)]);
      await outages(bad, [minutes(11), minutes(12)]);
      await outages(bare, [1000]);
      const polls = { faults: 18, recovered: 18 };
      expect(await town.line('poll-recovery', { bad: { evidence: { polls, drills: [] } } })).toEqual({
        good: { outcome: 'PASS', value: 95, samples: 20 },
        bad: { outcome: 'FAIL', value: 90, samples: 20 },
        bare: { outcome: 'NOT ENOUGH DATA', value: 100, samples: 1 },
      });
    });

    law('reads what was tried out beside the program', async ({ store }) => {
      const town = await scoreTown(store);
      const tried = (failed: number, outcomes: readonly string[], total = 100): { evidence: Evidence } => ({
        evidence: { invariants: { total, failed, at: 0 }, drills: [{ job: 'backup', outcomes }] },
      });
      const told = {
        good: tried(
          0,
          times(5, () => 'Succeeded'),
        ),
        bad: tried(1, ['Succeeded', 'Succeeded', 'Failed', 'Succeeded', 'Succeeded'], 5),
        bare: tried(0, ['Succeeded'], 5),
      };
      expect(await town.line('control-invariants', told)).toEqual({
        good: { outcome: 'PASS', value: 0, samples: 100 },
        bad: { outcome: 'FAIL', value: 1, samples: 5 },
        bare: { outcome: 'NOT ENOUGH DATA', value: 0, samples: 5 },
      });
      expect(await town.line('outcome-consistency', told)).toEqual({
        good: { outcome: 'PASS', value: 100, samples: 5 },
        bad: { outcome: 'FAIL', value: 80, samples: 5 },
        bare: { outcome: 'NOT ENOUGH DATA', value: 100, samples: 1 },
      });
    });

    law(
      'a decision stays one of a linked person when the account was taken away later, on record',
      async ({ store }) => {
        const town = await scoreTown(store);
        await town.runs(lightRun(town.nextId(), good));
        const questions = async () =>
          (await town.card('good')).lines.find(({ name }) => name === 'audit-score')?.why;
        expect(await questions()).toMatch(/^nothing to look at for: seals verify/);
        await store.people.replaceFilePeople([ana], good);
        expect(await questions()).toMatch(
          /^every decision by a linked person: run R00001 was decided by dev:bob/,
        );
        const gone = (type: string, payload: object) =>
          amend(store, async () => ({
            said: { lines: [] },
            records: [{ type, actor: 'user:dev:ana', payload }],
          }));
        await gone('GateOpened', { gate: 'x' });
        expect(await questions()).toMatch(/dev:bob/);
        await gone('IdentityUnlinked', { personId: 'cho', identity: 'dev:cho' });
        await gone('PersonRevoked', { personId: 'bob', name: 'Bob', roles: [], identities: ['dev:bob'] });
        expect(await questions()).toMatch(/^nothing to look at for: seals verify/);
      },
    );

    law('who decides in the console with an account of a channel is whoever has it', async ({ store }) => {
      const town = await scoreTown(store);
      const decidedBy = async (account: string) => {
        const [request] = lightRun(town.nextId(), good);
        await town.runs([request, { ...says.no(bob, good + minutes(1)), by: by(bob, `web:${account}`) }]);
        return (await town.card('good')).lines.find(({ name }) => name === 'audit-score')?.why;
      };
      expect(await decidedBy('dev:bob')).toMatch(/^nothing to look at for: seals verify/);
      expect(await decidedBy('dev:zed')).toMatch(/run R00002 was decided by web:dev:zed, who is no linked/);
    });

    law('lets others work after every hundred runs, however many there are', async ({ store }) => {
      const town = await scoreTown(store);
      await town.runs(...times(201, (n) => lightRun(town.nextId(), good + n)));
      const rested: number[] = [];
      let seen = 0;
      const counting = {
        ...store,
        scores: {
          ...store.scores,
          eventsOf: (runIds: readonly string[]) => {
            seen += runIds.length;
            return store.scores.eventsOf(runIds);
          },
        },
      };
      const { runs } = await readScores(
        {
          store: counting,
          seals: { verifies: verifier(), keys: new Set(), published: new Map(), publishedIn: 'seals.log' },
          log: { logRecords: 0, logged: {} },
          evidence: { drills: [] },
          anybodyDecides: () => true,
          rest: () => Promise.resolve(void rested.push(seen)),
        },
        { since: good, until: good + minutes(1440) },
      );
      expect(runs).toHaveLength(201);
      expect(rested).toEqual([100, 200, 201]);
    });

    law(
      'checks the newest seals against those before them, the known keys and the published ones',
      async ({ store }) => {
        const town = await scoreTown(store);
        const sealer = await sealerOn(store);
        for (const n of times(3, (index) => index)) {
          await town.runs(lightRun(town.nextId(), good + n));
          await sealer.sealAll();
        }
        const checks = await sealer.checks();
        const seals = async (more: Partial<SealChecks>, sealsMax?: number) => {
          const sources = {
            store,
            log: { logRecords: 0, logged: {} },
            evidence: { drills: [] },
            anybodyDecides: () => true,
          };
          const whole = { since: good, until: good + minutes(1440) };
          return (await readScores({ ...sources, seals: { ...checks, ...more } }, whole, sealsMax)).seals;
        };
        expect(await seals({})).toEqual({ checked: 3 });
        expect(await seals({}, 2)).toEqual({ checked: 2 });
        expect(await seals({ keys: new Set(['f'.repeat(64)]) })).toMatchObject({
          fault: expect.stringMatching(/^seal 1: it is signed/),
        });
        const lost = { number: 9, at: good, hash: 'e'.repeat(64) };
        const published = new Map([
          ...checks.published,
          [9, { ...[...checks.published.values()][0], ...lost } as PublishedSeal],
        ]);
        expect(await seals({ published })).toMatchObject({
          fault: expect.stringMatching(/^seal 9: seals\.log names it/),
        });
      },
    );

    law('asks five things of an audit, and takes no answer for none', async ({ store }) => {
      const town = await scoreTown(store);
      await town.runs(...times(3, () => lightRun(town.nextId(), good)));
      await store.runs.commit([
        {
          ...nothing,
          upkeep: [{ kind: 'refusal_counted', refused: noRight('stranger'), times: 2 }],
          at: good,
        },
      ]);
      const seal = sealHistory({
        store,
        signer: newSigner(),
        verifies: verifier(),
        file: {
          name: 'seals.log',
          last: async () => undefined,
          knows: async () => true,
          append: async () => undefined,
        },
        observe: () => undefined,
        chat: () => undefined,
      });
      while ((await seal('now')) === 'busy');
      // Somebody decides who is nobody here.
      const [request, , , end] = lightRun(town.nextId(), bad);
      const yes = says.yes({ ...eve, roles: ['approver'] }, bad + 1000);
      await town.runs([
        request,
        yes,
        starts(undefined, { at: bad + 2000, entitled: ['eve'] }),
        ...(end ? [end] : []),
      ]);
      const told = {
        good: { log: { logRecords: 9, logged: { auth_refused: 2 } } },
        bad: { log: { logRecords: 9, logged: {} } },
        bare: { log: { logRecords: 9, logged: {} } },
      };
      expect(await town.line('audit-score', told)).toEqual({
        good: { outcome: 'PASS', value: 100, samples: 5 },
        bad: { outcome: 'FAIL', value: 80, samples: 5 },
        bare: { outcome: 'NOT ENOUGH DATA', value: 100, samples: 2 },
      });
      const silent = await town.card('good', { log: { logRecords: 9, logged: { auth_refused: 3 } } });
      expect(silent.reasons).toContain(
        'audit-score: FAIL: every refusal recorded: the log tells of 3 auth_refused, the database of 2',
      );
    });
  });
};
