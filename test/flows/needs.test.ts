import { expect } from 'vitest';
import { jobOf, withApproval } from '../cast.ts';
import { jobs, residents } from './residents.ts';
import { onEveryStore, type Town } from './town.ts';

// A policy of needs only: a dba and a lead have to agree, two people, and nobody else's yes makes up for it.

const GROUP = 'telegram:-100';

const failOver = withApproval(jobOf('fail-over', 1, { title: 'Change the main database' }), {
  needs: [
    { role: 'dba', count: 1 },
    { role: 'lead', count: 1 },
  ],
});

/** Dan is a dba, Kim a lead, Ola both. */
const people = [
  ...residents,
  { id: 'kim', name: 'Kim', roles: ['lead'], identities: ['telegram:47', 'dev:kim'] },
  { id: 'ola', name: 'Ola', roles: ['dba', 'lead'], identities: ['telegram:45', 'dev:ola'] },
];

const options = { people, jobs: [...jobs, failOver] };

const needs = async (town: Town, runId: string) =>
  /(Approval needed[^·]*) · .*(needs .*?)$/ms.exec(await town.chat(GROUP).card(runId))?.slice(1, 3);

const why = async (town: Town, runId: string): Promise<readonly string[]> => {
  const ops = town.chat(GROUP);
  await ops.hears();
  await ops.says('ana', `why ${runId}`);
  return ((await ops.hears()).at(-1) ?? '').split('\n').slice(1, -2);
};

onEveryStore((tell) => {
  const story = (title: string, proof: (town: Town) => Promise<void>): void => tell(title, proof, options);

  story('the card and why name the roles that are missing and who could give them', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run fail-over');
    expect(await needs(town, runId)).toEqual([
      'Approval needed (0 of 2)',
      'needs 1 dba (Dan, Ola) and 1 lead (Kim, Ola)',
    ]);
    expect(await why(town, runId)).toEqual([
      'It has 0 of 2 approvals. Who may decide: Bob, Cho, Dan, Kim, Ola. Ana asked and cannot approve.',
      'Missing: 1 with role dba: Dan, Ola.',
      'Missing: 1 with role lead: Kim, Ola.',
    ]);
    expect(await ops.presses('ana', 'Approve')).toBe(
      'You asked for this run, so someone else must approve it (1 dba and 1 lead).',
    );

    expect(await ops.presses('dan', 'Approve')).toBe(
      'Counted: 1 of 2, still missing 1 lead. Nothing starts yet.',
    );
    expect(await needs(town, runId)).toEqual(['Approval needed (1 of 2)', 'needs 1 lead (Kim, Ola)']);
    expect(await why(town, runId)).toEqual([
      'It has 1 of 2 approvals. Approved so far by Dan. Who may decide: Bob, Cho, Kim, Ola. Ana asked and cannot approve.',
      'Missing: 1 with role lead: Kim, Ola.',
    ]);
    await ops.says('kim', `yes ${runId}`);
    expect(await town.run(runId)).toMatchObject({ status: 'Dispatching' });
  });

  story('one person with both roles is one of the two, and either role completes it', async (town) => {
    const ops = town.chat(GROUP);
    const [first, second] = [await ops.asks('ana', 'run fail-over'), await ops.asks('ana', 'run fail-over')];
    for (const runId of [first, second]) {
      await ops.says('ola', `yes ${runId}`);
      expect(await needs(town, runId)).toEqual([
        'Approval needed (1 of 2)',
        'needs 1 dba or lead (Dan, Kim)',
      ]);
      expect(await why(town, runId)).toContain('Missing: 1 with role dba or lead: Dan, Kim.');
      await ops.says('ola', `yes ${runId}`);
      expect((await ops.hears()).at(-1)).toBe('You already approved 12:00 UTC. Still 1 of 2.');
      expect(await town.run(runId)).toMatchObject({ status: 'AwaitingApproval' });
    }
    await ops.says('dan', `yes ${first}`);
    await ops.says('kim', `yes ${second}`);
    expect(await town.run(first)).toMatchObject({ status: 'Dispatching' });
    expect(await town.run(second)).toMatchObject({ status: 'Dispatching' });
  });

  story('a yes that covers no need is on record and counts for nothing', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run fail-over');
    await ops.says('bob', `yes ${runId}`);
    expect((await ops.hears()).at(-1)).toBe(
      `Counted: 0 of 2 for ${runId} (fail-over), still missing 1 dba and 1 lead. Nothing starts yet.`,
    );
    await ops.says('cho', `yes ${runId}`);
    expect(await needs(town, runId)).toMatchObject(['Approval needed (0 of 2)', /^needs 1 dba /]);
    await ops.says('dan', `yes ${runId}`);
    expect(await needs(town, runId)).toMatchObject(['Approval needed (1 of 2)', /^needs 1 lead /]);
    expect(await town.run(runId)).toMatchObject({ status: 'AwaitingApproval' });
  });

  story('where nobody has a missing role, why says so', async (town) => {
    await town.admits(residents);
    const runId = await town.chat(GROUP).asks('ana', 'run fail-over');
    expect(await needs(town, runId)).toMatchObject([/0 of 2/, 'needs 1 dba (Dan) and 1 lead']);
    expect(await why(town, runId)).toContain('Missing: 1 with role lead: nobody has it.');
  });

  story('the job says what it takes, in the list and alone', async (town) => {
    const ops = town.chat(GROUP);
    await ops.says('ana', 'jobs');
    await ops.says('ana', 'job fail-over');
    const [list = '', alone = ''] = await ops.hears();
    expect(list).toMatch(/fail-over +v1 · Change the main database · 2 approvals/);
    expect(alone).toContain(
      'Approval: needs 1 with role dba and 1 with role lead, each another person (role approver may say no), within 30m.',
    );
  });
});
