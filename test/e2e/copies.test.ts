import { expect, test } from 'vitest';
import { seenIn } from '../fakes/slack/seen.ts';
import { BOT } from '../fakes/slack/world.ts';
import { startFakeSlack } from '../fakes/slack-server.ts';
import { startFakeTelegram } from '../fakes/telegram-server.ts';
import { freshFolder, showRun, startProgram, until } from './program.ts';

const yaml = `
jobs:
  backup:
    title: Back up the main database
    command: ["echo", "done"]
    approval: { escalate: { after: 1s, to: "slack:T1:C50" } }
people:
  ana: { identities: ["telegram:1001"], roles: [operator] }
  bob: { identities: ["slack:T1:UBOB", "telegram:1002"], roles: [approver] }
`;

test('one decision settles the copies of a question on Telegram and on Slack', async () => {
  await using telegram = await startFakeTelegram({ quirks: false });
  const slack = await startFakeSlack();
  const ana = telegram.addUser({ firstName: 'Ana', id: 1001 });
  const bob = telegram.addUser({ firstName: 'Bob', id: 1002 });
  const group = telegram.addChat({ type: 'supergroup', title: 'ops' });
  const program = await startProgram(await freshFolder(yaml), {
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.url,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_ROOT: slack.url,
  });
  await until(() => telegram.isPolled() && slack.sockets.count() > 0, 20_000);
  ana.says(group.id, '/run backup');
  const onTelegram = () => telegram.botMessages(group.id)[0];
  const onSlack = () => slack.world.messages.find(({ channel, user }) => channel === 'C50' && user === BOT);
  const asked = await until(onTelegram, 10_000);
  const runId = / · ([0-9A-Z]{6})$/m.exec(asked.text)?.[1] ?? '';
  const copy = await until(onSlack, 15_000);
  expect(seenIn(copy)).toMatch(new RegExp(`^Approval needed {2}${runId}`));

  slack.deliver(slack.make.presses('UBOB', copy, 'Approve'));
  await until(() => onTelegram()?.text.startsWith('✅ Succeeded'), 10_000);
  await until(() => seenIn(copy).startsWith('Succeeded'), 10_000);
  // Bob on Telegram is the same person, and comes too late with the button of yesterday.
  const stale = asked.buttons.flat()[0]?.data ?? '';
  bob.presses({ chatId: group.id, messageId: asked.messageId }, stale, { forged: true });
  const toasts = () => telegram.calls('answerCallbackQuery').map(({ params }) => JSON.stringify(params));
  await until(() => toasts().some((said) => said.includes('was already approved by Bob')), 10_000);
  const { events } = await showRun(program, runId);
  expect(events.filter(({ type }) => type === 'RunApproved')).toEqual([
    expect.objectContaining({ actor: 'user:slack:T1:UBOB' }),
  ]);
  expect(await program.stop()).toBe(0);
  await slack.close();
});
