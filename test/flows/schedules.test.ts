import { expect } from 'vitest';
import { fireSchedules } from '../../src/core/flows/schedules/fire-schedule.ts';
import type { ScheduleSpec } from '../../src/core/schedules/schedule.ts';
import { minutes } from '../cast.ts';
import { residents } from './residents.ts';
import { onEveryStore, onLastingStores, type Town } from './town.ts';

const GROUP = 'telegram:-100';
const HOUR = minutes(60);

/** Noon in the town is 13:00 of a Saturday in Berlin. */
const weekly = (over: Partial<ScheduleSpec> = {}): ScheduleSpec => ({
  key: 'weekly-report',
  jobKey: 'report',
  cron: '0 14 * * sat',
  timezone: 'Europe/Berlin',
  chat: GROUP,
  params: {},
  overlap: 'skip',
  ...over,
});

const hourly = (over: Partial<ScheduleSpec> = {}) => weekly({ key: 'hourly', cron: '0 * * * *', ...over });

/** Time passes, and somebody looks. */
const after = async (town: Town, ms: number): Promise<void> => {
  town.passes(ms);
  await town.ticks();
};

const asked = async ({ store }: Town): Promise<readonly string[]> =>
  (await store.runs.list({ limit: 100 })).runs.map(({ state }) => state.runId);

const onlyRun = async (town: Town): Promise<string> => {
  const [runId, ...more] = await asked(town);
  if (runId === undefined || more.length > 0) throw new Error(`${more.length} runs instead of one`);
  return runId;
};

const switchQueue = ({ store, now }: Town, open: boolean) => {
  const upkeep = [{ kind: 'gate', name: 'queue.job_substrate.enabled', open, by: 'user:dev:ana' } as const];
  return store.runs.commit([{ queue: [], outbox: [], upkeep, at: now() }]);
};

const records = async ({ store }: Town) =>
  (await store.runs.history('system')).map(({ type, actor, payload }) => ({ type, actor, payload }));

