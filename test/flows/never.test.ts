import { expect } from 'vitest';
import { owners, residents } from './residents.ts';
import { onEveryStore, type Town } from './town.ts';

const GROUP = 'telegram:-100';
const DAY_MS = 24 * 60 * 60_000;

const withOwners = { people: [...residents, ...owners] };

/** What `/job clean-up` says about asking, and the command that it offers. */
const lookUp = async (town: Town): Promise<{ readonly words: string; readonly accept: string }> => {
  const chat = town.chat(GROUP);
  await chat.says('ola', '/job clean-up');
  const words = (await chat.hears()).at(-1)?.split('\n').at(-1) ?? '';
  return { words, accept: /\/accept \S+ [0-9a-f]+/.exec(words)?.[0] ?? '' };
};

const accepted = async (town: Town): Promise<void> => {
  const { accept } = await lookUp(town);
  await town.chat(GROUP).says('ola', accept);
  await town.chat(GROUP).says('kim', accept);
  await town.chat(GROUP).hears();
};

const eventsOfOne = async (town: Town): Promise<readonly string[]> => {
  const asked = await town.chat(GROUP).says('ana', 'run clean-up');
  return town.events(asked?.runId ?? '');
};

const ASKS = ['RunCreated', 'ApprovalRequested'];
const STARTS = ['RunCreated', 'RunApproved', 'ExecutionDispatched'];

