import { expect } from 'vitest';
import { takeFileSchedules } from '../../src/core/flows/schedules/file-schedules.ts';
import type { ScheduleSpec } from '../../src/core/schedules/schedule.ts';
import { SCHEDULE_REFUSALS } from '../../src/core/text/schedules/schedule-refusals.ts';
import { minutes } from '../cast.ts';
import { jobs, residents } from './residents.ts';
import { onEveryStore, type Town } from './town.ts';

const GROUP = 'telegram:-100';
const HOUR = minutes(60);

const hourly = (over: Partial<ScheduleSpec> = {}): ScheduleSpec => ({
  key: 'hourly',
  jobKey: 'report',
  cron: '0 * * * *',
  timezone: 'Europe/Berlin',
  chat: GROUP,
  params: {},
  overlap: 'skip',
  ...over,
});

const after = async (town: Town, ms: number): Promise<void> => {
  town.passes(ms);
  await town.ticks();
};

/** What the group answers to one line. */
const answer = async (town: Town, who: string, text: string): Promise<string> => {
  const ops = town.chat(GROUP);
  await ops.hears();
  await ops.says(who, text);
  return (await ops.hears()).join('\n\n');
};

const runs = async ({ store }: Town) =>
  (await store.runs.list({ limit: 100 })).runs.map(({ state }) => state);

const records = async ({ store }: Town) =>
  (await store.runs.history('system')).map(({ type, actor, payload }) => ({ type, actor, payload }));

