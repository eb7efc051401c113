import { expect, onTestFinished, test } from 'vitest';
import { seenIn } from '../fakes/slack/seen.ts';
import { BOT } from '../fakes/slack/world.ts';
import { startFakeSlack } from '../fakes/slack-server.ts';
import { startFakeTelegram } from '../fakes/telegram-server.ts';
import { startFakeTwilio } from '../fakes/twilio-server.ts';
import { freshFolder, runThatIs, showRun, startProgram, until } from './program.ts';

const CHO = '+491701234563';
const PUBLIC = 'https://ops.example.org';

const yaml = `
jobs:
  backup:
    title: Back up the main database
    command: ["echo", "done"]
    approval: { escalate: { after: 1s, to: role:approver } }
  restore:
    title: Put the main database back
    command: ["echo", "done"]
    approval: { quorum: 2, escalate: { after: 1s, to: role:approver } }
people:
  ana: { identities: ["telegram:1001"], roles: [operator] }
  bob: { identities: ["slack:T1:UBOB", "telegram:1002"], roles: [approver] }
  cho: { identities: ["sms:${CHO}"], roles: [approver], timezone: UTC }
`;

/** One program with three doors to the network. Ana has Telegram, Bob has Slack too, and Cho has a telephone. */
const openTown = async () => {
  const telegram = await startFakeTelegram({ quirks: false });
  const slack = await startFakeSlack();
  const twilio = await startFakeTwilio();
  onTestFinished(async () => {
    await telegram.close();
    await slack.close();
    await twilio.close();
  });
  const ana = telegram.addUser({ firstName: 'Ana', id: 1001 });
  const bob = telegram.addUser({ firstName: 'Bob', id: 1002 });
  const group = telegram.addChat({ type: 'supergroup', title: 'ops' });
  const program = await startProgram(await freshFolder(yaml), {
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.url,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_ROOT: slack.url,
    TWILIO_ACCOUNT_SID: twilio.accountSid,
    TWILIO_AUTH_TOKEN: twilio.authToken,
    TWILIO_FROM: twilio.from,
    TWILIO_API_ROOT: twilio.url,
    PUBLIC_URL: PUBLIC,
  });
  twilio.connect({ url: program.url, publicUrl: PUBLIC });
  await until(() => telegram.isPolled() && slack.sockets.count() > 0, 20_000);
  /** Ana asks on Telegram, and nobody answers there until the others are asked where they are. */
  const asks = async (job: string) => {
    ana.says(group.id, `/run ${job}`);
    const onTelegram = () => telegram.botMessages(group.id)[0];
    const asked = await until(onTelegram, 10_000);
    const runId = / · ([0-9A-Z]{6})$/m.exec(asked.text)?.[1] ?? '';
    const onSlack = await until(
      () => slack.world.messages.find(({ channel, user }) => channel === 'DBOB' && user === BOT),
      15_000,
    );
    expect(seenIn(onSlack)).toMatch(new RegExp(`^Approval needed.* {2}${runId}`));
    const texts = () => twilio.sent.filter(({ to }) => to === CHO).map(({ body }) => body);
    await until(() => texts().some((body) => body.includes(`Reply YES ${runId}`)), 15_000);
    return { runId, asked, onTelegram, onSlack, texts };
  };
  return { telegram, slack, twilio, program, group, bob, asks };
};

test('one decision, by a text message, settles the copies of a question on Telegram and on Slack', async () => {
  const { twilio, telegram, program, group, bob, slack, asks } = await openTown();
  const { runId, asked, onTelegram, onSlack, texts } = await asks('backup');
  await twilio.texts(CHO, `YES ${runId}`);
  await until(() => onTelegram()?.text.startsWith('✅ Succeeded'), 10_000);
  await until(() => seenIn(onSlack).startsWith('Succeeded'), 10_000);
  await until(() => texts().some((body) => body.includes(`backup ${runId} succeeded`)), 10_000);
  // Bob is one person everywhere, and comes too late with the buttons of before, on either.
  const stale = asked.buttons.flat()[0]?.data ?? '';
  bob.presses({ chatId: group.id, messageId: asked.messageId }, stale, { forged: true });
  const toasts = () => telegram.calls('answerCallbackQuery').map(({ params }) => JSON.stringify(params));
  await until(() => toasts().some((said) => said.includes('was already approved by Cho')), 10_000);
  slack.deliver(slack.make.tells('UBOB', 'DBOB', `yes ${runId}`).envelope);
  const heard = () => slack.world.messages.filter(({ user }) => user === BOT).map(seenIn);
  await until(() => heard().some((said) => said.includes('already approved by Cho')), 10_000);
  const { events } = await showRun(program, runId);
  expect(events.filter(({ type }) => type === 'RunApproved')).toEqual([
    expect.objectContaining({ actor: `user:sms:${CHO}` }),
  ]);
  expect(await program.stop()).toBe(0);
});

test('two votes that a run needs are given on two channels, and one person is one vote', async () => {
  const { twilio, telegram, program, group, bob, slack, asks } = await openTown();
  const { runId, asked, onTelegram, onSlack, texts } = await asks('restore');
  slack.deliver(slack.make.presses('UBOB', onSlack, 'Approve'));
  await until(() => onTelegram()?.text.includes('1 of 2'), 10_000);
  await until(() => seenIn(onSlack).includes('1 of 2'), 10_000);
  // The same Bob, with his other account.
  bob.presses({ chatId: group.id, messageId: asked.messageId }, 'Approve');
  const toasts = () => telegram.calls('answerCallbackQuery').map(({ params }) => JSON.stringify(params));
  await until(() => toasts().some((said) => /already/i.test(said)), 10_000);
  await twilio.texts(CHO, `YES ${runId}`);
  const { events } = await runThatIs(program, runId, 'Succeeded');
  await until(() => onTelegram()?.text.startsWith('✅ Succeeded'), 10_000);
  await until(() => seenIn(onSlack).startsWith('Succeeded'), 10_000);
  await until(() => texts().some((body) => body.includes(`restore ${runId} succeeded`)), 10_000);
  const votes = events.filter(({ type, actor }) => type !== 'RunCreated' && actor.startsWith('user:'));
  expect(votes.map(({ actor }) => actor)).toEqual(['user:slack:T1:UBOB', `user:sms:${CHO}`]);
  expect(await program.stop()).toBe(0);
});
