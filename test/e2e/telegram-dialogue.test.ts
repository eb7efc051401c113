import { describe, expect, test } from 'vitest';
import { openTown } from './town.ts';

const town = openTown();

const labels = (message: { buttons: readonly (readonly { label: string }[])[] }) =>
  message.buttons.flat().map(({ label }) => label);

describe.concurrent('from the question to the result', () => {
  test('a run is asked for, approved by somebody else, runs, and its result replies to the card', async () => {
    const ops = town.group();
    const asked = ops.hears('ana', '/run backup');
    const card = await ops.shows(/Approval needed/);
    expect(card.replyTo).toBe(asked);
    const [, runId = ''] = /· ([0-9A-Z]{6})$/m.exec(card.text) ?? [];
    const lines = card.text.split('\n');
    expect(lines[0]).toBe(`⏳ Approval needed · ${runId}`);
    expect(lines[1]).toBe('backup v1 — Back up the main database');
    expect(lines[2]).toMatch(/^Will run: echo .*4\.1 GB written.* · digest [0-9a-f]{6}$/);
    expect(lines[3]).toMatch(/^Asked by Ana .* · expires .* · needs 1 of: Bob, Cho, Max$/);
    expect(lines[4]).toBe(`Or answer /yes ${runId} · /no ${runId}, or reply to this message.`);
    expect(labels(card)).toEqual(['Approve', 'Deny', 'Details']);
    const datas = card.buttons.flat().map(({ data }) => data);
    expect(datas[0]).toMatch(new RegExp(`^v1:ap:${runId}:[\\w-]{16}$`));
    expect(datas[1]).toMatch(new RegExp(`^v1:dn:${runId}:[\\w-]{16}$`));
    expect(datas[2]).toBe(`v1:dt:${runId}`);

    const toast = await ops.presses('bob', card, 'Approve');
    expect(toast).toEqual({ text: `Approved ${runId}`, showAlert: false });
    const done = await ops.becomes(card, /^✅ Succeeded/);
    expect(done.text).toContain('backup v1 · asked by Ana · approved by Bob');
    expect(labels(done)).toEqual(['Log', 'Run again']);
    const result = await ops.shows(/^Ana ✅ backup succeeded in/);
    expect(result.replyTo).toBe(card.messageId);
    expect(result.text).toContain('4.1 GB written, 12 tables, 0 skipped');
    expect(result.html).toContain('tg://user?id=1001');
    expect(ops.said()).toHaveLength(2);
    const { events } = await town.run(runId);
    expect(events.map(({ type }) => type)).toEqual([
      'RunCreated',
      'ApprovalRequested',
      'RunApproved',
      'ExecutionDispatched',
      'ExecutionStarted',
      'ExecutionSucceeded',
    ]);
    expect(events[2]?.actor).toBe('user:telegram:1002');
  });

  test('who asked may not approve, and is told who can', async () => {
    const ops = town.group();
    const card = await ops.asks('max', '/run backup');
    const toast = await ops.presses('max', card, 'Approve');
    expect(toast.showAlert).toBe(true);
    expect(toast.text).toBe('You asked for this run, so someone else must approve it (1 of Bob, Cho).');
    expect((await town.run(card.runId)).run.status).toBe('AwaitingApproval');
  });

  test('/yes ID and YES id mean the same as the button', async () => {
    const ops = town.group();
    const first = await ops.asks('ana', '/run backup');
    ops.hears('bob', `/yes ${first.runId}`);
    await ops.shows(new RegExp(`^Approved ${first.runId} \\(backup\\)`));
    await town.runThatIs(first.runId, 'Succeeded');
    const home = town.home('cho');
    const second = await town.group().asks('ana', '/run backup');
    home.hears('cho', `YES ${second.runId.toLowerCase()}`);
    await home.shows(new RegExp(`^Approved ${second.runId} \\(backup\\)`));
    await town.runThatIs(second.runId, 'Succeeded');
  });

  test('a yes in reply to a card names its run, although another one waits', async () => {
    const ops = town.group();
    const first = await ops.asks('ana', '/run backup');
    const second = await ops.asks('ana', '/run backup');
    ops.hears('bob', 'yes', { replyTo: second.messageId });
    await town.runThatIs(second.runId, 'Succeeded');
    expect((await town.run(first.runId)).run.status).toBe('AwaitingApproval');
  });

  test('a denial with a reason is on the card and rings who asked', async () => {
    const ops = town.group();
    const card = await ops.asks('ana', '/run backup');
    ops.hears('bob', 'no prod is in a freeze', { replyTo: card.messageId });
    const denied = await ops.becomes(card, /^⛔ Denied/);
    expect(denied.text).toMatch(/denied by Bob .*: "prod is in a freeze"/);
    expect(labels(denied)).toEqual(['Ask again']);
    const note = await ops.shows(/^Ana ⛔ Bob denied backup/);
    expect(note.text).toBe(`Ana ⛔ Bob denied backup (${card.runId}): "prod is in a freeze". Nothing ran.`);
    expect(note.replyTo).toBe(card.messageId);
    const { events } = await town.run(card.runId);
    expect(events.map(({ type }) => type)).toEqual(['RunCreated', 'ApprovalRequested', 'RunDenied']);
  });

  test('/no ID with a reason denies as well', async () => {
    const ops = town.group();
    const card = await ops.asks('ana', '/run backup');
    ops.hears('cho', `/no ${card.runId} not today`);
    const denied = await ops.becomes(card, /^⛔ Denied/);
    expect(denied.text).toMatch(/denied by Cho .*: "not today"/);
  });

  test('Details and Log answer below the card, and decide nothing', async () => {
    const ops = town.group();
    const card = await ops.asks('ana', '/run restart-web env=prod');
    expect(await ops.presses('bob', card, 'Details')).toEqual({ text: '', showAlert: false });
    const details = await ops.shows(new RegExp(`^${card.runId} · restart-web v1`));
    expect(details.text).toMatch(/digest [0-9a-f]{64}/);
    expect(details.text).toContain('env = prod');
    expect((await town.run(card.runId)).run.status).toBe('AwaitingApproval');
    await ops.presses('bob', card, 'Approve');
    const done = await ops.becomes(card, /^✅ Succeeded/);
    await ops.presses('ana', done, 'Log');
    const log = await ops.shows(/last lines/);
    expect(log.text).toContain('prod 1 30s none');
    expect(log.html).toContain('<pre>');
  });

  test('Run again is a new request with a decision of its own', async () => {
    const ops = town.group();
    const card = await ops.asks('ana', '/run restart-web env=staging hosts=2');
    await ops.presses('bob', card, 'Approve');
    const done = await ops.becomes(card, /^✅ Succeeded/);
    await ops.presses('ana', done, 'Run again');
    const next = await ops.shows(/^⏳ Approval needed/);
    expect(next.messageId).not.toBe(card.messageId);
    expect(next.text).not.toContain(card.runId);
    expect(next.text).toContain('hosts  2');
    const [, runId = ''] = /· ([0-9A-Z]{6})$/m.exec(next.text) ?? [];
    expect((await town.run(runId)).run.status).toBe('AwaitingApproval');
  });

  test('a failure says what failed, why, its last lines and what state the world is in', async () => {
    const ops = town.group();
    const card = await ops.asks('ana', '/run broken');
    await ops.presses('bob', card, 'Approve');
    const failed = await ops.becomes(card, /^❌ Failed/);
    expect(labels(failed)).toEqual(['Log', 'Ask to run again']);
    const note = await ops.shows(/^Ana ❌ broken failed/);
    expect(note.text).toContain('no space left');
    expect(note.text).toContain('Last lines:');
    expect(note.text).toContain('Nothing was left running.');
  });

  test('Cancel run ends the process and says who did it', async () => {
    const ops = town.group();
    const card = await ops.asks('ana', '/run endless');
    await ops.presses('bob', card, 'Approve');
    const running = await ops.becomes(card, /^▶️ Running/);
    expect(running.text).toMatch(/Asked by Ana .* · approved by Bob .* · started .* on /);
    expect(labels(running)).toEqual(['Log', 'Cancel run']);
    const toast = await ops.presses('ana', running, 'Cancel run');
    expect(toast.text).toBe(`Canceled ${card.runId} (endless).`);
    const canceled = await ops.becomes(card, /^⛔ Canceled/);
    expect(canceled.text).toContain('canceled by Ana');
  });
});
