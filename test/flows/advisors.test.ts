import { expect } from 'vitest';
import { houseAdvisors } from '../../src/ai/house.ts';
import { CONFIDENCE_MIN } from '../../src/core/flows/messages/read-for.ts';
import { minutes } from '../cast.ts';
import { scriptedModel } from '../fakes/model.ts';
import { onEveryStore, type Town } from './town.ts';

const GROUP = 'telegram:-100';
const HOME = 'telegram:41';
const DAY = minutes(24 * 60);
const ASK = 'please run the backup job';
const READ =
  'I read this as: run backup\nNothing is asked for yet. To ask for it, send that line or press its button.';
const UNKNOWN = 'I do not know "please". Try: run hello · jobs · status · help';

const house = { advisors: () => houseAdvisors };
/** Remembers what it was asked in the story that is told. */
let model = scriptedModel();
const watched = { advisors: () => model };

const runsOf = async ({ store }: Town): Promise<number> =>
  (await store.runs.list({ limit: 100 })).runs.length;

onEveryStore((story) => {
  story(
    'words that the grammar does not know are shown as they were read; the press is the command',
    async (town) => {
      const ops = town.chat(HOME);
      expect(await ops.says('ana', ASK)).toMatchObject({ intent: 'Unknown', dispatched: false });
      expect(await ops.hears()).toEqual([READ]);
      expect(await runsOf(town)).toBe(0);
      await ops.presses('ana', 'Ask to run backup');
      const [{ state } = { state: undefined }] = (await town.store.runs.list({ limit: 5 })).runs;
      expect(state).toMatchObject({
        jobKey: 'backup',
        status: 'AwaitingApproval',
        requester: { personId: 'ana' },
      });
      const runId = state?.runId ?? '';
      expect(await town.store.runs.history(runId)).toMatchObject([
        { type: 'RunCreated', actor: 'user:telegram:41' },
        { type: 'AiParseUsed', actor: 'system:advisor', payload: { read: 'run backup' } },
        { type: 'ApprovalRequested', actor: 'system' },
      ]);
      expect(await ops.card(runId)).toMatch(/^⏳ Approval needed/);
    },
    house,
  );

  story(
    'parameters that were written go along, and whoever presses is who asks',
    async (town) => {
      await town.admits([
        { id: 'ana', name: 'Ana', roles: ['operator'], identities: ['telegram:41'] },
        { id: 'dan', name: 'Dan', roles: ['operator'], identities: ['telegram:46'] },
        { id: 'eve', name: 'Eve', roles: [], identities: ['telegram:44'] },
      ]);
      const ops = town.chat(GROUP);
      await ops.says('ana', 'please run restart-web env=prod hosts=2');
      expect((await ops.hears())[0]).toContain('I read this as: run restart-web env=prod hosts=2\n');
      const button = await ops.button('Ask to run restart-web env=prod hosts=2');
      await ops.presses('eve', button);
      expect((await ops.hears())[0]).toMatch(/^No job called "restart-web"/);
      await ops.presses('dan', button);
      expect((await town.store.runs.list({ limit: 5 })).runs).toMatchObject([
        { state: { params: { env: 'prod', hosts: 2 }, requester: { personId: 'dan' } } },
      ]);
      await ops.presses('dan', button, { argument: 'restart-web env=nowhere' });
      expect((await ops.hears()).at(-1)).toMatch(/^1 problem, nothing was created/);
      expect(await ops.presses('dan', button, { argument: 'back\u202Eup' })).toBe(
        'This button is out of date; use the newest card. Nothing changed.',
      );
      expect(await runsOf(town)).toBe(1);
    },
    house,
  );

  story(
    'without buttons the line is there to be typed, and a typed line needs no advisor',
    async (town) => {
      const door = town.chat('dev:ops');
      await door.says('ana', ASK);
      expect(await door.hears()).toEqual([READ]);
      const runId = await door.asks('ana', 'run backup');
      expect(await town.events(runId)).toEqual(['RunCreated', 'ApprovalRequested']);
    },
    { ...house, profile: 'dev' },
  );

  story(
    'what nobody can read, or only guess, is answered as ever; in a group not at all',
    async (town) => {
      const own = town.chat(HOME);
      for (const text of [
        'please run the backup and the report',
        'please run the vault-dump job',
        'please approve the backup run',
        'please run the backup unless it is monday',
        'please run the backup of yesterday',
        'please sing',
        '/please run the backup job',
      ])
        await own.says('ana', text);
      const heard = await own.hears();
      expect(heard.slice(0, 6)).toEqual(heard.slice(0, 6).map(() => UNKNOWN));
      expect(heard[6]).toMatch(/^I do not know "\/please"/);
      const ops = town.chat(GROUP);
      await ops.says('ana', 'please sing');
      await ops.says('ana', ASK, { addressed: false });
      await ops.says('ana', ASK, { disqualified: 'forwarded' });
      await ops.says('eve', ASK);
      expect(await ops.hears()).toEqual([]);
      await ops.says('ana', ASK);
      expect(await ops.hears()).toEqual([READ]);
      expect(await runsOf(town)).toBe(0);
    },
    house,
  );

  story(
    'a reading is shown from the threshold on, and below it the words are unknown',
    async (town) => {
      const own = town.chat(HOME);
      for (const confidence of [CONFIDENCE_MIN - 0.001, CONFIDENCE_MIN]) {
        model = scriptedModel({ read: () => ({ read: 'run backup', confidence }) });
        await own.says('ana', 'please do the thing');
      }
      expect(await own.hears()).toEqual([UNKNOWN, READ]);
    },
    watched,
  );

  story(
    'an unusual request is flagged in the commit that makes it, and the card says so until it is decided',
    async (town) => {
      const ops = town.chat(GROUP);
      const usual = [await ops.asks('ana', 'run backup'), await ops.asks('ana', 'run backup')];
      const third = await ops.asks('ana', 'run backup');
      const other = await ops.asks('ana', 'run report');
      for (const runId of [...usual, other]) {
        expect(await town.events(runId)).toEqual(['RunCreated', 'ApprovalRequested']);
        expect(await ops.card(runId)).not.toContain('unusual');
      }
      expect((await town.store.runs.history(third))[1]).toMatchObject({
        type: 'RiskFlagged',
        actor: 'system:advisor',
        payload: { score: '0.75', words: 'third run today' },
      });
      const lines = (await ops.card(third)).split('\n');
      const at = lines.indexOf('⚠️ unusual: third run today');
      expect(lines.findIndex((line) => line.startsWith('Asked by Ana'))).toBeLessThan(at);
      await ops.says('bob', `yes ${third}`);
      expect(await ops.card(third)).not.toContain('unusual');
      expect(await town.run(third)).toMatchObject({ status: 'Dispatching', unusual: 'third run today' });
      town.passes(DAY);
      const tomorrow = await ops.asks('ana', 'run backup');
      expect(await town.events(tomorrow)).toEqual(['RunCreated', 'ApprovalRequested']);
    },
    house,
  );

  story(
    'a flagged heavy run carries its warning through every vote, and loses it when it is brought back',
    async (town) => {
      const ops = town.chat(GROUP);
      for (const to of ['1', '2']) await ops.asks('ana', `run db-migrate to=${to}`);
      const runId = await ops.asks('ana', 'run db-migrate to=3');
      await ops.says('bob', `yes ${runId}`);
      expect(await ops.card(runId)).toMatch(/\(1 of 2\)[^]*✔ Bob[^]*⚠️ unusual: third run today/);
      await ops.says('ana', `cancel ${runId}`);
      await ops.says('ana', `recover ${runId}`);
      expect(await ops.card(runId)).toContain('Approval needed (0 of 2)');
      expect(await ops.card(runId)).not.toContain('unusual');
    },
    house,
  );

  story(
    'on a plain channel the warning stands below the words that never change',
    async (town) => {
      const door = town.chat('dev:ops');
      const ids = [
        await door.asks('ana', 'run backup'),
        await door.asks('ana', 'run backup'),
        await door.asks('ana', 'run backup'),
      ];
      const ready = (runId = ''): string =>
        `Job "backup" is ready. Reply YES ${runId} to approve or NO ${runId} to deny.`;
      expect(await door.hears()).toEqual([
        ready(ids[0]),
        ready(ids[1]),
        `${ready(ids[2])}\nunusual: third run today`,
      ]);
    },
    { ...house, profile: 'dev' },
  );

  story(
    'failures of the past and a strange hour are remembered',
    async (town) => {
      const ops = town.chat(GROUP);
      for (let day = 0; day < 10; day += 1) {
        const runId = await ops.asks('ana', 'run backup');
        await ops.says('bob', `yes ${runId}`);
        const attempt = await town.worker().takes();
        await (day < 8 ? attempt.succeeds() : attempt.fails());
        town.passes(DAY);
      }
      const usual = await ops.asks('ana', 'run backup');
      expect(await town.run(usual)).not.toHaveProperty('unusual');
      town.passes(DAY + minutes(9 * 60));
      const strange = await ops.asks('ana', 'run backup');
      expect(await town.run(strange)).toMatchObject({
        unusual: 'the last 2 runs failed; never asked for around this hour',
      });
    },
    house,
  );

  story(
    'the scorer is given facts and counts of the day where the requester lives',
    async (town) => {
      model = scriptedModel();
      await town.admits([
        {
          id: 'ana',
          name: 'Ana',
          roles: ['operator'],
          identities: ['telegram:41'],
          timezone: 'Pacific/Kiritimati',
        },
        { id: 'bob', name: 'Bob', roles: ['approver'], identities: ['telegram:42'] },
      ]);
      const ops = town.chat(GROUP);
      // Noon in Greenwich is two in the morning there, on the next day.
      town.passes(minutes(-3 * 60));
      await ops.asks('ana', 'run restart-web env=prod');
      town.passes(minutes(3 * 60));
      await ops.asks('ana', 'run restart-web env=prod');
      await ops.asks('ana', 'run restart-web env=staging');
      expect(model.asked.score[2]).toEqual({
        job: {
          key: 'restart-web',
          version: 1,
          title: 'Rolling restart of the web tier',
          kind: 'command',
          heavy: false,
        },
        params: { env: 'staging', hosts: 1 },
        requesterId: 'ana',
        at: town.now(),
        history: { today: 1, before: { requests: 1, days: 30 }, failedInRow: 0, nearThisHour: 0 },
      });
    },
    watched,
  );

  story(
    'where only a part of the past was looked at, nobody pretends to know what is usual',
    async (town) => {
      model = scriptedModel();
      const ops = town.chat(GROUP);
      for (let n = 0; n < 32; n += 1) {
        await ops.asks('ana', 'run backup');
        town.passes(minutes(n < 16 ? 60 : 5));
      }
      expect(model.asked.score.map(({ history }) => history.before.days)).toEqual([
        ...Array.from({ length: 31 }, () => 30),
        0,
      ]);
    },
    watched,
  );

  story(
    'a summary is one line, and only for who may see the run',
    async (town) => {
      const ops = town.chat(GROUP);
      const runId = await ops.asks('ana', 'run backup');
      await ops.says('bob', `yes ${runId}`);
      await (await town.worker().takes()).fails();
      await ops.hears();
      await ops.says('ana', `/summary ${runId}`);
      await ops.replies('bob', runId, 'summary');
      await ops.says('eve', `summary ${runId}`);
      await ops.says('ana', 'summary');
      await ops.says('ana', 'summary backup');
      const line = `backup ${runId} failed: No space left on device. Asked by Ana 12:00 UTC. Approved by Bob. Started 12:00.`;
      expect(await ops.hears()).toEqual([
        line,
        line,
        `No run ${runId}.`,
        'Which run? Try: summary K7M2QX',
        '"backup" is no run id: an id has 6 characters, such as K7M2QX. Try: summary K7M2QX',
      ]);
    },
    house,
  );

  story('without a summarizer a summary says what a status says', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run backup');
    await ops.hears();
    await ops.says('ana', `summary ${runId}`);
    await ops.says('ana', `status ${runId}`);
    const [summary, status] = await ops.hears();
    expect(summary).toBe(status);
    expect(summary).toContain(`⏳ ${runId} backup: waiting for approval`);
  });

  story(
    'the status of the advisors can be asked for',
    async (town) => {
      const ops = town.chat(GROUP);
      await ops.asks('ana', 'run backup');
      await ops.hears();
      await ops.says('ana', '/ai/status');
      await ops.says('ana', 'ops ai');
      const [one, other] = await ops.hears();
      expect(one).toBe(other);
      expect(one).toContain('risk     on   1 answered · 199 left this minute');
    },
    house,
  );
});
