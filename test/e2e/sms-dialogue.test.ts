import { describe, expect, test } from 'vitest';
import { openStore } from '../../src/db/open.ts';
import { runThatIs, say, until } from './program.ts';
import { ANA, BOB, CHO, openSmsTown, ZED } from './sms-town.ts';

const town = openSmsTown();

const idIn = (body: string): string => /\b([0-9A-HJKMNP-TV-Z]{6})\b/.exec(body)?.[1] ?? '';

const asks = async (): Promise<string> => {
  await town.texts(ANA, 'RUN backup');
  return idIn((await town.hears(ANA, /asked for/)).body);
};

describe('a run from one telephone to another', () => {
  test('is asked for, decided with its id, and told to both', async () => {
    const runId = await asks();
    const question = await town.hears(BOB, /asks to run/);
    expect(question.body).toMatch(
      new RegExp(
        `^TextOps: Ana asks to run backup \\(${runId}\\)\\. Reply YES ${runId} or NO ${runId}\\. Expires \\d\\d:\\d\\d\\.$`,
      ),
    );
    await town.hears(CHO, /asks to run/);
    await town.texts(BOB, `yes ${runId.toLowerCase()}`);
    expect((await town.hears(BOB, /you approved/)).body).toBe(
      `TextOps: you approved ${runId} (backup). It is starting now.`,
    );
    expect((await town.hears(CHO, /approved/)).body).toBe(
      `TextOps: Bob approved backup (${runId}). It is starting now.`,
    );
    await runThatIs(town.program, runId, 'Succeeded');
    for (const number of [ANA, BOB, CHO]) {
      expect((await town.hears(number, /succeeded/)).body).toMatch(
        new RegExp(
          `^TextOps: backup ${runId} succeeded in \\S+( \\S+)?\\. 4\\.1 GB written, 12 tables, 0 skipped\\.$`,
        ),
      );
    }
    expect(town.fake.sent.every(({ segments }) => segments === 1)).toBe(true);
  });

  test('a lone yes decides nothing and says how, also from somebody who wanted no texts', async () => {
    const runId = await asks();
    await town.texts(BOB, 'YES');
    expect((await town.hears(BOB, /1 run waits/)).body).toBe(
      `TextOps: 1 run waits for you. Reply YES ${runId} (backup).`,
    );
    await town.texts(BOB, 'NO');
    expect((await town.hears(BOB, /1 run waits/)).body).toContain(`Reply NO ${runId}`);
    await town.texts(BOB, 'ok');
    await town.texts(BOB, `NO ${runId} freeze until Monday`);
    expect((await town.hears(BOB, /you denied/)).body).toBe(
      `TextOps: you denied ${runId} (backup). Nothing ran.`,
    );
    expect((await town.hears(ANA, /denied/)).body).toBe(
      `TextOps: Bob denied backup (${runId}): "freeze until Monday". Nothing ran.`,
    );
  });

  test('a heavy one is told and denied, and never approved, whatever is written', async () => {
    await town.texts(ANA, 'RUN db-migrate');
    const runId = idIn((await town.hears(ANA, /asked for/)).body);
    await town.hears(BOB, /HEAVY db-migrate/);
    for (const words of [
      `YES ${runId}`,
      `yes ${runId}`,
      `approve ${runId}`,
      `/yes ${runId}`,
      'YES',
      'yes please',
    ]) {
      await town.texts(BOB, words);
    }
    expect((await town.hears(BOB, /is heavy/)).body).toBe(
      'TextOps: db-migrate is heavy and cannot be approved by SMS. Use Telegram or web. ' +
        `NO ${runId} works here.`,
    );
    await town.texts(BOB, `NO ${runId}`);
    await town.hears(BOB, /you denied/);
    const { events } = await runThatIs(town.program, runId, 'Denied');
    expect(events.map(({ type }) => type)).toEqual(['RunCreated', 'ApprovalRequested', 'RunDenied']);
  });

  test('DROP, MENU and STATUS stand for words that belong to the carrier', async () => {
    const runId = await asks();
    await town.texts(ANA, `STATUS ${runId}`);
    expect((await town.hears(ANA, /waiting/)).body).toMatch(
      new RegExp(`^${runId} backup: waiting for approval until \\d\\d:\\d\\d\\. Asked by Ana\\.$`),
    );
    await town.texts(ANA, 'menu');
    await town.hears(ANA, /^RUN job \| YES id/);
    await town.texts(ANA, `DROP ${runId}`);
    expect((await town.hears(ANA, /canceled/)).body).toBe(
      `TextOps: ${runId} (backup) was canceled by you. Nothing ran.`,
    );
    await town.hears(BOB, /was canceled by Ana/);
  });

  test('a number that nobody knows hears one sentence a day', async () => {
    for (const words of ['RUN backup', 'hello', 'MENU']) await town.texts(ZED, words);
    expect((await town.hears(ZED, /not linked/)).body).toMatch(/Reply STOP to end messages\.$/);
    await town.texts(ANA, 'whoami');
    await town.hears(ANA, /Ana, operator/);
    expect(town.fake.sent.filter(({ to }) => to === ZED)).toHaveLength(1);
  });
});

