import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Intent } from '../../../src/core/text/grammar/intent.ts';
import { COMMAND_WORDS, parse, TEXT_MAX } from '../../../src/core/text/grammar/parse.ts';

const id = { kind: 'id', runId: 'K7M2QX' } as const;
const bare = { kind: 'bare' } as const;
const word = (text: string) => ({ kind: 'not_an_id', word: text }) as const;
const noArgs = { given: [], stray: [] };

const grammar: readonly (readonly [string, Intent])[] = [
  ['run backup', { type: 'RunJob', job: 'backup', args: noArgs }],
  ['RUN Backup', { type: 'RunJob', job: 'backup', args: noArgs }],
  ['/run@textops_bot backup', { type: 'RunJob', job: 'backup', args: noArgs }],
  ['  run   backup  ', { type: 'RunJob', job: 'backup', args: noArgs }],
  ['run', { type: 'RunJob', job: '', args: noArgs }],
  [
    'run restart-web env=staging hosts=2',
    {
      type: 'RunJob',
      job: 'restart-web',
      args: {
        given: [
          { name: 'env', value: 'staging' },
          { name: 'hosts', value: '2' },
        ],
        stray: [],
      },
    },
  ],
  ['yes', { type: 'ApproveRun', run: bare }],
  ['YES k7m2qx', { type: 'ApproveRun', run: id }],
  ['/yes #K7M2QX', { type: 'ApproveRun', run: id }],
  ['yes k7m2q', { type: 'ApproveRun', run: word('k7m2q') }],
  ['approve K7M2QX', { type: 'ApproveRun', run: id }],
  ['approve it', { type: 'ApproveRun', run: word('it') }],
  ['no', { type: 'DenyRun', run: bare }],
  ['NO K7M2QX', { type: 'DenyRun', run: id }],
  ['no k7m2qx Freeze until  Monday', { type: 'DenyRun', run: id, reason: 'Freeze until  Monday' }],
  ['no not today', { type: 'DenyRun', run: bare, reason: 'not today' }],
  ['no k7m2q', { type: 'DenyRun', run: word('k7m2q') }],
  ['deny K7M2QX “prod” is frozen', { type: 'DenyRun', run: id, reason: '“prod” is frozen' }],
  ['resume K7M2QX', { type: 'ResumeRun', run: id }],
  ['cancel K7M2QX', { type: 'CancelRun', run: id }],
  ['DROP K7M2QX', { type: 'CancelRun', run: id }],
  ['recover K7M2QX', { type: 'RecoverRun', run: id }],
  ['status', { type: 'Status', run: bare }],
  ['status K7M2QX', { type: 'Status', run: id }],
  ['log K7M2QX', { type: 'Log', run: id }],
  ['/log 20', { type: 'Ops', page: 'log', about: '20' }],
  ['ops log', { type: 'Ops', page: 'log' }],
  ['/ops LOG k7m2qx', { type: 'Ops', page: 'log', about: 'k7m2qx' }],
  ['ops queues now', { type: 'Ops', page: 'queues' }],
  ['why K7M2QX', { type: 'Why', run: id }],
  ['summary K7M2QX', { type: 'Summary', run: id }],
  ['jobs', { type: 'Jobs' }],
  ['job Backup', { type: 'Job', job: 'backup' }],
  ['job', { type: 'Job', job: '' }],
  ['job backup History', { type: 'Job', job: 'backup', page: 'history' }],
  ['/Schedules', { type: 'Schedules' }],
  ['runs', { type: 'Runs' }],
  ['runs Failed', { type: 'Runs', filter: 'failed' }],
  ['ops', { type: 'Ops' }],
  ['ops States', { type: 'Ops', page: 'states' }],
  ['/ai/status', { type: 'Ops', page: 'ai' }],
  ['help', { type: 'Help' }],
  ['MENU', { type: 'Help' }],
  ['whoami', { type: 'WhoAmI' }],
  ['prefs', { type: 'Prefs' }],
  ['/prefs results', { type: 'Prefs' }],
  ['PREFS Results off', { type: 'Prefs', change: { notice: 'results', on: false } }],
  ['Link', { type: 'Link' }],
  ['/link 7f3k-2qmn-9xv4-c', { type: 'Link', code: '7f3k-2qmn-9xv4-c' }],
  ['link 7F3K 2QMN 9XV4 C', { type: 'Link', code: '7F3K2QMN9XV4C' }],
  ['unlink slack:T1:U2', { type: 'Unlink', identity: 'slack:T1:U2' }],
  ['unlink', { type: 'Unlink', identity: '' }],
  ['/admit 7F3K-2QMN-9XV4-C Operator', { type: 'Admit', code: '7F3K-2QMN-9XV4-C', roles: ['operator'] }],
  [
    'admit 7F3K2QMN9XV4C dba,,Approver  Zed  Miller',
    { type: 'Admit', code: '7F3K2QMN9XV4C', roles: ['dba', 'approver'], name: 'Zed  Miller' },
  ],
  ['admit', { type: 'Admit', code: '', roles: [] }],
  ['/Revoke Zed Miller', { type: 'Revoke', person: 'Zed Miller' }],
  ['revoke', { type: 'Revoke', person: '' }],
  ['people', { type: 'People' }],
  ['pause Queue', { type: 'Pause', what: 'queue' }],
  [
    '/pause backup disk is being replaced',
    { type: 'Pause', what: 'backup', reason: 'disk is being replaced' },
  ],
  ['unpause backup', { type: 'Unpause', what: 'backup' }],
  ['/freeze release  weekend', { type: 'Freeze', reason: 'release  weekend' }],
  ['freeze', { type: 'Freeze', reason: '' }],
  ['/accept Clean-Up 1A2B3C', { type: 'Accept', job: 'clean-up', digest: '1a2b3c' }],
  ['accept', { type: 'Accept', job: '', digest: '' }],
  ['unaccept clean-up', { type: 'Unaccept', job: 'clean-up' }],
  ['Unfreeze', { type: 'Unfreeze' }],
  ['deadletters', { type: 'DeadLetters' }],
  ['/deadletters replay j12', { type: 'ReplayLetter', letter: 'j12' }],
  ['Deadletters DROP 7  not  worth it', { type: 'DropLetter', letter: '7', reason: 'not  worth it' }],
  ['gates', { type: 'Gates' }],
  ['gates open', { type: 'Gates' }],
  ['/gates close Queue.Retry.Enabled', { type: 'FlipGate', open: false, name: 'queue.retry.enabled' }],
  [
    'gates open queue.retry.max_attempts.http 3',
    { type: 'FlipGate', open: true, name: 'queue.retry.max_attempts.http', value: 3 },
  ],
  ['/start', { type: 'Help' }],
  ['/start claim_7F3K2QMN', { type: 'Claim', code: '7F3K2QMN' }],
  ['/start hello', { type: 'Help' }],
];