onEveryStore((story) => {
  story('a job is asked for when it is due, and runs when somebody says yes', async (town) => {
    const ops = town.chat(GROUP);
    await town.plans([weekly({ decideByMs: HOUR })]);
    await after(town, HOUR - 1);
    expect(await asked(town)).toEqual([]);
    await after(town, 1);
    const runId = await onlyRun(town);
    const { digest } = await town.run(runId);
    expect((await ops.card(runId)).split('\n')).toEqual([
      `⏳ Scheduled: approval needed · ${runId}`,
      'report v1 — Weekly usage report',
      'Will run: ./report.sh',
      'Due Sat 21 Nov 13:00 UTC · every Saturday at 14:00 (Europe/Berlin)',
      `If nobody answers by 14:00 UTC it is skipped until Sat 28 Nov 13:00 UTC. · digest ${digest.slice(0, 6)}`,
      'Asked by schedule weekly-report · needs 1 of: Bob, Cho',
      `Or answer /yes ${runId} · /no ${runId}, or reply to this message.`,
    ]);
    expect(await ops.labels()).toEqual(['Approve', 'Skip this time', 'Pause schedule', 'Details']);
    expect(await ops.presses('bob', 'Approve')).toBe(`Approved ${runId}`);
    await (await town.worker().takes()).succeeds();
    expect(await town.events(runId)).toEqual([
      'RunCreated',
      'ScheduleTriggered',
      'ApprovalRequested',
      'RunApproved',
      'ExecutionDispatched',
      'ExecutionStarted',
      'ExecutionSucceeded',
    ]);
    const [created, triggered] = await town.store.runs.history(runId);
    expect([created?.actor, triggered?.actor]).toEqual(['schedule:weekly-report', 'schedule:weekly-report']);
    expect(triggered?.payload).toMatchObject({ schedule: 'weekly-report', dueAt: town.now() });
  });

  story('a no skips this time only', async (town) => {
    const ops = town.chat(GROUP);
    await town.plans([weekly()]);
    await after(town, HOUR);
    const runId = await onlyRun(town);
    town.passes(minutes(3));
    expect(await ops.presses('bob', 'Skip this time')).toBe(`Skipped ${runId}.`);
    expect((await ops.card(runId)).split('\n')).toEqual([
      `⛔ Skipped · ${runId}`,
      'report v1 · by Bob 13:03 UTC · next Sat 28 Nov 13:00 UTC',
    ]);
    await ops.says('cho', `/yes ${runId}`);
    expect((await ops.hears()).at(-1)).toBe('Already skipped by Bob 13:03 UTC. Nothing changed.');
    await after(town, 7 * 24 * HOUR - minutes(3));
    expect(await asked(town)).toHaveLength(2);
  });

  story('silence skips it as well, after the time that the schedule gives', async (town) => {
    await town.plans([weekly({ decideByMs: minutes(10) })]);
    await after(town, HOUR);
    const runId = await onlyRun(town);
    await town.chat(GROUP).hears();
    town.passes(minutes(10) + 1);
    await town.keepsHouse();
    expect((await town.run(runId)).status).toBe('Expired');
    expect(await town.chat(GROUP).hears()).toEqual([
      `⌛ report (${runId}) expired: nobody answered in 10 min. Nothing ran.`,
    ]);
    expect(await town.chat(GROUP).card(runId)).toContain('Nothing ran. · next Sat 28 Nov 13:00 UTC');
  });

  story('a channel without cards hears a question that it can answer', async (town) => {
    const ops = town.chat('dev:ops');
    await town.plans([weekly({ chat: 'dev:ops' })]);
    await after(town, HOUR + minutes(2));
    const runId = await onlyRun(town);
    expect(await ops.hears()).toEqual([
      'Scheduled job "report" is ready (due Sat 21 Nov 14:00 Europe/Berlin, asked late because TextOps was not ' +
        `running). Reply YES ${runId} to approve or NO ${runId} to skip it this time, by 14:32.`,
    ]);
    await ops.says('bob', `no ${runId}`);
    expect(await ops.hears()).toEqual([
      `Bob skipped report (${runId}) this time. Nothing ran. Next: Sat 28 Nov 14:00 Europe/Berlin.`,
    ]);
  });

  story('parameters are those of the schedule, and the job’s own where it says none', async (town) => {
    await town.plans([weekly({ jobKey: 'restart-web', params: { env: 'prod' } })]);
    await after(town, HOUR);
    expect(await town.run(await onlyRun(town))).toMatchObject({
      params: { env: 'prod', hosts: 1 },
      defaulted: ['hosts'],
    });
  });

  story('however many look at the same time, one of them asks', async (town) => {
    await town.plans([weekly(), hourly()]);
    town.passes(HOUR);
    const ticks = Array.from({ length: 8 }, () => fireSchedules(town.rooms)());
    await Promise.all(ticks);
    expect(await asked(town)).toHaveLength(2);
    expect(await town.chat(GROUP).hears()).toHaveLength(2);
    expect(town.seen('loop_faulted')).toEqual([]);
  });

  story('more than fit into one look are asked all the same', async (town) => {
    await town.plans(
      Array.from({ length: 230 }, (_, n) => weekly({ key: `s${n}`, chat: `telegram:-1${n}` })),
    );
    await after(town, HOUR);
    const { waiting } = await town.store.reader.figures(town.now());
    expect(waiting).toBe(230);
    await town.chat(GROUP).says('bob', '/schedules');
    const [list = ''] = await town.chat(GROUP).hears();
    expect(list.split('\n').at(-1)).toBe('… and 210 more: textops schedules');
  });

  story(
    'a job that never asks starts at once',
    async (town) => {
      await town.plans([hourly({ jobKey: 'clean-up', chat: 'dev:ops' })]);
      await after(town, HOUR);
      const runId = await onlyRun(town);
      expect(await town.events(runId)).toEqual([
        'RunCreated',
        'ScheduleTriggered',
        'RunApproved',
        'ExecutionDispatched',
      ]);
      expect(town.seen('never_policy_used')).toMatchObject([{ runId }]);
      expect(await town.chat('dev:ops').hears()).toEqual([
        `Approved by policy. Starting run ${runId} for job "clean-up"…`,
      ]);
    },
    { profile: 'dev' },
  );

  story('while the last run has not ended, an occurrence is left out, on record', async (town) => {
    await town.plans([hourly({ decideByMs: 3 * HOUR })]);
    await after(town, HOUR);
    const runId = await onlyRun(town);
    await after(town, HOUR);
    expect(await asked(town)).toEqual([runId]);
    const dueAt = town.now();
    expect(await records(town)).toEqual([
      {
        type: 'ScheduleSkipped',
        actor: 'schedule:hourly',
        payload: { schedule: 'hourly', dueAt, because: 'overlap', runId },
      },
    ]);
    expect(town.seen('schedule_skipped')).toMatchObject([{ schedule: 'hourly', because: 'overlap', runId }]);
    await town.chat(GROUP).presses('bob', 'Skip this time');
    await after(town, HOUR);
    expect(await asked(town)).toHaveLength(2);
  });

  story('or waits for its end, and says so', async (town) => {
    const ops = town.chat(GROUP);
    await town.plans([hourly({ overlap: 'queue', decideByMs: 5 * HOUR })]);
    await after(town, HOUR);
    const first = await onlyRun(town);
    await after(town, HOUR);
    await after(town, HOUR);
    expect(await asked(town)).toEqual([first]);
    expect((await records(town)).map(({ type }) => type)).toEqual(['ScheduleSkipped']);
    town.passes(minutes(20));
    await ops.presses('bob', 'Skip this time');
    await town.ticks();
    const [second = ''] = await asked(town);
    expect(second).not.toBe(first);
    expect(await ops.card(second)).toContain(
      'Due Sat 21 Nov 14:00 UTC, asked late 15:20 UTC because the run before had not ended · every hour',
    );
  });

  story('the last one of all promises no other', async (town) => {
    await town.plans([hourly({ overlap: 'queue' })]);
    const change = { key: 'hourly', expectedVersion: 1, standing: { waitingFor: town.now() } };
    await town.store.runs.commit([{ queue: [], outbox: [], schedules: [change], at: town.now() }]);
    await town.ticks();
    expect(await town.chat(GROUP).card(await onlyRun(town))).toContain('it is skipped. · digest');
  });

  story('nothing is asked while a schedule is paused, whatever waits', async (town) => {
    await town.plans([hourly({ overlap: 'queue' })]);
    const standing = { waitingFor: town.now(), paused: { by: 'Ana', at: town.now() } };
    const change = { key: 'hourly', expectedVersion: 1, standing };
    await town.store.runs.commit([{ queue: [], outbox: [], schedules: [change], at: town.now() }]);
    await after(town, 2 * HOUR);
    expect(await asked(town)).toEqual([]);
    await town.chat(GROUP).says('bob', '/schedules');
    expect((await town.chat(GROUP).hears())[0]).toMatch(/^1 schedule\n.*\n {3}paused by Ana since/);
  });

  story('or is asked beside it', async (town) => {
    await town.plans([hourly({ overlap: 'allow', decideByMs: 5 * HOUR })]);
    await after(town, HOUR);
    await after(town, HOUR);
    expect(await asked(town)).toHaveLength(2);
  });

  story('a new timing counts from now on, and what left the file asks no more', async (town) => {
    await town.plans([hourly(), weekly()]);
    await town.plans([hourly({ cron: '30 * * * *' })]);
    await after(town, HOUR / 2);
    expect(await asked(town)).toHaveLength(1);
    await town.plans([]);
    await after(town, 2 * HOUR);
    expect(await asked(town)).toHaveLength(1);
    expect(await records(town)).toEqual([]);
  });

  story(
    'what cannot be asked is told where it would have been asked',
    async (town) => {
      await switchQueue(town, false);
      await town.plans([
        hourly({ key: 'a', jobKey: 'gone' }),
        hourly({ key: 'b', jobKey: 'restart-web', params: { env: 'nowhere' } }),
        hourly({ key: 'c', jobKey: 'clean-up' }),
      ]);
      await after(town, HOUR);
      expect(await asked(town)).toEqual([]);
      expect(await town.chat(GROUP).hears()).toEqual([
        [
          '⚠️ a (gone) was due Sat 21 Nov 13:00 UTC and could not ask: there is no such job any more.',
          '⚠️ b (restart-web) was due Sat 21 Nov 13:00 UTC and could not ask: its parameters do not fit the job any more.',
          '⚠️ c (clean-up) was due Sat 21 Nov 13:00 UTC and could not ask: the queue is switched off, see /gates.',
        ]
          .map((line) => `${line} Nothing ran. Next Sat 21 Nov 14:00 UTC`)
          .join('\n'),
      ]);
      expect(town.seen('schedule_skipped').map(({ because }) => because)).toEqual([
        'unknown_job',
        'invalid_params',
        'job_substrate_disabled',
      ]);
      await after(town, HOUR);
      expect(await records(town)).toHaveLength(6);
      // The gates of a database outlive its story.
      await switchQueue(town, true);
    },
    { profile: 'dev' },
  );

  story('a fault keeps only its own schedule, which is asked as soon as it is over', async (town) => {
    await town.plans([hourly({ key: 'broken', jobKey: 'backup' }), hourly()]);
    const { ambient } = town.rooms;
    const broken = {
      ...town.rooms,
      ambient: {
        ...ambient,
        fingerprint: (target: Parameters<typeof ambient.fingerprint>[0]) =>
          target.kind === 'command' && target.command[0] === 'pg-backup'
            ? Promise.reject(new Error('the disk is away'))
            : ambient.fingerprint(target),
      },
    };
    town.passes(HOUR);
    const tick = fireSchedules(broken);
    expect([await tick(), await tick()]).toEqual(['busy', 'idle']);
    expect(await asked(town)).toHaveLength(1);
    expect(town.seen('loop_faulted')).toMatchObject([
      { loop: 'schedule broken' },
      { loop: 'schedule broken' },
    ]);
    await after(town, minutes(2));
    expect(await asked(town)).toHaveLength(2);
  });

  story('/schedules says what comes and what came, and /ops how late the clock is', async (town) => {
    const ops = town.chat(GROUP);
    await ops.says('bob', '/schedules');
    expect((await ops.hears())[0]).toBe('There is no schedule of a job that you may ask for or decide.');
    await town.plans([
      weekly(),
      hourly({ decideByMs: 5 * HOUR }),
      hourly({ key: 'secret', jobKey: 'vault-dump' }),
    ]);
    await after(town, HOUR);
    expect(await asked(town)).toHaveLength(3);
    await after(town, HOUR);
    await ops.hears();
    await ops.says('bob', '/schedules');
    const [list = ''] = await ops.hears();
    expect(list.replaceAll(/[0-9A-Z]{6}(?= |$)/g, 'RUN')).toBe(
      [
        '2 schedules',
        'hourly  report · every hour (Europe/Berlin)',
        '   next Sat 21 Nov 16:00 · last Sat 21 Nov 15:00: left out, RUN had not ended',
        'weekly-report  report · every Saturday at 14:00 (Europe/Berlin)',
        '   next Sat 28 Nov 14:00 · last Sat 21 Nov 14:00: ⏳ RUN waiting for approval',
      ].join('\n'),
    );
    const [bob] = residents.filter(({ id }) => id === 'bob');
    await town.admits(bob === undefined ? [] : [{ ...bob, timezone: 'Asia/Tokyo' }]);
    await ops.says('bob', '/schedules');
    expect((await ops.hears())[0]).toContain('next Sun 22 Nov 00:00 Asia/Tokyo');
    town.passes(HOUR + minutes(2));
    await ops.says('bob', '/ops');
    const [board = ''] = await ops.hears();
    expect(board).toContain('Schedules: the oldest due one waits 2m → /ops workers');
    expect(board).toMatch(/^schedule {2}2m late !$/m);
  });
});

