import { expect } from 'vitest';
import type { JobVersion } from '../../src/core/jobs/job.ts';
import type { Person } from '../../src/core/people/person.ts';
import { dbMigrate, jobOf, minutes, withApproval } from '../cast.ts';
import { jobs, type Listed, residents } from './residents.ts';
import { onEveryStore, type Town } from './town.ts';

const GROUP = 'telegram:-100';
const ANA = 'sms:+491701234561';
const BOB = 'sms:+491701234562';
const DAN = 'sms:+491701234564';

/** Bob has a telephone and nothing else; Cho is on Telegram; Ana has both. */
const people: readonly Person[] = [
  ...residents.filter(({ id }) => id !== 'ana' && id !== 'bob'),
  { id: 'ana', name: 'Ana', roles: ['operator'], identities: ['telegram:41', ANA], timezone: 'UTC' },
  { id: 'bob', name: 'Bob', roles: ['approver'], identities: [BOB], timezone: 'Europe/Berlin' },
];

const listed = ({ key, spec }: JobVersion): Listed => ({ key, spec });

const urgent = (approval: object = {}): Listed =>
  listed(
    withApproval(jobOf('urgent', 1), {
      escalate: { afterMs: minutes(10), to: 'bob' },
      ...approval,
    }),
  );

const options = { people, jobs: [...jobs, urgent()] };

const later = async (town: Town, ms: number): Promise<void> => {
  town.passes(ms);
  await town.keepsHouse();
};