const night = { type: 'MakeSchedule', job: 'backup', cron: '0 2 * * *' } as const;
const steer = { type: 'SteerSchedule', key: 'nightly', duration: '' } as const;
const db = { given: [{ name: 'db', value: 'main' }], stray: [] };

const scheduleGrammar: readonly (readonly [string, Intent])[] = [
  ['schedule', { type: 'Schedules' }],
  ['/schedule Backup "0 2 * * *"', { ...night, args: noArgs }],
  ['schedule backup “0 2 * * *” Europe/Berlin', { ...night, timezone: 'Europe/Berlin', args: noArgs }],
  ["schedule backup '0 2 * * *' UTC db=main", { ...night, timezone: 'UTC', args: db }],
  ['schedule backup 0 2 * * * Europe/Berlin db=main', { ...night, timezone: 'Europe/Berlin', args: db }],
  ['schedule backup 0 2 * * * db=main', { ...night, args: db }],
  ['schedule backup 0 2 * * mon-fri', { ...night, cron: '0 2 * * mon-fri', args: noArgs }],
  ['schedule backup "30 0 2 * * *" UTC', { ...night, cron: '30 0 2 * * *', timezone: 'UTC', args: noArgs }],
  [
    'schedule backup 30 0 2 * * * Europe/Berlin',
    { ...night, cron: '30 0 2 * * *', timezone: 'Europe/Berlin', args: noArgs },
  ],
  ['schedule backup @daily Japan', { ...night, cron: '@daily', timezone: 'Japan', args: noArgs }],
  ['schedule backup tomorrow', { ...night, cron: '', timezone: 'tomorrow', args: noArgs }],
  ['schedule backup', { ...night, cron: '', args: noArgs }],
  [
    'schedule backup "0 2 * * *" UTC prod',
    { ...night, timezone: 'UTC', args: { given: [], stray: ['prod'] } },
  ],
  ['/login', { type: 'Login' }],
  ['/schedule pause Nightly', { ...steer, verb: 'pause' }],
  ['schedule resume nightly', { ...steer, verb: 'resume' }],
  ['SCHEDULE SKIP nightly', { ...steer, verb: 'skip' }],
  ['schedule snooze nightly 2H', { ...steer, verb: 'snooze', duration: '2h' }],
  ['schedule drop nightly', { ...steer, verb: 'drop' }],
  ['schedule drop', { ...steer, verb: 'drop', key: '' }],
];

