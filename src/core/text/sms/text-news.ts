import type { RunEvent } from '../../runs/event.ts';
import type { LiveRun } from '../../runs/run.ts';
import { formatDuration } from '../../time/duration.ts';
import { zonedMoment } from '../../time/zoned.ts';
import { type Brief, wholeOf } from '../cards/brief.ts';
import { attemptsOf, counted, expiry, firstAsked, quoted, voidedWords, whatRan } from '../cards/run-words.ts';
import { type Draft, PRIORITY } from '../grammar/draft.ts';
import { whom } from '../ops/notice-words.ts';
import { questionText, reminderText, requestedText } from './text-questions.ts';
import { asSentence, clockFor, cuttable, detail, jobPiece, OURS, type Reader } from './text-words.ts';

// One case per event, and a missing case must not hide in another file.

export interface TextTelling {
  readonly address: string;
  readonly reader: Reader;
  /** The conversation of the run, or one that was asked beside it. */
  readonly place: 'home' | 'asked';
  /** The number of the newest event. */
  readonly version: number;
}

/** What a telephone is told about the events of one command: whoever caused one has an answer of their own. */
export const textNews = (run: LiveRun, events: readonly RunEvent[], telling: TextTelling): readonly Draft[] =>
  events.flatMap((event, index) => {
    if (event.actor === `user:${telling.address}` || isMuted(event, telling)) return [];
    const brief = of(run, event, telling);
    if (brief === undefined) return [];
    const words = wholeOf(brief);
    const seq = telling.version - events.length + 1 + index;
    return [
      {
        key: `text:${run.runId}:${seq}`,
        address: telling.address,
        runId: run.runId,
        priority: run.status === 'AwaitingApproval' ? PRIORITY.prompt : PRIORITY.result,
        content: { kind: 'note', note: { lines: [[words]], actions: [] }, plain: words, brief },
      },
    ];
  });

/** Whoever asked for a run hears of it; others may not want to. */
const isMuted = ({ type }: RunEvent, { place, reader: { muted = [] } }: TextTelling): boolean =>
  (type === 'ApprovalReminded' && muted.includes('reminders')) ||
  (place === 'asked' && RESULTS.has(type) && muted.includes('results'));

const RESULTS: ReadonlySet<RunEvent['type']> = new Set([
  'RunDenied',
  'DenialExplained',
  'ApprovalTimedOut',
  'RunCanceled',
  'ExecutionSucceeded',
  'ExecutionFailed',
]);

const of = (run: LiveRun, event: RunEvent, telling: TextTelling): Brief | undefined => {
  const { reader, place } = telling;
  switch (event.type) {
    case 'ApprovalRequested':
      return asking(run, event.payload.because, telling);
    case 'PreviewRecorded':
      return run.status === 'AwaitingApproval' ? question(run, telling) : undefined;
    case 'ApprovalReminded':
      if (run.status !== 'AwaitingApproval') return undefined;
      return decidesHere(run, place) ? reminderText(run, reader) : undefined;
    case 'ApprovalEscalated': {
      const { addresses, to } = event.payload;
      if (addresses.length === 0 && place === 'home')
        return [
          OURS,
          jobPiece(run),
          ` (${run.runId}) is not decided yet, and there is no ${whom(to)} to ask.`,
        ];
      const isAsked = addresses.includes(telling.address) && run.status === 'AwaitingApproval';
      return isAsked ? questionText(run, reader) : undefined;
    }
    case 'RunApproved':
      return approved(run, event.payload.vote?.name, place);
    case 'RunDenied':
      return deniedText(run, event.payload);
    case 'DenialExplained':
      return deniedText(run, event.payload);
    case 'ApprovalTimedOut':
      return run.status === 'Expired' ? expired(run) : undefined;
    case 'RunCanceled':
      return canceledText(run, event.payload.name);
    case 'ExecutionSucceeded':
      return succeeded(run, event.payload);
    case 'ExecutionRetried':
      return place === 'home' ? retried(run, event.payload, reader) : undefined;
    case 'ExecutionFailed':
      return failed(run, event.payload);
    case 'ApprovalVoided':
      return [OURS, cuttable(voidedWords(run, event.payload.reason), 'words')];
    case 'RunCreated':
    case 'ScheduleTriggered':
    case 'ApprovalRecorded':
    case 'RunResumed':
    case 'ExecutionDispatched':
    case 'ExecutionStarted':
    case 'ExecutionProgressed':
    case 'ExecutionLost':
    case 'RunRecovered':
    case 'RiskFlagged':
    case 'AiParseUsed':
      return undefined;
  }
};

/** Whoever asked for it and cannot decide only wants to know how it stands. */
const decidesHere = (run: LiveRun, place: TextTelling['place']): boolean =>
  place === 'asked' || run.requester.kind !== 'person' || run.selfApproval;

