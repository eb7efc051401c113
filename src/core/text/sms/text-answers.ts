import type { ParamSpec } from '../../jobs/job.ts';
import { oneOf } from '../../jobs/params.ts';
import type { Refusal } from '../../runs/refusal.ts';
import type { LiveRun, RunState } from '../../runs/run.ts';
import { coarseDuration, formatDuration } from '../../time/duration.ts';
import type { Brief } from '../cards/brief.ts';
import { approvedBy, asker, counted, firstAsked, quoted, whatRan } from '../cards/run-words.ts';
import { statusWords } from '../cards/say.ts';
import type { Arguments } from '../grammar/intent.ts';
import type { OpsReading } from '../ops/ops-figures.ts';
import { workersUp } from '../ops/ops-limits.ts';
import { problemsOf } from '../ops/ops-problems.ts';
import { canceledText } from './text-news.ts';
import { clockFor, cuttable, detail, jobPiece, OURS, type Reader } from './text-words.ts';

// Answers to somebody who writes text messages.

export const MENU_TEXT: Brief = [
  'RUN job | YES id | NO id | STATUS id | LOG id | DROP id | RUNS | JOBS | OPS. STOP ends all texts.',
];

export const NOT_BY_TEXT = `${OURS}that is not done by text, because a number can be forged. Use Telegram or web.`;

export const UNLINKED_TEXT: Brief = [
  `${OURS}this number is not linked. Ask your TextOps owner to add it. Reply STOP to end messages.`,
];

/** What became of a command about a run, for whoever gave it. Undefined: the words of every other channel will do. */
export const doneText = (verb: 'approve' | 'deny' | 'cancel' | 'other', run: LiveRun): Brief | undefined => {
  const { runId } = run;
  const name = `${runId} (`;
  if (verb === 'cancel') return canceledText(run, 'you');
  if (verb === 'deny') {
    const verbed = firstAsked(run) === undefined ? 'denied' : 'skipped';
    return run.status === 'Denied'
      ? [`${OURS}you ${verbed} ${name}`, jobPiece(run), '). ', cuttable(whatRan(run), 'words')]
      : undefined;
  }
  if (verb !== 'approve') return undefined;
  if (run.status === 'Dispatching')
    return [`${OURS}you approved ${name}`, jobPiece(run), '). It is starting now.'];
  if (run.status !== 'AwaitingApproval') return undefined;
  return [`${OURS}you approved ${name}`, jobPiece(run), `), ${counted(run)}. Nothing starts yet.`];
};

/** Why not; undefined where the words of every other channel will do. */
export const refusedText = (refusal: Refusal, run: RunState, reader: Reader): Brief | undefined => {
  if (run.status !== 'Expired') return undefined;
  if (refusal.why !== 'already_decided' && refusal.why !== 'already_over') return undefined;
  const again = `To ask again: RUN ${run.jobKey}`;
  return [
    `${OURS}${run.runId} expired at ${clockFor(run.endedAt, reader)} and cannot be approved. `,
    cuttable(again, 'again'),
  ];
};

/** A lone YES or NO: it decides nothing, and says how one does. */
export const choicesText = (waiting: readonly LiveRun[], verb: 'YES' | 'NO'): Brief => {
  const [first] = waiting;
  if (first === undefined) return [`${OURS}no run waits for you.`];
  const count = waiting.length === 1 ? '1 run waits' : `${waiting.length} runs wait`;
  const [, ...others] = waiting;
  const named = (run: LiveRun): string => `${verb} ${run.runId} (${run.jobKey})`;
  return [
    `${OURS}${count} for you. Reply ${verb} ${first.runId} (`,
    jobPiece(first),
    ')',
    // Those further back go first.
    ...others.slice(0, 3).map((run, index) => ({ words: ` or ${named(run)}`, drop: 10 - index })),
    '.',
  ];
};

/** An id that means nothing here. A near one is suggested, and never taken for it. */
export const noSuchRunText = (word: string, verb: string, near: LiveRun | undefined): Brief =>
  near === undefined
    ? [`${OURS}no run ${word} waits for you.`]
    : [
        `${OURS}no run ${word} waits for you. Closest: ${near.runId} (`,
        jobPiece(near),
        `). Reply ${verb} ${near.runId}.`,
      ];

export const noSuchJobText = (word: string, near: string | undefined): Brief =>
  near === undefined
    ? [`${OURS}No job called `, cuttable(quoted(word), 'job'), '. Send: JOBS']
    : [
        `${OURS}No job called `,
        cuttable(quoted(word), 'words'),
        '. Did you mean ',
        cuttable(quoted(near), 'name'),
        `? Send: RUN `,
        cuttable(near, 'job'),
      ];