describe('the grammar', () => {
  test.each(scheduleGrammar)('%s', (text, intent) => expect(parse(text)).toEqual(intent));
  test.each(grammar)('%s', (text, intent) => expect(parse(text)).toEqual(intent));
  test('every command word begins one of these sentences', () => {
    const begun = [...grammar, ...scheduleGrammar].map(([text]) =>
      text.trim().replace('/', '').split(/[ @]/)[0]?.toLowerCase(),
    );
    expect(COMMAND_WORDS.filter((each) => !begun.includes(each))).toEqual([]);
  });
});

describe('run ids', () => {
  test.each(['yes KO3ILX', 'yes ko3ilx', 'yes K03I1X', 'yes k031lx'])(
    '%s reads O as 0, I and L as 1',
    (text) => expect(parse(text)).toEqual({ type: 'ApproveRun', run: { kind: 'id', runId: 'K0311X' } }),
  );
});

describe('arguments', () => {
  const argsOf = (text: string) => {
    const intent = parse(text);
    return intent.type === 'RunJob' ? intent.args : undefined;
  };
  test.each([
    ['run x note="after deploy 41"', 'after deploy 41'],
    ["run x note='after deploy 41'", 'after deploy 41'],
    ['run x note=“after deploy 41”', 'after deploy 41'],
    ['run x note=‘after deploy 41’', 'after deploy 41'],
    ['run x note=a=b', 'a=b'],
    ['run x note=', ''],
    ['run x note="open', '"open'],
    ["run x note=it's", "it's"],
  ])('%s', (text, value) => expect(argsOf(text)).toEqual({ given: [{ name: 'note', value }], stray: [] }));
  test('a word without a name is kept apart', () =>
    expect(argsOf('run x prod =2 a=1')).toEqual({
      given: [{ name: 'a', value: '1' }],
      stray: ['prod', '=2'],
    }));
});

describe('no decision', () => {
  test.each([
    ['yes K7M2QX please', 'yes K7M2QX'],
    ['approve K7M2QX only if the tests pass', 'approve K7M2QX'],
    ['/resume k7m2qx now', 'resume K7M2QX'],
    ['recover K7M2QX once the disk is empty', 'recover K7M2QX'],
    ['unfreeze only if Cho agrees', 'unfreeze'],
    ['/accept clean-up 1A2B but only on Mondays', 'accept clean-up 1a2b'],
  ])('a condition behind it decides nothing: %s', (text, only) =>
    expect(parse(text)).toEqual({ type: 'Qualified', only }),
  );

  test.each([
    'ok',
    'OK!',
    'okay.',
    'sure',
    'thanks',
    '👍',
    '👍🏽 👍🏽',
    'yes please',
    'yes, please',
    'yesterday',
    'yep',
    'nope',
    'hello',
    '',
    '   ',
    '...',
    'yes to all',
    'YESS',
    'y',
    'approved',
    'nothing',
  ])('%j', (text) => expect(['Chatter', 'Unknown']).toContain(parse(text).type));
  test.each(['ok', 'sure', '👍', 'yes please', 'yesterday', '?', ''])(
    '%j deserves no answer either',
    (text) => expect(parse(text)).toEqual({ type: 'Chatter' }),
  );
});