const asking = (run: LiveRun, because: string, telling: TextTelling): Brief | undefined => {
  if (run.status !== 'AwaitingApproval') return undefined;
  const isFirst = because === 'asked' && telling.place === 'home' && run.requester.kind === 'person';
  return isFirst ? requestedText(run, telling.reader) : question(run, telling);
};

const question = (run: LiveRun & { status: 'AwaitingApproval' }, { reader, place }: TextTelling): Brief =>
  decidesHere(run, place) ? questionText(run, reader) : requestedText(run, reader);

const approved = (run: LiveRun, name: string | undefined, place: TextTelling['place']): Brief | undefined => {
  const { runId } = run;
  if (run.status === 'Approved') {
    const job = jobPiece(run);
    return [
      OURS,
      job,
      ` ${runId} approved ${counted(run)}. NOT started. Start it in Telegram: /resume ${runId}`,
    ];
  }
  if (name === undefined)
    return [OURS, jobPiece(run), ` (${runId}) needs no approval by its policy. It is starting now.`];
  // Whoever asked hears how it ended; the others hear at once that nobody waits for them any more.
  if (place === 'home' && !decidesHere(run, place)) return undefined;
  return [OURS, cuttable(name, 'name'), ' approved ', jobPiece(run), ` (${runId}). It is starting now.`];
};

const deniedText = (
  run: LiveRun,
  { name, reason }: { readonly name: string; readonly reason?: string },
): Brief => {
  const trigger = firstAsked(run);
  const why = reason === undefined ? [] : [cuttable(`: ${quoted(reason)}`, 'words')];
  if (trigger !== undefined) {
    const { nextAt, timezone } = trigger;
    const next = nextAt === undefined ? '' : ` Next: ${zonedMoment(nextAt, timezone)}.`;
    const by = cuttable(name, 'name');
    return [OURS, jobPiece(run), ` ${run.runId} skipped by `, by, ...why, '.', detail(next, 'time')];
  }
  const by = [cuttable(name, 'name'), ' denied ', jobPiece(run)];
  return [OURS, ...by, ` (${run.runId})`, ...why, '. ', cuttable(whatRan(run), 'time')];
};

const expired = (run: LiveRun & { status: 'Expired' }): Brief => [
  OURS,
  jobPiece(run),
  ` ${run.runId} expired`,
  cuttable(`, ${expiry(run)}`, 'words'),
  '. ',
  cuttable(whatRan(run), 'time'),
  detail(` To ask again: RUN ${run.jobKey}`, 'again'),
];

/** Also the answer to whoever canceled it. */
export const canceledText = (run: LiveRun, name: string): Brief => {
  const { runId, lastStart } = run;
  const ran = run.status === 'Canceled' && lastStart !== undefined;
  const after = ran ? ` after ${formatDuration(run.endedAt - lastStart.at)}` : '';
  const ending = run.status === 'Canceled' && run.was === 'Running' ? ' Its process is being ended.' : '';
  return [
    `${OURS}${runId} (`,
    jobPiece(run),
    ') was canceled by ',
    cuttable(name, 'name'),
    detail(after, 'time'),
    '.',
    ending === '' && !ran ? ' Nothing ran.' : ending,
  ];
};

const succeeded = (run: LiveRun, { tookMs, Summary }: { tookMs: number; Summary: string }): Brief => {
  const summary = asSentence(Summary);
  return [
    OURS,
    jobPiece(run),
    ` ${run.runId} succeeded`,
    detail(` in ${formatDuration(tookMs)}`, 'time'),
    '.',
    ...(summary === '' ? [] : [cuttable(` ${summary}`, 'words')]),
  ];
};

const retried = (
  run: LiveRun,
  { attempt, notBefore, Summary }: { attempt: number; notBefore: number; Summary: string },
  reader: Reader,
): Brief => {
  const times = attempt === 2 ? 'once' : attempt === 3 ? 'twice' : `${attempt - 1} times`;
  return [
    OURS,
    jobPiece(run),
    ` ${run.runId} failed ${times}`,
    ...(Summary === '' ? [] : [cuttable(` (${Summary})`, 'words')]),
    `. Trying again at ${clockFor(notBefore, reader)}`,
    detail(`, attempt ${attempt} of ${attemptsOf(attempt, run)}`, 'hint'),
    '.',
  ];
};

const failed = (run: LiveRun, { attempt, Summary }: { attempt: number; Summary: string }): Brief => {
  const { runId, jobKey } = run;
  const tries = attempt > 1 ? `, ${attempt} of ${attemptsOf(attempt, run)} tries` : '';
  return [
    OURS,
    jobPiece(run),
    ` ${runId} FAILED`,
    detail(tries, 'hint'),
    ...(Summary === '' ? [] : [cuttable(`: ${Summary.replaceAll(/\s+/g, ' ').replace(/\.$/, '')}`, 'words')]),
    `. Reply LOG ${runId}`,
    detail(` or RUN ${jobKey}`, 'again'),
    '.',
  ];
};