onEveryStore((story) => {
  story(
    'a job that never asks does ask until two owners have accepted what it runs',
    async (town) => {
      const ops = town.chat(GROUP);
      const { words, accept } = await lookUp(town);
      expect(words).toMatch(
        /^But it asks like any other job until 2 owners accept what it runs: \/accept clean-up [0-9a-f]{12}$/,
      );
      expect(await eventsOfOne(town)).toEqual(ASKS);
      await ops.hears();

      await ops.says('ola', accept);
      await ops.says('ola', accept);
      const one = `clean-up v1 is accepted by Ola: 1 of 2, so it still asks. Another owner: ${accept}`;
      expect(await ops.hears()).toEqual([one, one]);
      expect(await eventsOfOne(town)).toEqual(ASKS);
      await ops.hears();

      await ops.says('kim', accept);
      expect((await ops.hears())[0]).toMatch(
        /^clean-up v1 is accepted by Ola and Kim and runs without asking until .*\. Back: \/unaccept clean-up$/,
      );
      expect(await eventsOfOne(town)).toEqual(STARTS);
      expect(town.seen('never_policy_used')).toHaveLength(1);
      expect((await town.store.runs.history('system')).map(({ type, actor }) => `${type} ${actor}`)).toEqual([
        'NeverAccepted user:telegram:45',
        'NeverAccepted user:telegram:45',
        'NeverAccepted user:telegram:47',
      ]);
    },
    withOwners,
  );

  story(
    'the acceptance lapses after 90 days, counted from the older word',
    async (town) => {
      await accepted(town);
      town.passes(90 * DAY_MS - 1);
      expect(await eventsOfOne(town)).toEqual(STARTS);
      town.passes(1);
      expect(await eventsOfOne(town)).toEqual(ASKS);
      expect((await lookUp(town)).words).toMatch(/^But it asks like any other job until 2 owners/);
    },
    withOwners,
  );

  story(
    'another version and another script are other things to accept, and so is a job whose owner has gone',
    async (town) => {
      await accepted(town);
      town.swaps({ 'backup.sh': 'b'.repeat(64) });
      expect(await eventsOfOne(town)).toEqual(ASKS);
      town.swaps({ 'backup.sh': 'a'.repeat(64) });
      expect(await eventsOfOne(town)).toEqual(STARTS);
      await town.admits(withOwners.people.filter(({ id }) => id !== 'kim'));
      expect(await eventsOfOne(town)).toEqual(ASKS);
    },
    withOwners,
  );

  story(
    'what is withdrawn between the request and the claim does not start',
    async (town) => {
      await accepted(town);
      const asked = await town.chat(GROUP).says('ana', 'run clean-up');
      const runId = asked?.runId ?? '';
      await town.chat(GROUP).says('kim', '/unaccept clean-up');
      expect((await town.chat(GROUP).hears()).at(-1)).toBe('clean-up asks like any other job from now on.');
      expect(await town.worker().takes()).toMatchObject({ start: { kind: 'nothing' } });
      expect(await town.run(runId)).toMatchObject({ status: 'AwaitingApproval', because: 'voided' });
      expect(await town.events(runId)).not.toContain('ExecutionStarted');
    },
    withOwners,
  );

  story(
    'whoever is asked about a job that did not ask before hears why, and so does whoever looks',
    async (town) => {
      const ops = town.chat(GROUP);
      await accepted(town);
      const why = async (): Promise<readonly string[]> => {
        await ops.hears();
        const runId = await ops.asks('ana', 'run clean-up');
        const [, asks = ''] = await ops.hears();
        await ops.says('bob', `why ${runId}`);
        await ops.says('ola', '/job clean-up');
        const [explained = '', job = ''] = await ops.hears();
        const said = [asks, ...explained.split('\n'), ...job.split('\n')];
        return said.filter((line) => /asks this time|policy is never|^It asks again/.test(line));
      };
      const all = (words: string): readonly string[] => [
        `clean-up asks this time: ${words}. Owners: /job clean-up`,
        `Its policy is never, and it asks all the same: ${words}. See /job clean-up`,
        `It asks again: ${words}.`,
      ];
      town.swaps({ 'backup.sh': 'b'.repeat(64) });
      expect(await why()).toEqual(all('what it runs has changed since Kim and Ola accepted it'));

      await ops.says('ola', (await lookUp(town)).accept);
      expect(await why()).toEqual(all('what it runs has changed since Kim accepted it'));

      await ops.says('kim', (await lookUp(town)).accept);
      const kim = { id: 'kim', name: 'Kim', roles: ['operator'], identities: ['telegram:47'] };
      await town.admits([...withOwners.people.filter(({ id }) => id !== 'kim'), kim]);
      expect(await why()).toEqual(all('the word of Kim, no owner any more, does not count'));

      await town.admits(withOwners.people);
      expect(await eventsOfOne(town)).toEqual(STARTS);
      town.passes(90 * DAY_MS);
      expect(await why()).toEqual(all('Kim and Ola accepted it more than 90 days ago'));

      await ops.says('cho', 'freeze incident');
      expect((await why()).slice(0, 2)).toEqual(all('everything is frozen by Cho').slice(0, 2));
    },
    withOwners,
  );

  story(
    'where the clock asks, its chat hears why',
    async (town) => {
      await accepted(town);
      await town.chat(GROUP).says('ana', 'schedule clean-up "0 13 * * *" UTC');
      town.swaps({ 'backup.sh': 'b'.repeat(64) });
      await town.chat(GROUP).hears();
      town.passes(60 * 60_000);
      await town.ticks();
      const [card = '', asks] = await town.chat(GROUP).hears();
      expect(card).toMatch(/^⏳ Scheduled: approval needed/);
      expect(asks).toBe(
        'clean-up asks this time: what it runs has changed since Kim and Ola accepted it. Owners: /job clean-up',
      );
    },
    withOwners,
  );

  story(
    'a job that nobody has accepted yet says nothing of the kind',
    async (town) => {
      await town.chat(GROUP).says('ana', 'run clean-up');
      expect(await town.chat(GROUP).hears()).toHaveLength(1);
    },
    withOwners,
  );

  story(
    'while everything is frozen such a job asks, too',
    async (town) => {
      await accepted(town);
      await town.chat(GROUP).says('cho', 'freeze incident');
      expect(await eventsOfOne(town)).toEqual(ASKS);
    },
    withOwners,
  );

  story(
    'a freeze that comes at the moment of such a request makes it ask',
    async (town) => {
      await accepted(town);
      const upkeep = [{ kind: 'freeze', by: 'Cho', reason: 'incident' }] as const;
      town.meanwhile(
        async () => void (await town.store.runs.commit([{ queue: [], outbox: [], at: town.now(), upkeep }])),
      );
      expect(await eventsOfOne(town)).toEqual(ASKS);
    },
    withOwners,
  );

  story(
    'only owners accept, only what they have looked at, and only what never asks',
    async (town) => {
      const ops = town.chat(GROUP);
      const { accept } = await lookUp(town);
      await ops.says('bob', accept);
      await ops.says('ola', '/accept clean-up');
      await ops.says('ola', '/accept clean-up 000000000000');
      await ops.says('ola', accept.slice(0, -1));
      await ops.says('ola', '/accept backup 000000000000');
      await ops.says('ola', '/accept clean-u 000000000000');
      await ops.says('ola', '/unaccept clean-up');
      await ops.says('bob', '/unaccept clean-up');
      const look = `Read /job clean-up first. What it runs now is accepted with: ${accept}`;
      expect(await ops.hears()).toEqual([
        'Only owners say that a job may run without asking. Nothing changed.',
        look,
        look,
        look,
        'backup asks for approval, so there is nothing to accept. Nothing changed.',
        'No job called "clean-u". Did you mean "clean-up"?',
        'Nobody has accepted clean-up.',
        'Only owners say that a job may run without asking. Nothing changed.',
      ]);
      expect(await town.store.acceptances.of('clean-up')).toEqual([]);
    },
    withOwners,
  );
});
