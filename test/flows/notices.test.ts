import { expect } from 'vitest';
import { sendNotices } from '../../src/core/flows/runs/send-notices.ts';
import type { JobVersion } from '../../src/core/jobs/job.ts';
import { jobOf, minutes, report, withApproval } from '../cast.ts';
import { jobs, type Listed, residents } from './residents.ts';
import { onEveryStore, type Town } from './town.ts';

const GROUP = 'telegram:-100';
const OTHERS = 'telegram:-200';

const listed = ({ key, spec }: JobVersion): Listed => ({ key, spec });

/** Reminds ten minutes before the end, and asks another chat ten minutes after the question. */
const urgent = (approval: Partial<JobVersion['spec']['approval']> = {}): Listed =>
  listed(
    withApproval(jobOf('urgent', 1, { title: 'Now or never' }), {
      remindMs: minutes(10),
      escalate: { afterMs: minutes(10), to: OTHERS },
      ...approval,
    }),
  );

const opens = async (town: Town, approval: Partial<JobVersion['spec']['approval']> = {}) => {
  await town.lists([...jobs, urgent(approval)]);
  const runId = await town.chat(GROUP).asks('ana', 'run urgent');
  await town.chat(GROUP).hears();
  return runId;
};

const later = async (town: Town, ms: number): Promise<void> => {
  town.passes(ms);
  await town.keepsHouse();
};