onEveryStore((story) => {
  story('a schedule is made in the conversation that it asks in', async (town) => {
    expect(await answer(town, 'ana', '/schedule report "0 14 * * sat" Europe/Berlin')).toBe(
      [
        'Schedule report: report, every Saturday at 14:00 (Europe/Berlin).',
        'Next: Sat 21 Nov 14:00 · Sat 28 Nov 14:00 · Sat 5 Dec 14:00 (Europe/Berlin)',
        'Each time it asks here.',
        '/schedule pause report · skip report · snooze report 2h · drop report',
      ].join('\n'),
    );
    expect(await records(town)).toEqual([
      {
        type: 'ScheduleCreated',
        actor: 'user:telegram:41',
        payload: {
          schedule: 'report',
          job: 'report',
          cron: '0 14 * * sat',
          timezone: 'Europe/Berlin',
          chat: GROUP,
          params: {},
        },
      },
    ]);
    await after(town, HOUR);
    const [run] = await runs(town);
    expect(run).toMatchObject({ requester: { kind: 'schedule', key: 'report' }, status: 'AwaitingApproval' });
    expect(await town.chat(GROUP).card(run?.runId ?? '')).toContain(
      'every Saturday at 14:00 (Europe/Berlin)',
    );
  });

  story('it is called after its job, and the same wish makes no second one', async (town) => {
    await answer(town, 'ana', 'schedule report "0 14 * * *"');
    expect(await answer(town, 'ana', 'schedule report "0 14 * * *" UTC')).toBe(
      'The schedule "report" does that already. Nothing changed.',
    );
    expect(await answer(town, 'ana', 'schedule report "0 15 * * *"')).toMatch(/^Schedule report-2: /);
    await answer(town, 'ana', 'schedule drop report');
    // The history knows the first one by its name.
    expect(await answer(town, 'ana', 'schedule report "0 14 * * *"')).toMatch(/^Schedule report-3: /);
  });

  story('the zone is that of whoever makes it, where they say none', async (town) => {
    const [ana, ...others] = residents;
    await town.admits(ana === undefined ? [] : [{ ...ana, timezone: 'Asia/Tokyo' }, ...others]);
    expect(await answer(town, 'ana', 'schedule report 0 7 * * *')).toContain(
      'every day at 07:00 (Asia/Tokyo)',
    );
  });

  story('parameters are kept as they were given, and the rest is the job’s', async (town) => {
    await answer(town, 'ana', 'schedule restart-web "0 * * * *" UTC env=prod');
    const [made] = await town.store.schedules.list(1);
    expect(made?.spec.params).toEqual({ env: 'prod' });
    await after(town, HOUR);
    expect((await runs(town))[0]).toMatchObject({ params: { env: 'prod', hosts: 1 }, defaulted: ['hosts'] });
  });

  story('a job that never asks says so when it is scheduled', async (town) => {
    expect(await answer(town, 'ana', 'schedule clean-up "0 3 * * *"')).toContain(
      'Each time it starts it and tells so here, or asks there while owners have not accepted that: /job clean-up',
    );
  });

  story('a pause lets everything pass, and resuming goes on from there', async (town) => {
    await town.plans([hourly()]);
    expect(await answer(town, 'bob', '/schedule pause hourly')).toBe(
      '⏸ Bob paused hourly (report, every hour (Europe/Berlin)). Again: /schedule resume hourly',
    );
    await after(town, 3 * HOUR);
    expect(await runs(town)).toEqual([]);
    expect(await answer(town, 'bob', '/schedule resume hourly')).toBe(
      '▶️ Bob resumed hourly (report, every hour (Europe/Berlin)). Next: Sat 21 Nov 17:00 Europe/Berlin.',
    );
    await after(town, HOUR);
    expect(await runs(town)).toHaveLength(1);
    expect(await records(town)).toEqual([
      { type: 'SchedulePaused', actor: 'user:telegram:42', payload: { schedule: 'hourly' } },
      { type: 'ScheduleResumed', actor: 'user:telegram:42', payload: { schedule: 'hourly' } },
    ]);
  });

  story('the card of a scheduled run has a button that pauses the schedule', async (town) => {
    const ops = town.chat(GROUP);
    await town.plans([hourly()]);
    await after(town, HOUR);
    await ops.hears();
    expect(await ops.presses('bob', 'Pause schedule')).toBe('');
    expect(await ops.hears()).toEqual([
      '⏸ Bob paused hourly (report, every hour (Europe/Berlin)). Again: /schedule resume hourly',
    ]);
    expect((await runs(town))[0]?.status).toBe('AwaitingApproval');
    await after(town, 3 * HOUR);
    expect(await runs(town)).toHaveLength(1);
  });

  story('a skip leaves out the next one only, also through a pause', async (town) => {
    await town.plans([hourly({ overlap: 'allow' })]);
    const dueAt = town.now() + HOUR;
    expect(await answer(town, 'bob', '/schedule skip hourly')).toBe(
      '⏭ Bob skipped hourly of Sat 21 Nov 14:00 Europe/Berlin; nothing is asked then. ' +
        'Next: Sat 21 Nov 15:00 Europe/Berlin.',
    );
    await answer(town, 'bob', '/schedule pause hourly');
    await answer(town, 'bob', '/schedule resume hourly');
    await after(town, HOUR);
    expect(await runs(town)).toEqual([]);
    expect(await answer(town, 'bob', '/schedules')).toContain('last Sat 21 Nov 14:00: skipped by hand');
    await after(town, HOUR);
    expect(await runs(town)).toHaveLength(1);
    expect((await records(town))[0]).toEqual({
      type: 'ScheduleSkipped',
      actor: 'user:telegram:42',
      payload: { schedule: 'hourly', dueAt, because: 'person' },
    });
  });

  story('a snooze asks for the same one later, and says so on the card', async (town) => {
    await town.plans([hourly()]);
    const dueAt = town.now() + HOUR;
    expect(await answer(town, 'bob', '/schedule snooze hourly 20m')).toBe(
      '⏰ Bob put off hourly of Sat 21 Nov 14:00 Europe/Berlin. It is asked for Sat 21 Nov 14:20 Europe/Berlin.',
    );
    expect(await answer(town, 'bob', '/schedules')).toContain(
      'next Sat 21 Nov 14:20, put off from Sat 21 Nov 14:00',
    );
    await after(town, HOUR);
    expect(await runs(town)).toEqual([]);
    await after(town, minutes(20));
    const [run] = await runs(town);
    expect(run?.trigger).toMatchObject({ dueAt, late: 'snoozed' });
    expect(await town.chat(GROUP).card(run?.runId ?? '')).toContain(
      'Due Sat 21 Nov 13:00 UTC, asked late 13:20 UTC because it was put off · every hour',
    );
    const { last, standing } = (await town.store.schedules.find('hourly')) ?? {};
    expect(last).toMatchObject({ dueAt, outcome: 'asked' });
    expect(standing).toEqual({ nextAt: dueAt + HOUR });
    expect((await records(town))[0]).toEqual({
      type: 'ScheduleSnoozed',
      actor: 'user:telegram:42',
      payload: { schedule: 'hourly', dueAt, until: dueAt + minutes(20) },
    });
  });

  story('what is dropped asks no more, and its runs stay', async (town) => {
    await answer(town, 'ana', 'schedule report "0 * * * *"');
    await after(town, HOUR);
    expect(await answer(town, 'ana', '/schedule drop report')).toBe(
      'Ana dropped the schedule report. What it asked for already stays.',
    );
    await after(town, 2 * HOUR);
    expect(await runs(town)).toHaveLength(1);
    expect(await town.store.schedules.list(10)).toEqual([]);
    expect((await records(town)).at(-1)).toEqual({
      type: 'ScheduleDropped',
      actor: 'user:telegram:41',
      payload: { schedule: 'report' },
    });
  });

  story('who comes second is judged on what the first one left', async (town) => {
    await town.plans([hourly()]);
    const ops = town.chat(GROUP);
    const cho = town.chat('telegram:43');
    town.meanwhile(() => cho.says('cho', '/schedule pause hourly'));
    await ops.says('bob', '/schedule pause hourly');
    expect([...(await cho.hears()), ...(await ops.hears())]).toEqual([
      '⏸ Cho paused hourly (report, every hour (Europe/Berlin)). Again: /schedule resume hourly',
      'hourly is paused already.',
    ]);
    expect(await records(town)).toHaveLength(1);
  });

  story('the file wins a name, and whoever had it is told what becomes of it', async (town) => {
    const ops = town.chat(GROUP);
    await ops.says('ana', 'schedule report "0 14 * * sat" Europe/Berlin');
    await ops.hears();
    const ofFile = hourly({ key: 'report', cron: '30 9 * * *', chat: 'telegram:-200' });
    await takeFileSchedules(town.store, town.rooms.ambient.calendar, {
      schedules: [ofFile],
      opsChat: 'telegram:-900',
    });
    const told =
      "⚠️ The schedule report is the file's from now on." +
      ' Before, made in chat: report, every Saturday at 14:00 (Europe/Berlin).' +
      ' Now: report, every day at 09:30 (Europe/Berlin), in another chat. It is changed in the file only.';
    expect(await ops.hears()).toEqual([told]);
    expect(await town.chat('telegram:-900').hears()).toEqual([told]);
    expect((await records(town)).at(-1)).toMatchObject({
      type: 'ScheduleChanged',
      actor: 'system:file',
      payload: { schedule: 'report', cron: '30 9 * * *', chat: 'telegram:-200' },
    });
    expect(await answer(town, 'ana', 'schedules')).toContain(
      'report  report · every day at 09:30 (Europe/Berlin)',
    );

    // Read again it is no news, and neither is a name that was free.
    await town.plans([ofFile, hourly()]);
    expect(await ops.hears()).toEqual([]);
    expect(await town.chat('telegram:-900').hears()).toEqual([]);
  });

  story('a name that the file has is not taken in chat: the next number is', async (town) => {
    await town.plans([hourly({ key: 'report' })]);
    expect(await answer(town, 'ana', 'schedule report "0 14 * * sat" Europe/Berlin')).toMatch(
      /^Schedule report-2: /,
    );
    expect(await town.store.schedules.find('report')).toMatchObject({ source: 'file', version: 1 });
  });

  story('one whose job is gone is put right by an owner', async (town) => {
    await town.plans([hourly()]);
    await town.lists(jobs.filter(({ key }) => key !== 'report'));
    await town.admits([
      ...residents,
      { id: 'fay', name: 'Fay', roles: ['owner'], identities: ['telegram:99'] },
    ]);
    expect(await answer(town, 'bob', '/schedule pause hourly')).toMatch(/^No schedule called "hourly"/);
    expect(await answer(town, 'fay', '/schedule pause hourly')).toMatch(/^⏸ Fay paused hourly/);
  });

  story('every no has its code and one clear sentence, and changes nothing', async (town) => {
    const many = Array.from({ length: 99 }, (_, n) =>
      hourly({ key: n === 0 ? 'backup' : `backup-${n + 1}` }),
    );
    await town.plans([
      hourly(),
      hourly({ key: 'secret', jobKey: 'vault-dump' }),
      hourly({ key: 'quiet' }),
      hourly({ key: 'past', cron: '0 0 30 2 *' }),
      ...many,
    ]);
    await answer(town, 'ana', 'schedule report "0 14 * * sat" Europe/Berlin');
    await answer(town, 'bob', 'schedule pause quiet');
    const before = [await town.store.schedules.list(1000), await records(town)];
    const said: Record<string, string> = {};
    const refused = async (who: string, text: string, more = {}): Promise<void> => {
      const ops = town.chat(GROUP);
      const handled = await ops.says(who, text, more);
      said[handled?.refused ?? `nothing came of ${text}`] = (await ops.hears()).at(-1) ?? '';
    };
    await refused('ana', 'schedule snooze');
    await refused('ana', 'schedule pause hurly');
    await refused('ana', 'schedule drop hourly');
    await refused('bob', 'schedule report "0 2 * * *"');
    await refused('bob', 'schedule drop report');
    await refused('ana', 'schedule reprot "0 2 * * *"');
    await refused('ana', 'schedule report');
    await refused('ana', 'schedule report "0 26 * * *"');
    await refused('ana', 'schedule report "0 2 * * *" Europe/Berln');
    await refused('ana', 'schedule report "0 0 30 2 *"');
    await refused('ana', 'schedule report "* * * * * *"');
    await refused('ana', 'schedule restart-web "0 2 * * *" UTC env=prdo');
    await refused('ana', 'schedule report "0 14 * * sat" Europe/Berlin');
    await refused('ana', 'schedule backup "0 2 * * *"');
    await refused('bob', 'schedule pause quiet');
    await refused('bob', 'schedule resume hourly');
    await refused('bob', 'schedule skip quiet');
    await refused('bob', 'schedule skip past');
    await refused('bob', 'schedule snooze hourly soon');
    await refused('bob', 'schedule snooze hourly 1h');
    await refused('ana', 'schedule skip hourly', { sentAtMs: town.now() - minutes(11) });
    expect(said).toEqual({
      schedule_needed: 'Which schedule? Try: schedule snooze nightly 2h. See /schedules',
      unknown_schedule: 'No schedule called "hurly". Did you mean "hourly"?',
      schedule_of_file:
        'The schedule "hourly" comes from the file and is changed only there. Nothing changed.',
      may_not_schedule:
        'You may not schedule report: that takes an operator who may ask for it. Nothing changed.',
      may_not_steer_schedule: 'You may not change the schedule report. Nothing changed.',
      unknown_job: 'No job called "reprot". Did you mean "report"?',
      cron_needed:
        'When? Write minute, hour, day, month, weekday in quotes: schedule report "0 2 * * *" Europe/Berlin',
      bad_cron:
        '"0 26 * * *" is not a cron expression: hour "26" at character 3 is none; it takes 0-23. Nothing changed.',
      unknown_timezone: '"Europe/Berln" is not a time zone; did you mean "Europe/Berlin"? Nothing changed.',
      never_fires: '"0 0 30 2 *" never comes round. Nothing changed.',
      too_often: '"* * * * * *" comes more often than once a minute. Nothing changed.',
      invalid_params: 'env: "prdo" is not one of staging, prod. Did you mean prod? Nothing changed.',
      schedule_exists: 'The schedule "report" does that already. Nothing changed.',
      too_many_schedules: 'backup has 99 schedules already. Nothing changed.',
      already_paused: 'quiet is paused already.',
      not_paused: 'hourly is not paused.',
      schedule_paused: 'quiet is paused, so nothing of it comes. First: /schedule resume quiet',
      never_again: 'past comes never again, so there is nothing to skip or put off.',
      bad_duration: '"soon" is not a duration from 1m to 30d. Try: schedule snooze hourly 2h',
      snooze_too_long:
        'hourly would be asked for Sat 21 Nov 15:00, but the next one comes Sat 21 Nov 15:00 Europe/Berlin. ' +
        'Snooze it for less, or: /schedule skip hourly',
      stale_request: 'I was away when you wrote this 11 min ago, so I did nothing. Send it again.',
    });
    // The grammar has no words for an escalation.
    const wordless = ['escalates_too_late', 'unknown_recipient'];
    expect(Object.keys(said).toSorted()).toEqual(
      SCHEDULE_REFUSALS.filter((why) => !wordless.includes(why)).toSorted(),
    );
    expect([await town.store.schedules.list(1000), await records(town)]).toEqual(before);
  });

  story('nobody learns of a schedule of a job that they may not see', async (town) => {
    await town.plans([hourly({ key: 'secret', jobKey: 'vault-dump' })]);
    expect(await answer(town, 'ana', 'schedule pause secret')).toBe(
      'No schedule called "secret". See /schedules',
    );
    expect(await answer(town, 'ana', 'schedule vault-dump "0 2 * * *"')).toBe(
      'No job called "vault-dump". See /jobs',
    );
  });
});
