import { expect, test } from 'vitest';
import { openTown } from './town.ts';

const town = openTown({
  yaml: `
jobs:
  broken:
    title: Says much and fails
    command: ["sh", "-c", "for i in $(seq 1 40); do echo line $i; done; exit 28"]
people:
  ana: { identities: ["telegram:1001"], roles: [operator] }
  bob: { identities: ["telegram:1002"], roles: [approver] }
`,
});

test('the log of a failure comes as a file that nobody is rung by', async () => {
  const ops = town.group();
  const card = await ops.asks('ana', '/run broken');
  await ops.presses('bob', card, 'Approve');
  await town.runThatIs(card.runId, 'Failed');
  const log = await town.fake.waitFor(() => ops.said().find(({ file }) => file !== undefined));
  const lines = Array.from({ length: 40 }, (_, index) => `line ${index + 1}\n`).join('');
  expect(log.file?.fileName).toBe(`broken-${card.runId}-attempt1.log`);
  expect(log.file?.content).toBe(lines);
  expect(log).toMatchObject({ silent: true, replyTo: card.messageId });
});