onEveryStore((story) => {
  story('nobody answers, so another chat is asked, and then everybody is reminded', async (town) => {
    const ops = town.chat(GROUP);
    const others = town.chat(OTHERS);
    const runId = await opens(town);
    await later(town, minutes(10) - 1);
    expect([await ops.hears(), await others.hears()]).toEqual([[], []]);
    await later(town, 1);
    expect(await ops.hears()).toEqual([]);
    expect(await ops.card(runId)).toContain('Not decided by 12:10 UTC, so another chat was asked too.');
    expect(await others.hears()).toEqual([await ops.card(runId)]);
    expect(await others.labels()).toEqual(['Approve', 'Deny', 'Details']);
    await later(town, minutes(10));
    expect(await ops.hears()).toEqual([
      `⏳ Still waiting: urgent · ${runId} · expires 12:30 UTC · reminder 1 of 1`,
    ]);
    expect(await others.hears()).toEqual([]);
    await later(town, minutes(5));
    expect([await ops.hears(), await others.hears()]).toEqual([[], []]);
    expect(await town.events(runId)).toEqual([
      'RunCreated',
      'ApprovalRequested',
      'ApprovalEscalated',
      'ApprovalReminded',
    ]);
  });

  story('whoever decides in one chat decides in all, and every card ends the same', async (town) => {
    const ops = town.chat(GROUP);
    const others = town.chat(OTHERS);
    const runId = await opens(town);
    await later(town, minutes(10));
    const stale = await ops.button('Deny');
    expect(await others.presses('bob', 'Approve')).toBe(`Approved ${runId}`);
    expect(await ops.presses('cho', stale)).toContain('was already approved by Bob 12:10 UTC');
    await (await town.worker().takes()).succeeds();
    expect(await others.card(runId)).toBe(await ops.card(runId));
    expect(await others.card(runId)).toMatch(/^✅ Succeeded/);
    expect((await others.labels()).filter((label) => label === 'Approve')).toEqual([]);
    await later(town, minutes(20));
    expect((await ops.hears()).filter((text) => text.includes('Still waiting'))).toEqual([]);
  });

  story('a reply to the card in the other chat decides as well', async (town) => {
    const runId = await opens(town);
    await later(town, minutes(10));
    await town.chat(OTHERS).hears();
    await town.chat(OTHERS).replies('bob', runId, 'no');
    expect((await town.run(runId)).status).toBe('Denied');
    expect(await town.chat(OTHERS).card(runId)).toBe(await town.chat(GROUP).card(runId));
  });

  story('silence ends it everywhere', async (town) => {
    const runId = await opens(town);
    await later(town, minutes(10));
    await later(town, minutes(20) + 1);
    expect((await town.run(runId)).status).toBe('Expired');
    const shown = await town.chat(OTHERS).card(runId);
    expect(shown).toMatch(/^⌛ Expired/);
    expect(shown).toBe(await town.chat(GROUP).card(runId));
  });

  story('after a decision nobody is told anything', async (town) => {
    const runId = await opens(town);
    await town.chat(GROUP).says('bob', `/no ${runId}`);
    await town.chat(GROUP).hears();
    await later(town, minutes(25));
    expect([await town.chat(GROUP).hears(), await town.chat(OTHERS).hears()]).toEqual([[], []]);
    expect(await town.events(runId)).toEqual(['RunCreated', 'ApprovalRequested', 'RunDenied']);
  });

  story('however many processes look at the same moment, everybody hears it once', async (town) => {
    const runId = await opens(town, { escalate: { afterMs: minutes(20), to: OTHERS } });
    town.passes(minutes(20));
    await Promise.all(Array.from({ length: 8 }, () => sendNotices(town.rooms)()));
    expect(await town.events(runId)).toEqual([
      'RunCreated',
      'ApprovalRequested',
      'ApprovalEscalated',
      'ApprovalReminded',
    ]);
    expect(await town.chat(GROUP).hears()).toHaveLength(1);
    expect(await town.chat(OTHERS).hears()).toHaveLength(1);
    expect(town.seen('loop_faulted')).toEqual([]);
  });

  story('a no that comes at the same moment is the last word', async (town) => {
    const runId = await opens(town);
    town.passes(minutes(10));
    town.meanwhile(() => town.chat(GROUP).says('bob', `/no ${runId}`));
    await sendNotices(town.rooms)();
    expect((await town.run(runId)).status).toBe('Denied');
    expect(await town.chat(OTHERS).hears()).toEqual([]);
  });

  story('a role is everybody who holds it, a person is rung where they said first', async (town) => {
    await town.admits([
      ...residents,
      { id: 'fay', name: 'Fay', roles: ['owner'], identities: ['telegram:47', 'dev:fay'] },
      { id: 'gil', name: 'Gil', roles: ['owner'], identities: ['dev:gil'] },
    ]);
    const runId = await opens(town, { escalate: { afterMs: minutes(10), to: 'role:owner' } });
    await later(town, minutes(10));
    expect((await town.chat('telegram:47').hears())[0]).toMatch(/^⏳ Approval needed/);
    expect(await town.chat('dev:gil').hears()).toEqual([
      `This is not decided yet, so you are asked too. Job "urgent" is ready. Reply YES ${runId} to approve or NO ${runId} to deny.`,
    ]);
    await town.chat('dev:gil').says('gil', `no ${runId}`);
    expect((await town.run(runId)).status).toBe('Denied');
    expect(await town.chat('telegram:47').card(runId)).toMatch(/^⛔ Denied/);
    const again = await opens(town, { escalate: { afterMs: minutes(10), to: 'cho' } });
    await later(town, minutes(10));
    expect((await town.chat('telegram:43').hears())[0]).toContain(again);
  });

  story('a chat without cards hears how it ended', async (town) => {
    const runId = await opens(town, { escalate: { afterMs: minutes(10), to: 'dev:boss' } });
    await later(town, minutes(10));
    const boss = town.chat('dev:boss');
    expect(await boss.hears()).toHaveLength(1);
    await town.chat(GROUP).says('bob', `/yes ${runId}`);
    await (await town.worker().takes()).succeeds();
    expect(await boss.hears()).toEqual([
      `Approved. Starting run ${runId} for job "urgent"…`,
      expect.stringMatching(new RegExp(`^Run ${runId} succeeded: `)),
    ]);
  });

  story('where there is nobody to be asked, that is said where it was asked first', async (town) => {
    const runId = await opens(town, { escalate: { afterMs: minutes(10), to: 'role:owner' } });
    await later(town, minutes(10));
    expect(await town.chat(GROUP).hears()).toEqual([
      `⚠️ urgent (${runId}) is not decided yet, and nobody is there to be asked as the role owner.`,
    ]);
    await town.chat(GROUP).says('bob', `/why ${runId}`);
    expect((await town.chat(GROUP).hears())[0]).toContain(
      'Not decided by 12:10 UTC, and nobody was there to be asked as the role owner.',
    );
  });

  story('the same chat is rung, not asked twice', async (town) => {
    const runId = await opens(town, { escalate: { afterMs: minutes(10), to: GROUP } });
    await later(town, minutes(10));
    expect(await town.chat(GROUP).hears()).toEqual([
      `⏳ urgent (${runId}) is not decided yet, so you are asked too; expires 12:30 UTC.`,
    ]);
    expect(await town.run(runId)).not.toHaveProperty('alsoAsked');
  });

  story('why says what is still to come and what has been', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await opens(town);
    await ops.says('bob', `/why ${runId}`);
    expect((await ops.hears())[0]).toMatch(
      /expires and nothing runs\.\nBefore, 12:10 UTC, another chat is asked too\.\nA reminder comes 12:20 UTC\./,
    );
    await later(town, minutes(10));
    await later(town, minutes(10));
    await ops.hears();
    await ops.says('bob', `/why ${runId}`);
    const [why = ''] = await ops.hears();
    expect(why).toContain('Not decided by 12:10 UTC, so another chat was asked too.');
    expect(why).toContain('Everybody there was reminded 12:20 UTC.');
    expect(why).not.toContain('A reminder comes');
  });

  story('a run that asks anew asks the others anew', async (town) => {
    const runId = await opens(town);
    await later(town, minutes(10));
    await later(town, minutes(20) + 1);
    await town.chat(OTHERS).hears();
    await town.chat(GROUP).says('ana', `/recover ${runId}`);
    expect(await town.chat(OTHERS).card(runId)).toMatch(/^⏳ Approval needed/);
    expect(await town.chat(OTHERS).hears()).toEqual([]);
    await later(town, minutes(10));
    expect(await town.chat(OTHERS).hears()).toEqual([
      `⏳ urgent (${runId}) is not decided yet, so you are asked too; expires 13:00 UTC.`,
    ]);
  });

  story('a schedule has its own escalation', async (town) => {
    await town.plans([
      {
        key: 'weekly',
        jobKey: report.key,
        cron: '0 * * * *',
        timezone: 'UTC',
        chat: GROUP,
        params: {},
        overlap: 'skip',
        escalate: { afterMs: minutes(15), to: 'dev:boss' },
      },
    ]);
    town.passes(minutes(60));
    await town.ticks();
    await later(town, minutes(15));
    const [told = ''] = await town.chat('dev:boss').hears();
    expect(told).toMatch(/^This is not decided yet, so you are asked too\. Scheduled job "report" is ready/);
  });
});
