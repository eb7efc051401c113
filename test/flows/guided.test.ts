import { expect } from 'vitest';
import { houseAdvisors } from '../../src/ai/house.ts';
import { jobOf, minutes } from '../cast.ts';
import { jobs, restartWeb } from './residents.ts';
import { onEveryStore, onLastingStores, type Town } from './town.ts';

const GROUP = 'telegram:-100';

const runsOf = async (town: Town) =>
  (await town.store.runs.list({ limit: 10 })).runs.map(({ state }) => state);

/** The newest message that is no card, with its buttons. */
const question = async (town: Town, address = GROUP) => {
  const found = (await town.shown()).findLast((one) => one.address === address && !one.isCard);
  if (found === undefined) throw new Error(`nothing was said at ${address}`);
  return { ...found, labels: found.buttons.map(({ label }) => label) };
};

onEveryStore((story) => {
  story(
    'what is missing is asked for, one thing after the other, and asking creates nothing',
    async (town) => {
      const ops = town.chat(GROUP);
      await ops.says('ana', '/run restart-web');
      const first = await question(town);
      expect(first.text).toBe('restart-web needs env. Which one?');
      expect(first.labels).toEqual(['staging', 'prod', 'Stop asking']);
      expect(await ops.presses('ana', 'staging')).toBe('');
      const second = await question(town);
      expect(second).toMatchObject({
        messageId: first.messageId,
        text: 'env staging. hosts? (1 to 8, default 1) Reply to this message with a number.',
        labels: ['Use 1', 'Stop asking'],
      });
      await ops.says('ana', '12', { replyTo: second.messageId });
      const complaint = await question(town);
      expect(complaint.text).toBe('hosts must be between 1 and 8; you wrote 12. Try again or press Use 1.');
      expect(await runsOf(town)).toEqual([]);
      const handled = await ops.says('ana', '3', { replyTo: complaint.messageId });
      expect(await runsOf(town)).toMatchObject([
        {
          runId: handled?.runId,
          status: 'AwaitingApproval',
          params: { env: 'staging', hosts: 3 },
          requester: { kind: 'person', name: 'Ana' },
        },
      ]);
      expect(await ops.card(handled?.runId ?? '')).toMatch(/env {4}staging\n {2}hosts {2}3\n/);
      expect(await ops.presses('bob', 'Approve')).toBe(`Approved ${handled?.runId ?? ''}`);
    },
  );

  story(
    'a default that is taken by its button counts as one, and the question loses its buttons',
    async (town) => {
      const ops = town.chat(GROUP);
      await ops.says('ana', '/run restart-web');
      await ops.presses('ana', 'prod');
      const asked = await question(town);
      await ops.presses('ana', 'Use 1');
      expect(await runsOf(town)).toMatchObject([{ params: { env: 'prod', hosts: 1 }, defaulted: ['hosts'] }]);
      const { text, buttons } = (await town.shown()).find((one) => one.messageId === asked.messageId) ?? {};
      expect({ text, buttons }).toEqual({ text: 'restart-web: env prod', buttons: [] });
    },
  );

  story('a name with its value answers without a reply, and what was given at first stays', async (town) => {
    const ops = town.chat(GROUP);
    await ops.says('ana', '/run restart-web hosts=2');
    expect((await question(town)).text).toBe('restart-web needs env. Which one?');
    expect((await ops.says('bob', 'env=prod'))?.runId).toBeUndefined();
    await ops.says('ana', 'hosts=4');
    expect(await runsOf(town)).toEqual([]);
    await ops.says('ana', 'env=prod');
    expect(await runsOf(town)).toMatchObject([{ params: { env: 'prod', hosts: 2 } }]);
  });

  story('a question is for whoever asked, there and nowhere else', async (town) => {
    const ops = town.chat(GROUP);
    await ops.says('ana', '/run restart-web');
    const { messageId } = await question(town);
    for (const label of ['staging', 'Stop asking']) {
      expect(await ops.presses('bob', label)).toBe('That question is for Ana.');
    }
    await ops.says('bob', 'prod', { replyTo: messageId });
    const staging = await ops.button('staging');
    expect(await town.chat('telegram:-200').presses('ana', staging)).toBe(
      'That question is closed. Nothing was created.',
    );
    expect(await runsOf(town)).toEqual([]);
    await ops.presses('ana', staging);
    expect((await question(town)).text).toMatch(/^env staging\. hosts\?/);
  });

  story('a run that is asked for again is asked what its job has come to need since', async (town) => {
    const ops = town.chat(GROUP);
    const first = await ops.asks('ana', 'run restart-web env=prod hosts=2');
    await ops.says('ana', `cancel ${first}`);
    const { spec } = restartWeb;
    const ticket = { type: 'integer', required: true, min: 1 } as const;
    const changed = { ...spec, params: { ...spec.params, ticket } };
    await town.lists([{ key: 'restart-web', spec: changed }]);
    expect(await ops.presses('ana', 'Ask again')).toBe('');
    expect(await question(town)).toMatchObject({
      text: 'restart-web needs ticket (at least 1). Reply to this message with a number.',
      labels: ['Stop asking'],
    });
    expect(await runsOf(town)).toMatchObject([{ runId: first, status: 'Canceled' }]);
    await ops.says('ana', '41', { replyTo: (await question(town)).messageId });
    expect((await runsOf(town)).find(({ runId }) => runId !== first)).toMatchObject({
      status: 'AwaitingApproval',
      jobVersion: 2,
      params: { env: 'prod', hosts: 2, ticket: 41 },
      votes: [],
    });
  });

  story(
    'where its job takes something else now, one answer says all of it and nothing is created',
    async (town) => {
      const ops = town.chat(GROUP);
      const first = await ops.asks('ana', 'run restart-web env=prod hosts=2');
      await ops.says('ana', `cancel ${first}`);
      const env = { type: 'string', required: true, enum: ['staging', 'production'] } as const;
      await town.lists([{ key: 'restart-web', spec: { ...restartWeb.spec, params: { env } } }]);
      await ops.presses('ana', 'Ask again');
      expect((await question(town)).text.split('\n')).toEqual([
        '2 problems, nothing was created:',
        '• env: "prod" is not one of staging, production. Did you mean production?',
        '• hosts: unknown parameter.',
        'Copy: /run restart-web env=production',
      ]);
      expect(await runsOf(town)).toMatchObject([{ runId: first, status: 'Canceled' }]);
      await town.lists(jobs.filter(({ key }) => key !== 'restart-web'));
      await ops.presses('ana', 'Ask again');
      expect((await question(town)).text).toBe('There is no job called "restart-web" any more.');
    },
  );

  story('after ten minutes a question is closed, in one sentence', async (town) => {
    const ops = town.chat(GROUP);
    await ops.says('ana', '/run restart-web');
    const { messageId } = await question(town);
    const staging = await ops.button('staging');
    town.passes(minutes(10));
    const closed = 'That question is closed, so nothing was created. Ask again: /run restart-web';
    expect(await ops.presses('ana', staging)).toBe(closed);
    await ops.says('ana', 'staging', { replyTo: messageId });
    expect((await question(town)).text).toBe(closed);
    expect(await runsOf(town)).toEqual([]);
  });

  story('whoever answers has ten minutes for the next question', async (town) => {
    const ops = town.chat(GROUP);
    await ops.says('ana', '/run restart-web');
    town.passes(minutes(9));
    await ops.presses('ana', 'staging');
    town.passes(minutes(9));
    await ops.presses('ana', 'Use 1');
    expect(await runsOf(town)).toHaveLength(1);
  });

  story('who wants no more questions gets none, and nothing is created', async (town) => {
    const ops = town.chat(GROUP);
    await ops.says('ana', '/run restart-web');
    const staging = await ops.button('staging');
    await ops.presses('ana', 'Stop asking');
    expect(await question(town)).toMatchObject({
      messageId: staging.messageId,
      text: 'Stopped asking; nothing was created.',
      labels: [],
    });
    expect(await ops.presses('ana', staging)).toMatch(/^That question is closed/);
    expect(await runsOf(town)).toEqual([]);
  });

  story('a new question takes the place of the one before; an old button answers nothing', async (town) => {
    const ops = town.chat(GROUP);
    await ops.says('ana', '/run restart-web');
    const old = await ops.button('prod');
    await ops.says('ana', '/run restart-web');
    expect(await ops.presses('ana', old)).toBe('That question is closed. Nothing was created.');
    const first = await ops.button('staging');
    await ops.presses('ana', first);
    expect(await ops.presses('ana', first)).toBe('That is answered already. The newest question counts.');
    await ops.presses('ana', 'Use 1');
    expect(await runsOf(town)).toMatchObject([{ params: { env: 'staging', hosts: 1 } }]);
    town.passes(-1000);
    expect(await ops.presses('ana', first)).toMatch(/^That question is closed/);
    expect(await runsOf(town)).toHaveLength(1);
  });

  story('a command under a question stays a command', async (town) => {
    const ops = town.chat(GROUP);
    await ops.says('ana', '/run restart-web');
    const { messageId } = await question(town);
    const handled = await ops.says('ana', '/run backup', { replyTo: messageId });
    expect(await runsOf(town)).toMatchObject([{ runId: handled?.runId, jobKey: 'backup' }]);
    for (const disqualified of ['forwarded', 'edited'] as const) {
      await ops.says('ana', 'prod', { replyTo: messageId, disqualified });
    }
    expect(await runsOf(town)).toHaveLength(1);
  });

  story(
    'what an advisor has read stays on record when questions follow',
    async (town) => {
      const own = town.chat('telegram:41');
      await own.says('ana', 'please run the restart-web job');
      await own.presses('ana', 'Ask to run restart-web');
      await own.presses('ana', 'prod');
      await own.presses('ana', 'Use 1');
      const [run] = await runsOf(town);
      expect(run?.params).toEqual({ env: 'prod', hosts: 1 });
      expect(await town.events(run?.runId ?? '')).toEqual(['RunCreated', 'AiParseUsed', 'ApprovalRequested']);
    },
    { advisors: () => houseAdvisors },
  );

  story('every rule of a request holds at the last answer as well', async (town) => {
    const ops = town.chat(GROUP);
    const { key, spec } = restartWeb;
    await ops.says('ana', '/run restart-web');
    await town.lists([
      { key, spec: { ...spec, requesters: ['role:dba'] } },
      ...jobs.filter((job) => job.key !== key),
    ]);
    await ops.presses('ana', 'staging');
    expect((await question(town)).text).toMatch(
      /^restart-web has changed since I asked, so nothing was created/,
    );
    await ops.says('dan', '/run restart-web');
    await ops.presses('dan', 'staging');
    await town.admits([]);
    expect(await ops.presses('dan', 'Use 1')).toBe('I do not know you, so nothing changed.');
    expect(await runsOf(town)).toEqual([]);
  });

  story(
    'an optional value without a default may be left out, and many values are written',
    async (town) => {
      const ops = town.chat(GROUP);
      await ops.says('ana', '/run scale');
      const needs = 'scale needs size (a, b, c, d, e, f or g). Reply to this message with one of them.';
      expect(await question(town)).toMatchObject({ text: needs, labels: ['Stop asking'] });
      await ops.says('ana', 'zzzz', { replyTo: (await question(town)).messageId });
      expect((await question(town)).text).toBe('size: "zzzz" is not one of a, b, c, d, e, f, g. Try again.');
      await ops.says('ana', ' g ', { replyTo: (await question(town)).messageId });
      expect(await question(town)).toMatchObject({
        text: 'size g. note? (may be left out) Reply to this message with the text.',
        labels: ['Leave out', 'Stop asking'],
      });
      await ops.presses('ana', 'Leave out');
      expect(await runsOf(town)).toMatchObject([{ params: { size: 'g', drain: '30s' } }]);
    },
    {
      jobs: [
        jobOf('scale', 1, {
          params: {
            note: { type: 'string', required: false },
            drain: { type: 'duration', required: false, default: '30s' },
            size: { type: 'string', required: true, enum: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] },
          },
        }),
      ],
    },
  );

  story('where nothing can be tapped the question is one line, with one that would do', async (town) => {
    const ops = town.chat('dev:ops');
    await ops.says('ana', 'run restart-web');
    await ops.says('ana', 'run restart-web hosts=2');
    expect(await ops.hears()).toEqual([
      'restart-web needs env (staging or prod). Send: run restart-web env=staging',
      'restart-web needs env (staging or prod). Send: run restart-web hosts=2 env=staging',
    ]);
    expect(await town.store.requestDrafts.of('dev:ops', 'ana')).toBeUndefined();
    expect(await runsOf(town)).toEqual([]);
  });

  story('in a terminal one types the name with the value', async (town) => {
    const here = town.chat('terminal:chat');
    await here.says('ana', 'run restart-web');
    await here.presses('ana', 'staging');
    expect((await question(town, 'terminal:chat')).text).toBe(
      'env staging. hosts? (1 to 8, default 1) Type hosts=1',
    );
    await here.says('ana', 'hosts=8');
    expect(await runsOf(town)).toMatchObject([{ params: { env: 'staging', hosts: 8 } }]);
  });
});

onLastingStores((story) => {
  story('a question outlives the program that asked it', async (town) => {
    const ops = town.chat(GROUP);
    await ops.says('ana', '/run restart-web');
    await ops.presses('ana', 'staging');
    const { messageId } = await question(town);
    await town.restarts();
    await ops.says('ana', '5', { replyTo: messageId });
    expect(await runsOf(town)).toMatchObject([{ params: { env: 'staging', hosts: 5 } }]);
  });
});
