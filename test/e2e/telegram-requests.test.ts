import { describe, expect, test } from 'vitest';
import { openTown } from './town.ts';

const town = openTown();

const MINUTE = 60;
const minutesAgo = (minutes: number): number => Math.floor(Date.now() / 1000) - minutes * MINUTE;

describe.concurrent('what people write when they ask', () => {
  test('a mistyped job gets a button that asks for the right one', async () => {
    const ops = town.group();
    ops.hears('ana', '/run bakcup');
    const hint = await ops.shows(/No job called/);
    expect(hint.text).toBe('No job called "bakcup". Did you mean "backup"?');
    const buttons = hint.buttons.flat();
    expect(buttons).toMatchObject([
      { label: 'Ask to run backup', data: 'v1:rn:backup' },
      { label: 'All jobs', data: 'v1:jb:1' },
    ]);
    await ops.presses('ana', hint, 'Ask to run backup');
    const card = await ops.shows(/^⏳ Approval needed/);
    expect(card.text).toContain('backup v1');
    await ops.presses('ana', hint, 'All jobs');
    const jobs = await ops.shows(/\/job NAME tells more/);
    expect(jobs.text).not.toContain('report');
  });

  test('a name that is like no job, and a command that is none', async () => {
    const ops = town.group();
    ops.hears('ana', '/run xyz');
    expect((await ops.shows(/"xyz"/)).text).toBe('No job called "xyz". 5 jobs exist: /jobs');
    ops.hears('ana', '/rnu backup');
    expect((await ops.shows(/\/rnu/)).text).toBe('I do not know /rnu. Did you mean /run? Try: /run backup');
  });

  test('all problems come at once, with a line to copy that works', async () => {
    const ops = town.group();
    ops.hears('ana', '/run restart-web env=stagin host=2');
    const refusal = await ops.shows(/nothing was created/);
    const lines = refusal.text.split('\n');
    expect(lines).toEqual([
      '2 problems, nothing was created:',
      '• env: "stagin" is not one of staging, prod. Did you mean staging?',
      '• host: unknown parameter. Did you mean hosts?',
      'Copy: /run restart-web env=staging hosts=2',
    ]);
    const card = await ops.asks('ana', (lines[3] ?? '').replace('Copy: ', ''));
    expect(card.text).toContain('  env    staging\n  hosts  2\n  drain  30s   (default)');
  });

  test('what is missing is asked for in one message, and answered by a tap and a reply', async () => {
    const ops = town.group();
    ops.hears('ana', '/run restart-web');
    const question = await ops.shows(/^restart-web needs env/);
    expect(question.text).toBe('restart-web needs env. Which one?');
    const [staging, prod, stop] = question.buttons.flat().map(({ data }) => data ?? '');
    const [, , id = ''] = (stop ?? '').split(':');
    expect([staging, prod]).toEqual([`v1:pv:${id}:env:0`, `v1:pv:${id}:env:1`]);
    expect((await ops.presses('bob', question, 'prod')).text).toBe('That question is for Ana.');
    await ops.presses('ana', question, 'staging');
    const next = await ops.becomes(question, /^env staging/);
    expect(next.text).toBe('env staging. hosts? (1 to 8, default 1) Reply to this message with a number.');
    expect(next.buttons.flat().map(({ data }) => data)).toEqual([`v1:pd:${id}:hosts`, `v1:px:${id}`]);
    ops.hears('ana', '12', { replyTo: next.messageId });
    const bad = await ops.shows(/^hosts must be/);
    expect(bad.text).toBe('hosts must be between 1 and 8; you wrote 12. Try again or press Use 1.');
    const card = await ops.asks('ana', '2', { replyTo: next.messageId });
    expect(card.text).toContain('  env    staging\n  hosts  2\n  drain  30s   (default)');
    expect((await ops.becomes(next, /^restart-web: env staging, hosts 2$/)).buttons).toEqual([]);
  });

  test('a value out of its bounds is told with them', async () => {
    const ops = town.group();
    ops.hears('ana', '/run restart-web env=prod hosts=12 drain=soon');
    const refusal = await ops.shows(/nothing was created/);
    expect(refusal.text).toContain('• hosts must be between 1 and 8; you wrote 12.');
    expect(refusal.text).toContain('• drain: "soon" is not a duration such as 30s, 10m or 2h.');
  });

  test.each([
    ['straight', 'note="after deploy 41"'],
    ['curly', 'note=\u201Cafter deploy 41\u201D'],
    ['single curly', 'note=\u2018after deploy 41\u2019'],
  ])('%s quotes keep a value together, and it reaches the process as one argument', async (_, note) => {
    const ops = town.group();
    const card = await ops.asks('ana', `/run restart-web env=prod ${note}`);
    expect(card.text).toMatch(/note {3}after deploy 41/);
    await ops.presses('bob', card, 'Approve');
    const { run } = await town.runThatIs(card.runId, 'Succeeded');
    expect(run.summary).toBe('prod 1 30s after deploy 41');
  });

  test('markup in a value is shown as it was written', async () => {
    const ops = town.group();
    const card = await ops.asks('ana', '/run restart-web env=prod note="<b>&amp;</b> _*`"');
    expect(card.text).toContain('<b>&amp;</b> _*`');
    expect(card.html).toContain('&lt;b&gt;&amp;amp;&lt;/b&gt;');
  });

  test('a request that waited at Telegram for more than ten minutes asks to be sent again', async () => {
    const ops = town.group();
    ops.hears('ana', '/run backup', { date: minutesAgo(11) });
    const words = await ops.shows(/I was away/);
    expect(words.text).toBe(
      'I was away when you wrote this 11 min ago, so I did nothing. Send it again: /run backup',
    );
    const card = await ops.asks('ana', '/run backup', { date: minutesAgo(9) });
    expect(card.text).toContain('backup v1');
  });

  test('a yes that was written before the card was asked does not count', async () => {
    const ops = town.group();
    const card = await ops.asks('ana', '/run backup');
    ops.hears('bob', `/yes ${card.runId}`, { date: minutesAgo(1) });
    const words = await ops.shows(/You wrote that before/);
    expect(words.text).toContain(`Answer again: yes ${card.runId}`);
    expect((await town.run(card.runId)).run.status).toBe('AwaitingApproval');
  });

  test('a message of a megabyte, at the limit and above it changes nothing and gets a sentence', async () => {
    const ops = town.group();
    ops.hears('ana', `/run backup ${'x'.repeat(1024 * 1024)}`);
    const huge = await ops.shows(/characters and the limit is 4096/);
    expect(huge.text).toContain(String(1024 * 1024 + 12));
    ops.hears('ana', `/run ${'y'.repeat(4091)}`);
    const limit = await ops.shows(/^No job called "y+…"/);
    expect(limit.text.length).toBeLessThan(200);
    ops.hears('ana', `/run restart-web env=prod note=${'z'.repeat(1500)}`);
    expect((await ops.shows(/at most 1000 characters/)).text).toContain('you wrote 1500');
  });

  test('the longest value that is allowed still fits on a card', async () => {
    const ops = town.group();
    const note = '<&>'.repeat(333);
    const card = await ops.asks('ana', `/run restart-web env=prod note=${note}`);
    expect(card.text.length).toBeLessThanOrEqual(4096);
    expect(card.buttons.flat()).toHaveLength(3);
  });

  test.each([
    ['NUL', '/run restart-web env=prod note=a\0b', /hidden character \(U\+FFFD\)/],
    ['a direction override', '/run \u202Ebackup', /hidden character \(U\+202E\)/],
    ['a zero-width space', '/run back\u200Bup', /hidden character \(U\+200B\)/],
  ])('%s in a command is refused in a sentence', async (_, text, sentence) => {
    const ops = town.group();
    ops.hears('ana', text);
    await ops.shows(sentence);
    expect(ops.said()).toHaveLength(1);
  });

  test('small talk gets no answer, in private neither', async () => {
    const home = town.home('ana');
    const card = await home.asks('ana', '/run backup');
    for (const word of ['ok', 'sure', '👍', 'yes please', 'yesterday', 'thanks', 'no problem, later']) {
      home.hears('ana', word);
    }
    const asked = home.hears('ana', '/whoami');
    const answer = await home.shows(/^Ana · operator · telegram:1001/);
    expect(answer.replyTo).toBe(asked);
    expect(home.said()).toHaveLength(2);
    expect((await town.run(card.runId)).run.status).toBe('AwaitingApproval');
  });
});
