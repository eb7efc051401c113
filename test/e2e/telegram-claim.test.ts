import { describe, expect, test } from 'vitest';
import { until } from './program.ts';
import { living, openTown } from './town.ts';

const NOBODY = `
jobs:
  backup:
    title: Back up the main database
    command: ["echo", "done"]
    approval: { self: true }
`;

// The first process lives eleven minutes ago, so that its link is too old for the second one.
const town = openTown({ yaml: NOBODY, env: living(-11 * 60_000) });

const LINK = /https:\/\/t\.me\/textops_bot\?start=(claim_[\w-]{22})/g;

const codeNow = async (): Promise<string> => {
  const code = await until(() => [...town.program.output().matchAll(LINK)].at(-1)?.[1], 10_000);
  return code;
};

describe('the first person', () => {
  test('opens the printed link once and becomes owner; nobody else does', async () => {
    const old = await codeNow();
    expect(await town.program.stop()).toBe(0);
    await town.start();
    const code = await codeNow();
    expect(code).not.toBe(old);
    const zed = town.home('zed');
    const refused = /^This link was used already or is too old\. Start TextOps again for a new one\.$/;

    zed.hears('zed', `/start ${old}`);
    await zed.shows(refused);
    const eve = town.home('eve');
    eve.hears('eve', '/start claim_AAAAAAAAAAAAAAAAAAAAAA');
    await eve.shows(refused);

    // Read aloud in a group, forwarded or edited it counts for nothing.
    const ops = town.group();
    ops.hears('zed', `/start ${code}`);
    town.person('eve').tells(`/start ${code}`, { forwardFrom: 1666 });
    town.person('eve').tells(`/start ${code}`, { edited: true });

    const ana = town.home('ana');
    ana.hears('ana', `/start ${code}`);
    await ana.shows(/^Welcome, Ana\. You are the owner now\. Try: \/jobs$/);
    const bob = town.home('bob');
    bob.hears('bob', `/start ${code}`);
    await bob.shows(refused);
    bob.hears('bob', '/jobs');
    await bob.shows(/^I do not know you yet/);
    expect(ops.said()).toEqual([]);
    expect(eve.said()).toHaveLength(1);

    const card = await ana.asks('ana', '/run backup');
    await ana.presses('ana', card, 'Approve');
    await ana.becomes(card, /^✅ Succeeded/);
    expect([...town.program.output().matchAll(LINK)]).toHaveLength(1);
  });

  test('admits others, who stay when the file is read again and the program starts anew', async () => {
    const zed = town.home('zed');
    const ana = town.home('ana');
    zed.hears('zed', '/link');
    const { text } = await zed.shows(/^Give this code to an owner: /);
    const code = /[0-9A-Z-]{16}/.exec(text)?.[0] ?? '';
    ana.hears('ana', `/admit ${code} operator`);
    await ana.shows(/^Zed \(telegram:\d+\) is now linked as operator\. Undo: \/revoke Zed$/);
    await zed.shows(/^Ana admitted you as operator\. Try: \/jobs$/);
    await town.edit((yaml) => yaml.replace('Back up the main database', 'Back up everything'));
    await until(() => town.program.output().includes('backup v2 (changed)'), 10_000);
    await zed.asks('zed', '/run backup');
    expect(town.program.output()).not.toContain(code);
  });

  test('is known at the next start, and no link is printed any more', async () => {
    expect(await town.program.stop()).toBe(0);
    await town.start();
    await until(() => town.program.output().includes('https://t.me/textops_bot'), 10_000);
    const ana = town.home('ana');
    ana.hears('ana', '/whoami');
    await ana.shows(/^Ana · owner · telegram:1001/);
    const zed = town.home('zed');
    zed.hears('zed', '/whoami');
    await zed.shows(/^Zed · operator · telegram:/);
    ana.hears('ana', '/revoke Zed');
    await ana.shows(/^Zed \(telegram:\d+\) is revoked/);
    zed.hears('zed', '/jobs');
    await zed.shows(/^I do not know you yet/);
    // Looked at last: by now a link would have come through the pipe as well.
    expect(town.program.output()).not.toContain('claim_');
  });
});
