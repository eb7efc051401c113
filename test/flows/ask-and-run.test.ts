import { expect } from 'vitest';
import { handleMessage } from '../../src/core/flows/messages/handle-message.ts';
import type { Inbound } from '../../src/core/ports/channel.ts';
import { minutes } from '../cast.ts';
import { owners, residents } from './residents.ts';
import { onEveryStore, onLastingStores } from './town.ts';

const SIX = [
  'RunCreated',
  'ApprovalRequested',
  'RunApproved',
  'ExecutionDispatched',
  'ExecutionStarted',
  'ExecutionSucceeded',
];

const request: Inbound = {
  kind: 'text',
  channel: 'telegram',
  account: 'bot',
  eventKey: 'taken up twice',
  address: 'telegram:-100',
  lane: 'telegram:-100',
  from: { identity: 'telegram:41', name: 'Ana' },
  chat: 'group',
  text: 'run backup',
  addressed: true,
  messageId: '7',
};

onEveryStore((story) => {
  story(
    'whoever may not ask for a job hears what they may run, and whom to ask',
    async (town) => {
      const ops = town.chat('telegram:-100');
      await ops.says('dan', 'run rotate-keys');
      await ops.says('bob', 'run backup');
      expect(await ops.hears()).toEqual([
        'You may not ask for rotate-keys. You may run: vault-dump. Ask an owner: Kim, Ola.',
        'You may not ask for backup. You may run nothing yet. Ask an owner: Kim, Ola.',
      ]);
      expect((await town.store.runs.list({ limit: 1 })).runs).toEqual([]);
    },
    { people: [...residents, ...owners] },
  );

  story(
    'ask, approve, run, result: six events, and nobody hears more than there is to hear',
    async (town) => {
      const ops = town.chat('telegram:-100');
      const runId = await ops.asks('ana', '/run backup');
      expect(await ops.hears()).toEqual([
        expect.stringContaining(`⏳ Approval needed · ${runId}\nbackup v1`),
      ]);
      expect(await ops.presses('bob', 'Approve')).toBe(`Approved ${runId}`);
      expect(await ops.card(runId)).toContain('⏳ Queued');
      const attempt = await town.worker().takes();
      expect(attempt.start).toMatchObject({ kind: 'start', run: { runId, attempt: 1 } });
      expect(await ops.card(runId)).toMatch(/▶️ Running[^]*approved by Bob[^]*on w1/);
      await attempt.tells(58, 'table orders 7 of 12');
      expect(await ops.card(runId)).toMatch(/▶️ Running · \w+ · 58%[^]*table orders 7 of 12/);
      town.passes(102_000);
      expect(await attempt.succeeds('4.1 GB written')).toBe('recorded');
      expect(await ops.card(runId)).toContain(`✅ Succeeded · ${runId} · 1m 42s`);
      expect(await ops.hears()).toEqual([`Ana ✅ backup succeeded in 1m 42s · ${runId}\n4.1 GB written`]);
      expect((await town.events(runId)).filter((type) => type !== 'ExecutionProgressed')).toEqual(SIX);
      expect(await town.worker().claims()).toBeUndefined();
    },
  );

  story(
    'the same in plain words, where the wording stays verbatim',
    async (town) => {
      const ops = town.chat('dev:ops');
      const asked = await ops.says('ana', 'run demo');
      const runId = asked?.runId ?? '';
      expect(asked).toMatchObject({ intent: 'RunJob', jobKey: 'demo', dispatched: false });
      expect(await ops.says('bob', `yes ${runId.toLowerCase()}`)).toMatchObject({
        intent: 'ApproveRun',
        dispatched: true,
      });
      await (await town.worker().takes()).succeeds("Job 'demo' completed successfully");
      expect(await ops.hears()).toEqual([
        `Job "demo" is ready. Reply YES ${runId} to approve or NO ${runId} to deny.`,
        `Approved. Starting run ${runId} for job "demo"…`,
        `Run ${runId} succeeded: Job 'demo' completed successfully`,
      ]);
      expect(await town.events(runId)).toEqual(SIX);
      const history = await town.store.runs.history(runId);
      expect(history.map(({ actor }) => actor)).toEqual([
        'user:dev:ana',
        'system',
        'user:dev:bob',
        'system',
        'worker:w1',
        'worker:w1',
      ]);
      expect(history.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(history.map(({ payload }) => payload)).toMatchObject([
        { jobKey: 'demo', jobVersion: 0, params: {} },
        { Policy: 'DefaultRequireApproval' },
        { epoch: 1 },
        { attempt: 1 },
        { WorkerId: 'w1', attempt: 1 },
        { Summary: "Job 'demo' completed successfully" },
      ]);
    },
    { profile: 'dev' },
  );

  story('a message that comes twice has one effect', async (town) => {
    const ops = town.chat('telegram:-100');
    const runId = await ops.asks('ana', 'run backup', { eventKey: 'asked' });
    expect(await ops.says('ana', 'run backup', { eventKey: 'asked' })).toBeUndefined();
    await ops.says('bob', `yes ${runId}`, { eventKey: 'yes' });
    expect(await ops.says('bob', `yes ${runId}`, { eventKey: 'yes' })).toBeUndefined();
    const door = town.chat('dev:door');
    expect(await door.says('ana', 'run report', { eventKey: 'm1' })).toMatchObject({ outcome: 'committed' });
    expect(await door.says('ana', 'run report', { eventKey: 'm1' })).toMatchObject({
      outcome: 'seen_before',
      outbound: [],
    });
    expect((await town.store.runs.list({ limit: 10 })).runs).toHaveLength(2);
    expect(await town.events(runId)).toEqual(SIX.slice(0, 4));
    expect((await ops.hears()).filter((text) => text.startsWith('Approved '))).toHaveLength(1);
  });

  story('a stored message that two hands take up at once has one effect', async (town) => {
    const ops = town.chat('telegram:-100');
    await town.store.inbox.accept([request], town.now());
    const at = town.now();
    const [waiting] = await town.store.inbox.claim({ owner: 'town', busy: [], limit: 10, at, until: at });
    const once = { kind: 'mark', inboxId: waiting?.inboxId ?? 0 } as const;
    const handled = await Promise.all([1, 2, 3].map(() => handleMessage(town.rooms)(request, once)));
    expect(handled.map(({ outcome }) => outcome).toSorted()).toEqual([
      'committed',
      'seen_before',
      'seen_before',
    ]);
    expect(await ops.says('ana', 'run backup', { eventKey: request.eventKey })).toBeUndefined();
    expect((await town.store.runs.list({ limit: 10 })).runs).toHaveLength(1);
    expect(await ops.hears()).toHaveLength(1);
  });

  story('two people in two chats do not get into each other’s way', async (town) => {
    const ops = town.chat('telegram:-100');
    const web = town.chat('telegram:-200');
    const [one, two] = await Promise.all([ops.asks('ana', 'run backup'), web.asks('ana', 'run report')]);
    await Promise.all([ops.replies('bob', one, 'yes'), web.replies('cho', two, 'no not on a Friday')]);
    expect((await town.run(one)).status).toBe('Dispatching');
    expect(await town.run(two)).toMatchObject({ status: 'Denied', by: 'Cho', reason: 'not on a Friday' });
    expect((await ops.hears()).join('\n')).not.toContain(two);
    expect((await web.hears()).join('\n')).not.toContain(one);
  });

  story('the card is threaded under the request and never sent a second time', async (town) => {
    const ops = town.chat('telegram:-100');
    const runId = await ops.asks('ana', 'run backup');
    await ops.hears();
    await ops.replies('bob', runId, 'yes');
    await (await town.worker().takes()).succeeds();
    const rang = await ops.hears();
    expect(rang.filter((text) => text.includes('Approval needed'))).toEqual([]);
    expect(await ops.labels()).toEqual(['Log', 'Run again']);
  });
});

onLastingStores((story) => {
  story('a restart between the question and the answer changes nothing', async (town) => {
    const ops = town.chat('telegram:-100');
    const runId = await ops.asks('ana', 'run backup');
    const approve = await ops.button('Approve');
    const before = await town.events(runId);
    await town.restarts();
    expect(await town.events(runId)).toEqual(before);
    expect(await ops.presses('bob', approve)).toBe(`Approved ${runId}`);
    await town.restarts();
    const attempt = await town.worker().takes();
    expect(await attempt.succeeds()).toBe('recorded');
    expect(await town.events(runId)).toEqual(SIX);
    expect(await ops.card(runId)).toContain('✅ Succeeded');
  });

  story(
    'a worker that died with the program is asked about, and its late report is refused',
    async (town) => {
      const ops = town.chat('telegram:-100');
      const runId = await ops.asks('ana', 'run backup');
      await town.restarts();
      await ops.says('bob', `yes ${runId}`);
      const first = await town.worker('w1').takes();
      await town.restarts();
      town.passes(minutes(1));
      await town.keepsHouse();
      expect((await town.run(runId)).status).toBe('AwaitingApproval');
      expect(await first.succeeds()).toBe('refused');
      expect(town.seen('report_refused')).toMatchObject([{ runId, workerId: 'w1' }]);
    },
  );
});