describe('a word that no grammar knows', () => {
  test.each([
    ['/rnu backup', { type: 'Unknown', word: '/rnu', near: 'run' }],
    ['stauts K7M2QX', { type: 'Unknown', word: 'stauts', near: 'status' }],
    ['Zauberwort', { type: 'Unknown', word: 'Zauberwort' }],
    // Names that every object has.
    ['constructor', { type: 'Unknown', word: 'constructor' }],
    ['__proto__ x', { type: 'Unknown', word: '__proto__' }],
    ['/__proto__', { type: 'Unknown', word: '/__proto__' }],
    ['/constructor', { type: 'Unknown', word: '/constructor' }],
  ])('%s', (text, intent) => expect(parse(text)).toEqual(intent));
});

describe('text that cannot be taken as it is', () => {
  test.each([
    ['a direction override', 'run backup\u202E', 'U+202E'],
    ['a zero width space', 'run\u200B backup', 'U+200B'],
    ['NUL', 'run \0', 'U+0000'],
    ['a line separator', 'run x note="a\u2028b"', 'U+2028'],
    ['a soft hyphen', 'yes K7\u00ADM2QX', 'U+00AD'],
    ['a tag character', 'run backup\u{E0041}', 'U+E0041'],
    ['a byte order mark', '\uFEFFrun backup', 'U+FEFF'],
  ])('%s', (_what, text, detail) =>
    expect(parse(text)).toEqual({ type: 'Unreadable', why: 'hidden_characters', detail }),
  );
  test('too long', () => {
    expect(parse(`no ${'x'.repeat(TEXT_MAX)}`)).toEqual({
      type: 'Unreadable',
      why: 'too_long',
      detail: '4099',
    });
    expect(parse('x'.repeat(TEXT_MAX)).type).toBe('Unknown');
  });
  test('emoji, accents, tabs and lines are text like any other', () => {
    expect(parse('no K7M2QX 👩‍🚒 später\nmehr')).toEqual({
      type: 'DenyRun',
      run: id,
      reason: '👩‍🚒 später\nmehr',
    });
    expect(parse('run\tbackup\ndb=main')).toMatchObject({ type: 'RunJob', job: 'backup' });
  });
});

describe('whatever is written', () => {
  const verb = fc.constantFrom(...COMMAND_WORDS, '__proto__', 'constructor', 'ok');
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.tuple(verb, fc.string({ unit: 'grapheme', maxLength: 100 })).map((parts) => parts.join(' ')),
    fc
      .tuple(verb, fc.string({ unit: fc.constantFrom('"', "'", '=', ' ', 'a', '/', '#', '\n') }))
      .map((parts) => parts.join(' ')),
  );
  test('is read as something, twice the same', () =>
    fc.assert(
      fc.property(anything, (text) => {
        const intent = parse(text);
        expect(typeof intent.type).toBe('string');
        expect(parse(text)).toEqual(intent);
      }),
      { numRuns: 500 },
    ));
  test('only yes and approve approve', () =>
    fc.assert(
      fc.property(anything, (text) => {
        const approves = parse(text).type === 'ApproveRun';
        expect(approves && !/^\s*\/?(yes|approve)(@\S*)?(\s|$)/i.test(text)).toBe(false);
      }),
      { numRuns: 500 },
    ));
  // Quadratic reading of 4096 characters takes seconds; linear reading takes a few milliseconds.
  test.each(['"', "'", '"\'', ' ', '" ', '=', 'a"', '\n', '“', 'no ', '#', '@/'])(
    '%j is read in linear time',
    (unit) => {
      const text = unit.repeat(TEXT_MAX).slice(0, TEXT_MAX - 8);
      const begun = process.hrtime.bigint();
      for (const lead of ['', 'run x ', 'no ', 'yes ', '/']) parse(`${lead}${text}`);
      expect(Number(process.hrtime.bigint() - begun) / 1e6).toBeLessThan(500);
    },
  );
});