onEveryStore((story) => {
  story(
    'unanswered on Telegram it is asked by text, and a yes there settles the card here',
    async (town) => {
      const ops = town.chat(GROUP);
      const phone = town.chat(BOB);
      const runId = await ops.asks('ana', 'run urgent');
      const stale = await ops.button('Approve');
      await later(town, minutes(10));
      expect(await phone.hears()).toEqual([
        `TextOps: Ana asks to run urgent (${runId}). Reply YES ${runId} or NO ${runId}. Expires 13:30.`,
      ]);
      expect(await ops.card(runId)).toContain('Not decided by 12:10 UTC, so bob was asked too.');
      await phone.says('bob', `YES ${runId}`);
      expect(await phone.hears()).toEqual([`TextOps: you approved ${runId} (urgent). It is starting now.`]);
      expect(await ops.card(runId)).toContain('approved by Bob 12:10 UTC');
      expect(await ops.presses('cho', stale)).toContain('was already approved by Bob');
      await (await town.worker().takes()).succeeds();
      expect(await ops.card(runId)).toMatch(/^✅ Succeeded/);
      expect((await phone.hears())[0]).toMatch(new RegExp(`^TextOps: urgent ${runId} succeeded`));
      expect(await town.events(runId)).toEqual([
        'RunCreated',
        'ApprovalRequested',
        'ApprovalEscalated',
        'RunApproved',
        'ExecutionDispatched',
        'ExecutionStarted',
        'ExecutionSucceeded',
      ]);
    },
    options,
  );

  story(
    'decided on Telegram, the telephone that was asked hears it, and its late yes changes nothing',
    async (town) => {
      const ops = town.chat(GROUP);
      const phone = town.chat(BOB);
      const runId = await ops.asks('ana', 'run urgent');
      await later(town, minutes(10));
      await phone.hears();
      await ops.presses('cho', 'Approve');
      expect(await phone.hears()).toEqual([`TextOps: Cho approved urgent (${runId}). It is starting now.`]);
      expect(await phone.says('bob', `yes ${runId}`)).toMatchObject({ refused: 'already_decided' });
      expect((await phone.hears())[0]).toContain(`${runId} (urgent) was already approved by Cho`);
    },
    options,
  );

  story(
    'votes of two channels make a quorum, and one person is one person on both',
    async (town) => {
      await town.lists([...jobs, urgent({ quorum: 2 })]);
      const ops = town.chat(GROUP);
      const phone = town.chat(BOB);
      const runId = await ops.asks('ana', 'run urgent');
      await later(town, minutes(10));
      await phone.hears();
      await phone.says('bob', `yes ${runId}`);
      expect(await phone.hears()).toEqual([
        `TextOps: you approved ${runId} (urgent), 1 of 2. Nothing starts yet.`,
      ]);
      expect(await phone.says('bob', `yes ${runId}`)).toMatchObject({ refused: 'already_voted' });
      await ops.presses('cho', 'Approve');
      expect((await town.run(runId)).status).toBe('Dispatching');
      // Ana asked here, and her telephone is Ana.
      const own = await ops.asks('ana', 'run urgent');
      expect(await town.chat(ANA).says('ana', `yes ${own}`)).toMatchObject({
        refused: 'requester_cannot_approve',
      });
    },
    options,
  );

  story(
    'asked by text, those are asked at once who may decide, each where they are',
    async (town) => {
      const ana = town.chat(ANA);
      const runId = await ana.asks('ana', 'RUN backup');
      expect(await ana.hears()).toEqual([
        `TextOps: backup asked for (${runId}). Waiting for an approver until 12:30. Reply STATUS ${runId} any time.`,
      ]);
      expect((await town.chat(BOB).hears())[0]).toContain(`Ana asks to run backup (${runId})`);
      expect(await town.chat('telegram:43').labels()).toEqual(['Approve', 'Deny', 'Details']);
      expect(await town.chat('telegram:43').presses('cho', 'Approve')).toBe(`Approved ${runId}`);
      expect(await town.chat(BOB).hears()).toEqual([
        `TextOps: Cho approved backup (${runId}). It is starting now.`,
      ]);
    },
    options,
  );

  story(
    'a heavy run is never approved by text, with or without its id',
    async (town) => {
      const runId = await town.chat(GROUP).asks('ana', 'run db-migrate to=1');
      const phone = town.chat(BOB);
      expect(await phone.says('bob', `yes ${runId}`)).toMatchObject({ refused: 'heavy_not_by_sms' });
      await phone.says('bob', 'yes');
      expect(await phone.hears()).toEqual([
        `TextOps: db-migrate is heavy and cannot be approved by SMS. Use Telegram or web. NO ${runId} works here.`,
        'TextOps: no run waits for you.',
      ]);
      await phone.says('bob', `NO ${runId}`);
      expect((await town.run(runId)).status).toBe('Denied');
    },
    { ...options, jobs: [...jobs.filter(({ key }) => key !== 'db-migrate'), listed(dbMigrate)] },
  );

  story(
    'no words without an id decide anything, and none at all what a forged number must not do',
    async (town) => {
      const owner = 'sms:+491701234568';
      await town.admits([
        ...people,
        { id: 'ola', name: 'Ola', roles: ['owner'], identities: [owner], timezone: 'UTC' },
      ]);
      const light = await town.chat(GROUP).asks('ana', 'run backup');
      const heavy = await town.chat(GROUP).asks('ana', 'run db-migrate to=1');
      const phone = town.chat(owner);
      const bare = [
        'yes',
        'YES',
        '/yes',
        'approve',
        '/approve',
        'no',
        'deny',
        'ok',
        'y',
        '1',
        'yes please',
        'yes!',
      ];
      for (const words of bare) await phone.says('ola', words);
      expect((await town.run(light)).status).toBe('AwaitingApproval');
      for (const words of [`yes ${heavy}`, `approve ${heavy}`, `/yes ${heavy}`, `resume ${heavy}`])
        await phone.says('ola', words);
      expect((await town.run(heavy)).votes).toEqual([]);
      await phone.hears();
      const before = (await town.store.runs.head('system')).seq;
      const forbidden = [
        'admit 7F3K-2QMN-9XV4-C owner',
        'revoke bob',
        'people',
        `unlink ${owner}`,
        'link 7F3K-2QMN-9XV4-C',
        'unfreeze',
        'unpause queue',
        'gates open queue.job_substrate.enabled',
        'accept backup abcdef',
        'schedule backup "0 2 * * *"',
        'deadletters replay 1',
        '/start claim_abcdefgh',
      ];
      for (const words of forbidden) await phone.says('ola', words);
      expect(new Set(await phone.hears())).toEqual(
        new Set(['TextOps: that is not done by text, because a number can be forged. Use Telegram or web.']),
      );
      expect((await town.store.runs.head('system')).seq).toBe(before);
      // Saying no and stopping everything go through.
      await phone.says('ola', 'freeze something is wrong');
      expect(await town.store.freeze.current()).toMatchObject({ by: 'Ola' });
      await phone.says('ola', `drop ${heavy}`);
      expect((await town.run(heavy)).status).toBe('Canceled');
    },
    options,
  );

  story(
    'a number of nobody hears one sentence a day, whatever it sends',
    async (town) => {
      const phone = town.chat('sms:+15005550009');
      const said = ['run backup', 'link', 'menu', 'yes', '/start claim_x', 'PREFS'];
      for (const words of said) await phone.says('zed', words);
      expect(await phone.hears()).toEqual([
        'TextOps: this number is not linked. Ask your TextOps owner to add it. Reply STOP to end messages.',
      ]);
      town.passes(minutes(24 * 60));
      await phone.says('zed', 'hello');
      expect(await phone.hears()).toHaveLength(1);
    },
    options,
  );

  story(
    'whoever wants no texts is not asked, and nobody counts on them',
    async (town) => {
      const phone = town.chat(BOB);
      await phone.says('bob', 'STOP', { keyword: 'stop' });
      expect(await phone.hears()).toEqual([]);
      const ops = town.chat(GROUP);
      const runId = await ops.asks('ana', 'run urgent');
      expect(await ops.card(runId)).toContain('needs 1 of: Bob (takes no texts), Cho');
      await ops.hears();
      await later(town, minutes(10));
      expect(await phone.hears()).toEqual([]);
      expect(await ops.hears()).toEqual([
        `⚠️ urgent (${runId}) is not decided yet, and nobody is there to be asked as bob.`,
      ]);
      await phone.says('bob', 'yes', { keyword: 'yes' });
      expect(await phone.hears()).toEqual([`TextOps: 1 run waits for you. Reply YES ${runId} (urgent).`]);
      expect(await ops.asks('ana', 'run urgent')).not.toBe(runId);
      const records = (await town.store.runs.history('system')).filter(({ type }) =>
        type.startsWith('Consent'),
      );
      expect(records.map(({ type, actor, payload }) => [type, actor, payload])).toEqual([
        ['ConsentWithdrawn', `user:${BOB}`, { identity: BOB, words: 'STOP' }],
        ['ConsentGiven', `user:${BOB}`, { identity: BOB, words: 'yes' }],
      ]);
    },
    options,
  );

  story(
    'prefs shows and changes what one hears, on every channel the same',
    async (town) => {
      const phone = town.chat(BOB);
      const cho = town.chat('telegram:43');
      await phone.says('bob', 'PREFS');
      expect(await phone.hears()).toEqual([
        'TextOps: asks on, reminders on, results on. Change: PREFS results off. STOP ends all texts, START brings them back.',
      ]);
      await phone.says('bob', 'prefs results off');
      await cho.says('cho', '/prefs asks off');
      await cho.says('cho', '/prefs naps off');
      expect(await phone.hears()).toEqual([
        'TextOps: asks on, reminders on, results off. Change: PREFS results on. STOP ends all texts, START brings them back.',
      ]);
      expect(await cho.hears()).toEqual([
        [
          'You are told in private, unasked:',
          '  asks       off  runs of others that you may decide',
          '  reminders  on   that one of them still waits',
          '  results    on   how they ended',
          'Change: /prefs results off',
        ].join('\n'),
        'There is no notice "naps", only asks, reminders, results. Nothing changed.',
      ]);
      const runId = await town.chat(ANA).asks('ana', 'run backup');
      expect(await cho.hears()).toEqual([]);
      await phone.says('bob', `yes ${runId}`);
      await (await town.worker().takes()).succeeds();
      expect((await phone.hears()).filter((text) => text.includes('succeeded'))).toEqual([]);
      expect((await town.chat(ANA).hears()).at(-1)).toContain('succeeded');
      expect(
        (await town.store.runs.history('system'))
          .filter(({ type }) => type === 'PreferenceChanged')
          .map(({ payload }) => payload),
      ).toEqual([
        { personId: 'bob', notice: 'results', on: false },
        { personId: 'cho', notice: 'asks', on: false },
      ]);
    },
    options,
  );

  story(
    'a number becomes somebody by a code that was sent to it',
    async (town) => {
      const cho = town.chat('telegram:43');
      const phone = town.chat(DAN);
      await cho.says('cho', `/link ${DAN.slice(4, 7)} 170 123 45 64`);
      expect(await cho.hears()).toEqual([
        'A code is on its way to sms:••••64. Write it here within 10 min: link 123456',
      ]);
      const [sent = ''] = await phone.hears();
      expect(sent).toMatch(
        /^TextOps code \d{6}, valid 10 min\. Do not share it\. If you did not ask, ignore this text\.$/,
      );
      const code = /\d{6}/.exec(sent)?.[0] ?? '';
      // It is good for nobody else.
      await town.chat('telegram:46').says('dan', `link ${code}`);
      expect((await town.chat('telegram:46').hears())[0]).toContain('I know no such code');
      await cho.says('cho', `link ${code}`);
      expect((await cho.hears())[0]).toContain('This account is Cho from now on (approver)');
      await phone.says('cho', 'whoami');
      expect((await phone.hears())[0]).toContain('Cho, approver');
      await cho.says('cho', `link ${code}`);
      expect((await cho.hears())[0]).toContain('I know no such code');
      const history = JSON.stringify(await town.store.runs.history('system'));
      expect(history).not.toContain(code);
      expect(history).toContain('with the code that was sent there');
    },
    options,
  );

  story(
    'after five wrong codes the right one is void, and so it is after ten minutes',
    async (town) => {
      const cho = town.chat('telegram:43');
      const phone = town.chat(DAN);
      const codeSent = async (): Promise<string> => {
        await cho.says('cho', `link ${DAN.slice(4)}`);
        return /\d{6}/.exec((await phone.hears()).at(-1) ?? '')?.[0] ?? '';
      };
      const wrong = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
      const first = await codeSent();
      for (let time = 0; time < 5; time += 1) await cho.says('cho', `link ${wrong(first)}`);
      await cho.says('cho', `link ${first}`);
      const second = await codeSent();
      town.passes(minutes(10));
      await cho.says('cho', `link ${second}`);
      expect((await cho.hears()).filter((text) => text.includes('from now on'))).toEqual([]);
      const third = await codeSent();
      for (let time = 0; time < 4; time += 1) await cho.says('cho', `link ${wrong(third)}`);
      await cho.says('cho', `link ${third}`);
      expect((await cho.hears()).at(-1)).toContain('This account is Cho');
    },
    options,
  );
});
