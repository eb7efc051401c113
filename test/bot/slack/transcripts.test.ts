import { describe, expect, test } from 'vitest';
import { viewOf } from '../../../src/bot/slack/modal.ts';
import { render } from '../../../src/bot/slack/render.ts';
import type { JobVersion } from '../../../src/core/jobs/job.ts';
import type { Gate, RunCommand } from '../../../src/core/runs/command.ts';
import { decide } from '../../../src/core/runs/decide.ts';
import type { RunEvent } from '../../../src/core/runs/event.ts';
import { evolve } from '../../../src/core/runs/evolve.ts';
import { absent, type RunState } from '../../../src/core/runs/run.ts';
import { announce } from '../../../src/core/text/cards/announce.ts';
import { formQuestion } from '../../../src/core/text/cards/form-words.ts';
import type { Draft } from '../../../src/core/text/grammar/draft.ts';
import { opsLines } from '../../../src/core/text/ops/ops-board.ts';
import type { OpsReading } from '../../../src/core/text/ops/ops-figures.ts';
import {
  asks,
  backup,
  bob,
  by,
  cho,
  dbMigrate,
  due,
  fails,
  green,
  jobOf,
  minutes,
  nightly,
  noon,
  RUN,
  report,
  says,
  starts,
  succeeds,
  time,
  withSpec,
} from '../../cast.ts';
import { well } from '../../core/text/ops-fixtures.ts';
import { mint } from './bench.ts';

// Every line that TRANSCRIPTS has for Slack, told by the real rules. The cast has accounts here, so people are shown as such.

const group = { channel: 'slack', address: 'slack:T1:C1', chat: 'group' } as const;
const account = (name: string) => `slack:T1:U${name.toUpperCase()}`;

const telling = { cards: true, threads: true, deciders: ['Bob', 'Cho'], gates: [], tail: [], version: 1 };

/** The people of a command speak through their accounts. */
const here = (command: RunCommand): RunCommand =>
  'by' in command && command.by.kind === 'person'
    ? { ...command, by: by(command.by.person, account(command.by.person.id)) }
    : command;

const after = (
  commands: readonly RunCommand[],
  more: { readonly tail?: readonly string[]; readonly gates?: readonly Gate[] } = {},
): readonly Draft[] => {
  let state: RunState = absent;
  let events: readonly RunEvent[] = [];
  for (const command of commands.map(here)) {
    const decision = decide(state, command);
    if (!decision.ok) throw new Error(decision.refusal.why);
    events = decision.events;
    state = events.reduce<RunState>((run, event) => evolve(run, event, RUN), state);
  }
  if (state.status === 'absent') throw new Error('there is no run');
  return announce(state, events, { ...telling, ...more });
};

type Content = Draft['content'];

const shown = (content: Content) => {
  const { blocks } = render(content, mint);
  const lines = blocks.flatMap((block) => (block.type === 'section' ? block.text.text.split('\n') : []));
  const buttons = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
  return {
    lines,
    buttons,
    labels: buttons.map(({ text, style }) => (style === undefined ? text.text : `${text.text}: ${style}`)),
  };
};

const pick = (drafts: readonly Draft[], kind: Content['kind']) => {
  const draft = drafts.find(({ content }) => content.kind === kind);
  if (draft === undefined) throw new Error(`no ${kind}`);
  return { ...shown(draft.content), draft };
};

const cardOf = (...commands: readonly RunCommand[]) => pick(after(commands), 'card');

const date = (at: number) => `<!date^${at / 1000}^{time}|${new Date(at).toISOString().slice(11, 16)} UTC>`;
const asked = asks(backup, { origin: group });
const end = noon + 102_000;
const restart: JobVersion = jobOf('restart-web', 5, {
  title: 'Rolling restart of the web tier',
  params: {
    env: { type: 'string', required: true, enum: ['staging', 'prod'] },
    hosts: { type: 'integer', required: false, default: 1, min: 1, max: 8 },
    drain: { type: 'duration', required: false, default: '30s' },
    note: { type: 'string', required: false },
  },
});