/** `env must be staging or prod, not "stagin". Nothing was created.` */
export const wrongParamsText = (
  specs: Readonly<Record<string, ParamSpec>>,
  { given }: Arguments,
  problems: readonly string[],
): Brief => {
  const choices = given.flatMap(({ name, value }) => {
    const values = Object.hasOwn(specs, name) ? specs[name]?.enum : undefined;
    return values === undefined || values.map(String).includes(value)
      ? []
      : [`${name} must be ${oneOf(values)}, not ${quoted(value)}.`];
  });
  return [OURS, cuttable((choices[0] ?? problems[0] ?? '').trim(), 'words'), ' Nothing was created.'];
};

/** `restart-web needs env (staging or prod). Send: RUN restart-web env=staging`: the line is what counts. */
export const missingText = (words: string): Brief => {
  const [needs = '', line = ''] = words.split('. Send: run ', 2);
  return [OURS, cuttable(needs, 'params'), '. Send: RUN ', cuttable(line, 'job')];
};

/** `K7M2QX backup: running 58%, 1m 10s. Asked by Ana, approved by Bob 14:02.` */
export const statusText = (run: LiveRun, reader: Reader, at: number): Brief => {
  const votedAt = run.votes.at(-1)?.at;
  const when = votedAt === undefined ? '' : ` ${clockFor(votedAt, reader)}`;
  const approval = run.votes.length === 0 && !run.byPolicy ? '' : `, ${approvedBy(run)}${when}`;
  return [
    `${run.runId} `,
    jobPiece(run),
    `: ${stateWords(run, reader, at)}.`,
    cuttable(` Asked by ${asker(run)}${approval}.`, 'name'),
    ...(run.status === 'Succeeded' || run.status === 'Failed'
      ? [cuttable(run.summary === '' ? '' : ` ${run.summary}`, 'words')]
      : []),
  ];
};

const stateWords = (run: LiveRun, reader: Reader, at: number): string => {
  if (run.status === 'Running') {
    const percent = run.progress?.percent === undefined ? '' : ` ${run.progress.percent}%`;
    return `running${percent}, ${formatDuration(Math.max(0, at - run.startedAt))}`;
  }
  const until = run.status === 'AwaitingApproval' ? ` until ${clockFor(run.decideBy, reader)}` : '';
  const end = 'endedAt' in run ? ` ${clockFor(run.endedAt, reader)}` : '';
  return `${statusWords(run)}${until}${end}`;
};

/** `K7M2QX tail: 14:05:58 dump orders 6.1 GB / 14:06:02 exit 28`; the newest lines stay longest. */
export const logText = (runId: string, lines: readonly string[]): Brief => [
  `${runId} tail: `,
  ...lines.map((line, index) => ({
    words: index === lines.length - 1 ? line : `${line} / `,
    drop: index + 1,
    ...(index === lines.length - 1 ? { cut: true as const } : {}),
  })),
];

/** `OPS OK q0 run1/4 …`, or what is wrong. */
export const opsText = (o: OpsReading): Brief => {
  const problems = problemsOf(o);
  const version = ` v${o.version}`;
  if (problems.length > 0) {
    const count = problems.length === 1 ? '1 PROBLEM' : `${problems.length} PROBLEMS`;
    const [first, ...others] = problems.map(({ words, short = words }) => short);
    return [
      `OPS ${count}: `,
      cuttable(first ?? '', 'job'),
      ...others.map((words, index) => ({
        words: `; ${words}`,
        drop: 10 - Math.min(9, index),
        cut: true as const,
      })),
      `.${version}`,
    ];
  }
  const { up, slots } = workersUp(o);
  const oldest = o.oldestWaitingMs === undefined ? '' : `(${coarseDuration(o.oldestWaitingMs)})`;
  const schedule = o.schedule === undefined ? '' : ` sched${coarseDuration(o.schedule.lateMs)}`;
  const channels = o.channels.map(
    ({ channel, state }) => ` ${channelWord(channel)}${state === 'ok' ? '+' : '-'}`,
  );
  return [
    `OPS OK q${o.ready} run${o.running}/${slots} stale${o.stale.length} wait${o.waiting}${oldest}`,
    ` fail${o.failedHour}/1h ${o.failedDay}/24h workers${up}`,
    detail(schedule, 'time'),
    detail(channels.join(''), 'words'),
    version,
  ];
};

const channelWord = (channel: string): string =>
  ({ telegram: 'tg', slack: 'sl', terminal: 'tty' })[channel] ?? channel;