describe('what Twilio tells twice, or later', () => {
  test('a text that comes again is handled once', async () => {
    const sid = { MessageSid: `SM${'7'.repeat(32)}` };
    for (let time = 0; time < 3; time += 1) await town.texts(ANA, 'RUN backup', sid);
    const runId = idIn((await town.hears(ANA, /asked for/)).body);
    await town.texts(ANA, 'whoami');
    await town.hears(ANA, /Ana, operator/);
    expect(town.fake.sent.filter(({ to, body }) => to === ANA && body.includes(runId))).toHaveLength(1);
    await town.texts(ANA, `DROP ${runId}`);
    await town.hears(ANA, /canceled/);
  });

  test('a receipt only moves a message forward', async () => {
    await town.texts(ANA, 'menu');
    const { sid } = await town.hears(ANA, /^RUN job/);
    for (const status of ['sent', 'delivered', 'sent', 'queued']) {
      expect((await town.fake.reports(sid, status)).status).toBe(204);
    }
    const store = await openStore({ url: `file:${town.folder}/data/textops.db` });
    try {
      await until(async () => (await store.reach.receipt('sms', sid))?.state === 'delivered', 10_000);
      await until(async () => (await store.reader.figures(await store.now())).openInbox === 0, 10_000);
      expect(await store.reach.receipt('sms', sid)).toMatchObject({ state: 'delivered' });
    } finally {
      await store.close();
    }
  });

  test('STOP ends every text to that number, START brings them back, and the history keeps both', async () => {
    await town.texts(CHO, 'STOP');
    const runId = await asks();
    await town.hears(BOB, new RegExp(runId));
    await town.texts(CHO, 'START');
    await town.hears(CHO, /Texts are on/);
    expect(town.fake.sent.filter(({ to, body }) => to === CHO && body.includes(runId))).toEqual([]);
    expect(town.fake.calls.filter(({ code }) => code === 21_610)).toEqual([]);
    const store = await openStore({ url: `file:${town.folder}/data/textops.db` });
    try {
      const records = (await store.runs.history('system')).filter(({ type }) => type.startsWith('Consent'));
      expect(
        records
          .filter(({ actor }) => actor === `user:sms:${CHO}`)
          .map(({ type, payload }) => [type, payload]),
      ).toEqual([
        ['ConsentWithdrawn', { identity: `sms:${CHO}`, words: 'STOP' }],
        ['ConsentGiven', { identity: `sms:${CHO}`, words: 'START' }],
      ]);
      expect(records.find(({ actor }) => actor === `user:sms:${ANA}`)).toMatchObject({
        type: 'ConsentGiven',
        payload: { identity: `sms:${ANA}`, words: 'RUN backup' },
      });
    } finally {
      await store.close();
    }
    await town.texts(BOB, `NO ${runId}`);
    await town.hears(BOB, /you denied/);
  });

  test('whoever opted out where we did not hear it is found out by the first text to them', async () => {
    // The word went to another program of the same account.
    const stopped = town.fake.optedOut as Set<string>;
    stopped.add(CHO);
    const runId = await asks();
    await until(() => town.fake.calls.some(({ to, code }) => to === CHO && code === 21_610), 10_000);
    await town.texts(BOB, `YES ${runId}`);
    await town.hears(ANA, /succeeded/);
    expect(town.fake.calls.filter(({ to, code }) => to === CHO && code === 21_610)).toHaveLength(1);
    stopped.delete(CHO);
  });
});

test('the dev door beside it works as ever', async () => {
  const { outbound } = await say(town.program, 'ops');
  expect(outbound[0]?.body).toContain('sms ok');
});