describe('1. Run, approve, complete', () => {
  test('the card asks', () => {
    const { lines, labels } = cardOf(asked);
    expect(lines).toEqual([
      '*Approval needed*  `K7M2QX`',
      '*backup* v3: Back up the main database',
      expect.stringMatching(/^Will run: `pg-backup --db main` · digest `[0-9a-f]{6}`$/),
      `Asked by <@UANA>, expires ${date(noon + minutes(30))}. Needs 1 approval.`,
    ]);
    expect(labels).toEqual(['Approve: primary', 'Deny: danger', 'Details']);
  });

  test('then it runs, its thread says where, and how it ended', () => {
    const begun = [asked, says.yes(bob), starts()] as const;
    const drafts = after(begun);
    expect(pick(drafts, 'card').lines).toEqual([
      '*Running*  `K7M2QX`  backup v3. Asked by <@UANA>, approved by <@UBOB>.',
    ]);
    expect(pick(drafts, 'note')).toMatchObject({
      lines: ['Started on w1.'],
      draft: { replyTo: { card: true } },
    });
    const done = after([...begun, succeeds(1, end, '4.1 GB written, 12 tables, 0 skipped')]);
    expect(pick(done, 'card').lines).toEqual([
      '*Succeeded*  `K7M2QX`  backup v3, 1m 42s. Approved by <@UBOB>.',
    ]);
    expect(pick(done, 'note').lines).toEqual([
      '<@UANA> backup succeeded in 1m 42s. 4.1 GB written, 12 tables, 0 skipped.',
    ]);
  });
});

describe('2. Run with parameters', () => {
  test('a form asks for all of them at once', () => {
    const { form, lines, actions } = formQuestion(restart, {});
    expect(lines).toEqual([['restart-web needs env.']]);
    expect(actions).toMatchObject([{ label: 'Fill in', verb: 'fm', argument: 'restart-web' }]);
    const view = viewOf(form, { address: group.address, chat: 'group' });
    expect(view).toMatchObject({ title: { text: 'restart-web' }, submit: { text: 'Ask for approval' } });
    expect(view.blocks.map(({ block_id, optional, element }) => [block_id, optional, element.type])).toEqual([
      ['env', false, 'static_select'],
      ['hosts', true, 'number_input'],
      ['drain', true, 'plain_text_input'],
      ['note', true, 'plain_text_input'],
    ]);
    expect(view.blocks[1]?.element).toMatchObject({ min_value: '1', max_value: '8' });
  });

  test('the card shows them, and what nobody gave', () => {
    const params = { env: 'staging', hosts: 2, drain: '30s' };
    const { lines } = cardOf(asks(restart, { origin: group, params, defaulted: ['drain'] }));
    expect(lines.slice(0, 3)).toEqual([
      '*Approval needed*  `K7M2QX`  restart-web v5',
      'env `staging`   hosts `2`   drain `30s` (default)',
      '*restart-web* v5: Rolling restart of the web tier',
    ]);
  });
});

describe('3. Deny', () => {
  test('is asked once more, and then stands in the card with its reason', () => {
    const deny = cardOf(asked).buttons.find(({ text }) => text.text === 'Deny');
    expect(deny?.confirm).toMatchObject({
      title: { text: 'Deny this run?' },
      text: { text: 'backup K7M2QX will not run.' },
      confirm: { text: 'Deny' },
      deny: { text: 'Keep waiting' },
    });
    const { lines } = cardOf(asked, says.no(bob, noon, 'prod is in a freeze until Monday'));
    expect(lines).toEqual([
      '*Denied*  `K7M2QX`  backup v3. Bob: "prod is in a freeze until Monday". Nothing ran.',
    ]);
  });
});

describe('4. Expiry', () => {
  test('is in the card, and rings whoever asked', () => {
    const drafts = after([asked, time(noon + minutes(31))]);
    const { lines, labels } = pick(drafts, 'card');
    expect(lines).toEqual(['*Expired*  `K7M2QX`  nobody answered in 30 min. Nothing ran.']);
    expect(labels).toEqual(['Ask again']);
    expect(pick(drafts, 'note')).toMatchObject({
      lines: [expect.stringMatching(/^<@UANA> /)],
      draft: { replyTo: { card: true } },
    });
  });
});

describe('5. Scheduled prompt', () => {
  test('says when it was due, and what silence means', () => {
    const trigger = due(noon, { words: 'every Monday at 08:00 (Europe/Berlin)' });
    const { lines, labels } = cardOf(asks(report, { origin: group, by: nightly, trigger }));
    expect(lines[0]).toBe(
      `*Scheduled: approval needed*  \`K7M2QX\`  report v2, due ${date(noon)}, every Monday at 08:00 (Europe/Berlin)`,
    );
    expect(lines).toContain(
      `If nobody answers by ${date(noon + minutes(30))} it is skipped. Needs 1 approval.`,
    );
    expect(labels).toEqual(['Approve: primary', 'Skip this time: danger', 'Pause schedule', 'Details']);
  });
});