onLastingStores((story) => {
  story('a start within five minutes asks late, and says why', async (town) => {
    await town.plans([weekly()]);
    town.passes(HOUR + minutes(3));
    await town.restarts();
    await town.plans([weekly()]);
    await town.ticks();
    const runId = await onlyRun(town);
    expect(await town.chat(GROUP).card(runId)).toContain(
      'Due Sat 21 Nov 13:00 UTC, asked late 13:03 UTC because TextOps was not running · every Saturday',
    );
    await town.restarts();
    await town.ticks();
    expect(await asked(town)).toEqual([runId]);
  });

  story('a later start only tells what was missed, once', async (town) => {
    await town.plans([weekly(), hourly()]);
    town.passes(3 * HOUR + minutes(10));
    await town.restarts();
    await town.ticks();
    await town.restarts();
    await town.ticks();
    expect(await asked(town)).toEqual([]);
    expect(await town.chat(GROUP).hears()).toEqual([
      [
        '⏰ hourly (report) missed 3 times, Sat 21 Nov 13:00 UTC to Sat 21 Nov 15:00 UTC, because TextOps was not ' +
          'running. Nothing ran. Next Sat 21 Nov 16:00 UTC',
        '⏰ weekly-report (report) missed Sat 21 Nov 13:00 UTC because TextOps was not running. Nothing ran. ' +
          'Next Sat 28 Nov 13:00 UTC',
      ].join('\n'),
    ]);
    const one = town.now() - 2 * HOUR - minutes(10);
    expect(await records(town)).toEqual([
      {
        type: 'ScheduleMissed',
        actor: 'system:recovery',
        payload: { schedule: 'hourly', from: one, dueAt: one + 2 * HOUR, times: 3 },
      },
      {
        type: 'ScheduleMissed',
        actor: 'system:recovery',
        payload: { schedule: 'weekly-report', from: one, dueAt: one, times: 1 },
      },
    ]);
    expect(town.seen('schedule_missed')).toEqual([
      { kind: 'schedule_missed', schedule: 'hourly', jobKey: 'report', times: 3 },
      { kind: 'schedule_missed', schedule: 'weekly-report', jobKey: 'report', times: 1 },
    ]);
  });

  story('of many only the newest is asked, and the rest are one record', async (town) => {
    await town.plans([hourly()]);
    town.passes(4 * HOUR + minutes(2));
    await town.restarts();
    await town.ticks();
    expect(await asked(town)).toHaveLength(1);
    expect(await records(town)).toMatchObject([{ type: 'ScheduleMissed', payload: { times: 3 } }]);
    expect(await town.chat(GROUP).hears()).toHaveLength(2);
  });

  story('a long outage is no flood: one message for a chat, and no endless counting', async (town) => {
    const busy = hourly({ key: 'busy', cron: '* * * * *', chat: 'telegram:-200' });
    await town.plans([busy, ...Array.from({ length: 25 }, (_, n) => hourly({ key: `s${n}` }))]);
    town.passes(10 * HOUR + minutes(10));
    await town.restarts();
    await town.ticks();
    const [told = '', ...more] = await town.chat(GROUP).hears();
    expect(more).toEqual([]);
    expect(told.split('\n')).toHaveLength(21);
    expect(told).toMatch(/\n… and 5 more: \/schedules$/);
    const [many = ''] = await town.chat('telegram:-200').hears();
    expect(many).toContain('busy (report) missed more than 500 times since Sat 21 Nov 12:01 UTC because');
    expect(await records(town)).toContainEqual(
      expect.objectContaining({
        payload: expect.objectContaining({ schedule: 'busy', times: 500, more: true }),
      }),
    );
    expect(await asked(town)).toHaveLength(1);
  });
});
