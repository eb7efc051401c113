import { describe, expect, test } from 'vitest';
import { seenIn } from '../fakes/slack/seen.ts';
import { runThatIs, showRun, until } from './program.ts';
import { openWorkspace, runIdIn } from './slack-town.ts';

const slack = openWorkspace();

const asked = async (channel: string, text = 'run backup') => {
  slack.happens(slack.fake.make.commands('UANA', channel, text));
  const card = await slack.shows(channel, /Approval needed/);
  return { card, runId: runIdIn(card) };
};

describe('a run, from the question to the result', () => {
  test('is asked for behind a slash, approved by a press, and told in one thread', async () => {
    const { make } = slack.fake;
    const { card, runId } = await asked('C10');
    expect(card.thread).toBeUndefined();
    expect(seenIn(card)).toMatch(/Asked by @UANA, expires .*\. Needs 1 approval\.\nApprove\nDeny\nDetails$/);
    slack.happens(make.presses('UBOB', card, 'Approve'));
    await slack.becomes(card, /^Succeeded .*backup v1.*Approved by @UBOB\./);
    const result = await slack.shows(
      'C10',
      /^@UANA backup succeeded in .*4\.1 GB written, 12 tables, 0 skipped\.$/,
    );
    expect([result.thread, result.broadcast]).toEqual([card.ts, false]);
    expect((await slack.shows('C10', /^Started on /)).thread).toBe(card.ts);
    const { events } = await showRun(slack.program, runId);
    expect(events.map(({ type }) => type)).toEqual([
      'RunCreated',
      'ApprovalRequested',
      'RunApproved',
      'ExecutionDispatched',
      'ExecutionStarted',
      'ExecutionSucceeded',
    ]);
    expect(events[2]?.actor).toBe('user:slack:T1:UBOB');
  });

  test('that fails is shown to everybody, and nothing else is', async () => {
    const { card } = await asked('C11', 'run broken');
    slack.happens(slack.fake.make.presses('UBOB', card, 'Approve'));
    await slack.becomes(card, /^Failed /);
    const told = await slack.shows('C11', /^@UANA @UBOB broken failed/);
    expect([told.thread, told.broadcast]).toEqual([card.ts, true]);
    expect(slack.said('C11').filter(({ broadcast }) => broadcast)).toEqual([told]);
  });

  test('is decided by a yes in the thread of its card, and by a yes with its id in a direct message', async () => {
    const { make } = slack.fake;
    const first = await asked('C12');
    slack.happens(make.mentions('UBOB', 'C12', 'yes', { thread: first.card }).envelope);
    await runThatIs(slack.program, first.runId, 'Succeeded');
    const second = await asked('C13');
    slack.happens(make.tells('UCHO', 'DCHO', `yes ${second.runId}`).envelope);
    await runThatIs(slack.program, second.runId, 'Succeeded');
    expect((await slack.shows('DCHO', /^Approved/)).thread).toBeUndefined();
  });

  test('is not decided by an edit, by what was passed on, or by a bot', async () => {
    const { make } = slack.fake;
    const { card, runId } = await asked('C14');
    for (const more of [
      { edited: { user: 'UBOB', ts: '1.1' } },
      { attachments: [{ is_share: true }] },
      { bot_id: 'B7' },
    ]) {
      slack.happens(make.mentions('UBOB', 'C14', `yes ${runId}`, { more }).envelope);
    }
    slack.happens(make.mentions('UBOB', 'C14', 'jobs').envelope);
    await slack.shows('C14', /backup/);
    await slack.shows('C14', /you may|jobs/i);
    expect((await showRun(slack.program, runId)).run.status).toBe('AwaitingApproval');
    await slack.becomes(card, /Approval needed/);
  });
});

describe('a no', () => {
  test('is seen by nobody but who hears it', async () => {
    const { make } = slack.fake;
    const { card } = await asked('C20');
    slack.happens(make.presses('UEVE', card, 'Approve'));
    const refused = await slack.shows('C20', /may not approve backup/);
    expect(refused.onlyFor).toBe('UEVE');
    slack.happens(make.commands('UANA', 'C20', 'run bakcup'));
    const unknown = await slack.shows('C20', /^No job called "bakcup"\. Did you mean "backup"\?/);
    expect([unknown.onlyFor, seenIn(unknown)]).toEqual([
      'UANA',
      expect.stringContaining('Ask to run backup'),
    ]);
    slack.happens(make.commands('UZED', 'C20', 'run backup'));
    expect((await slack.shows('C20', /do not know you/)).onlyFor).toBe('UZED');
  });

  test('answers a bare yes where two runs wait, and either can be chosen there', async () => {
    const { make } = slack.fake;
    const first = await asked('C21');
    slack.happens(make.commands('UANA', 'C21', 'run backup'));
    await until(
      () => slack.said('C21').filter((one) => /Approval needed/.test(seenIn(one))).length === 2,
      10_000,
    );
    slack.happens(make.mentions('UBOB', 'C21', 'yes').envelope);
    const choice = await slack.shows('C21', /^2 runs are waiting for you, so I did nothing/);
    expect(choice.onlyFor).toBe('UBOB');
    slack.happens(make.presses('UBOB', choice, `Approve ${first.runId}`));
    await runThatIs(slack.program, first.runId, 'Succeeded');
  });
});

describe('a form', () => {
  test('opens at once, and what is sent off asks for the run', async () => {
    const { make, world } = slack.fake;
    slack.happens(make.commands('UANA', 'C30', 'run restart-web'));
    const view = await until(() => world.views.at(-1), 10_000);
    expect(view).toMatchObject({ user: 'UANA', view: { title: { text: 'restart-web' } } });
    slack.happens(make.submits(view, { env: { chosen: 'staging' }, hosts: '2' }));
    const card = await slack.shows('C30', /Approval needed/);
    expect(seenIn(card)).toContain('env staging   hosts 2');
    expect(slack.said('C30')).toEqual([card]);
  });

  test('that Slack lets nobody open any more opens behind a button', async () => {
    const { make, world } = slack.fake;
    const before = world.views.length;
    slack.fake.fails('views.open', 'internal_error');
    slack.happens(make.commands('UANA', 'C31', 'run restart-web'));
    const offer = await slack.shows('C31', /^restart-web needs env\.\nFill in$/);
    expect(offer.onlyFor).toBe('UANA');
    expect(world.views).toHaveLength(before);
    slack.happens(make.presses('UANA', offer, 'Fill in'));
    const view = await until(() => world.views[before], 10_000);
    // What is wrong is said to whoever filled it in, and nothing is created.
    slack.happens(make.submits(view, { env: { chosen: 'prod' }, hosts: '12' }));
    const wrong = await slack.shows('C31', /^1 problem, nothing was created/);
    expect([wrong.onlyFor, seenIn(wrong)]).toEqual(['UANA', expect.stringContaining('hosts')]);
  });
});

test('/ops is one line, with a button that tells it anew', async () => {
  slack.happens(slack.fake.make.commands('UANA', 'C40', 'ops'));
  const told = await slack.shows('C40', /^(?:OK|\d problems?) {2}/);
  expect(seenIn(told)).toMatch(
    / {2}dev {3}queue \d+ {2}running \d+\/4 .* {2}v\d+\.\d+\.\d+\n(?:\d\. .*\n)*Refresh/,
  );
});