describe('6. Failure', () => {
  test('is in the card, and shown to everybody with its last lines', () => {
    const job = withSpec(report, { retry: { attemptsMax: 3, delayMsMin: 1000, delayMsMax: 1000 } });
    const tries = [1, 2, 3].flatMap((attempt) => [
      starts(job, { attempt, fence: attempt, at: noon + minutes(attempt) }),
      fails(attempt, noon + minutes(attempt)),
    ]);
    const tail = ['14:05:58 dump orders 6.1 GB', '14:06:02 write: ENOSPC'];
    const drafts = after([asks(job, { origin: group }), says.yes(bob), ...tries], { tail });
    expect(pick(drafts, 'card').lines).toEqual([
      '*Failed*  `K7M2QX`  report v2. 3 of 3 attempts. No space left on device.',
    ]);
    const { lines, draft } = pick(drafts, 'note');
    expect(lines).toEqual([
      '<@UANA> <@UBOB> report failed after 3 attempts. No space left on device.',
      '```',
      ...tail,
      '```',
      'Nothing was left running.',
    ]);
    expect(draft.content).toMatchObject({ note: { loud: true } });
  });
});

describe('7. Heavy job, two approvers, explicit resume', () => {
  const migrate = asks(dbMigrate, { origin: group, params: { to: '0042' } });

  test('each yes is asked once more, and says that nothing starts', () => {
    const { lines, buttons } = cardOf(migrate, says.yes(bob));
    expect(lines[0]).toBe('*Approval needed (1 of 2)*  `K7M2QX`  HEAVY  db-migrate to `0042`');
    expect(buttons[0]?.confirm).toMatchObject({
      title: { text: 'Approve a heavy job?' },
      text: {
        text: 'db-migrate to=0042. 1 of 2 approvals so far. It will not start until someone presses Start.',
      },
      confirm: { text: 'Approve' },
      deny: { text: 'Back' },
    });
  });

  test('approved it is not started, and the start is asked once more', () => {
    const drafts = after([migrate, says.yes(bob), says.yes(cho)], { gates: green });
    const { lines, labels, buttons } = pick(drafts, 'card');
    expect(lines[0]).toBe('*Approved, not started*  `K7M2QX`  HEAVY  ✔ <@UBOB>  ✔ <@UCHO>');
    expect(labels).toEqual(['Start now: primary', 'Cancel run: danger']);
    expect(buttons[0]?.confirm).toMatchObject({
      title: { text: 'Start db-migrate now?' },
      confirm: { text: 'Start' },
      deny: { text: 'Back' },
    });
  });
});

describe('11. /ops', () => {
  const linesOf = (reading: OpsReading) =>
    shown({ kind: 'note', note: { lines: opsLines(reading), actions: [] } }).lines;

  test('is one line when all is well', () => {
    const schedule = { lateMs: 0 };
    const workers = [well.workers, well.workers].flat();
    expect(linesOf({ ...well, profile: 'prod', schedule, workers })).toEqual([
      '*OK*  prod   queue 0  running 1/8  stale 0  waiting 1 (40s)  failed 0/1h 2/24h  workers 2  schedule 0s late  v1.2.0',
    ]);
  });

  test('names what treats a problem by the one slash that is ours', () => {
    const frozen = { ...well, paused: ['frozen', 'off', 'queue'], deadInbox: 1 };
    expect(linesOf(frozen).map((line) => line.split(' → ')[1])).toEqual([
      undefined,
      '/textops unfreeze',
      '/textops gates',
      '/textops unpause queue',
      '/textops deadletters',
    ]);
  });
});

describe('a hint', () => {
  test('names the one slash that is ours', () => {
    const lines = [['Ask again: /run backup, see /jobs.'], [{ code: '/run x' }], ['/etc/run/x /runner']];
    expect(shown({ kind: 'note', note: { lines, actions: [] } }).lines).toEqual([
      'Ask again: /textops run backup, see /textops jobs.',
      '`/textops run x`',
      '/etc/run/x /runner',
    ]);
  });
});

describe('a text from outside', () => {
  test('mentions nobody, makes no link, formats nothing and leaves no fixed width', () => {
    const reason = '<!channel> <@UCHO> <http://x|y> & `rm`';
    const { lines } = cardOf(asked, says.no(bob, noon, reason));
    expect(lines[0]).toContain('&lt;!channel&gt; &lt;@UCHO&gt; &lt;http://x|y&gt; &amp; ˋrm`');
    const formats = '*bold* _slanted_ ~gone~ but my_job_name, a*b*c and /tmp/*.log stay';
    expect(shown({ kind: 'note', note: { lines: [[formats]], actions: [] } }).lines).toEqual([
      '∗bold* ＿slanted_ ∼gone~ but my_job_name, a*b*c and /tmp/*.log stay',
    ]);
    const { lines: code } = shown({
      kind: 'note',
      note: { lines: [[{ code: 'a`b' }]], pre: ['```x'], actions: [] },
    });
    expect(code).toEqual(['`aˋb`', '```', 'ˋˋˋx', '```']);
  });
});
