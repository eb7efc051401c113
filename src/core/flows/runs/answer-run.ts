import type { Lacking } from '../../runs/approvals.ts';
import { isPreviewPending, PREVIEW } from '../../runs/decide-preview.ts';
import { asRunEvent, type Payloads, type StoredEvent } from '../../runs/event.ts';
import type { LiveRun } from '../../runs/run.ts';
import { reasonSpans } from '../../text/cards/card-parts.ts';
import { outputLines, tailForChat } from '../../text/cards/output-lines.ts';
import type { Line } from '../../text/cards/rich.ts';
import { approvedBy, asker, counted, expiry, quoted } from '../../text/cards/run-words.ts';
import { clock, frozenLine, statusLines, statusVerb, statusWords, unmetWords } from '../../text/cards/say.ts';
import { escalatedLine, whom } from '../../text/ops/notice-words.ts';
import { logText } from '../../text/sms/text-answers.ts';
import type { Reader } from '../../text/sms/text-words.ts';
import { asText, type Heard, type Rooms, type Said } from '../messages/heard.ts';
import { filesOf } from './files-of.ts';
import { jobOf } from './job-of.ts';
import { whyItAsks } from './never.ts';

/** `log ID`: the end of what the newest attempt wrote. */
export const logOf = async (rooms: Pick<Rooms, 'store'>, run: LiveRun, reader?: Reader): Promise<Said> => {
  const { runId, jobKey } = run;
  const output = await rooms.store.runs.output(runId);
  if (output === undefined) {
    const words =
      run.lastStart === undefined
        ? `${runId} (${jobKey}) never started, so there is no log.`
        : `${runId} (${jobKey}): no output is stored yet; it comes when the attempt ends.`;
    return { lines: [[words]], runId };
  }
  const text = output.tail === '' ? output.head : output.tail;
  const pre = tailForChat(outputLines(text));
  const which = output.attempt === PREVIEW ? 'preview' : `attempt ${output.attempt}`;
  const all = `${output.bytes} bytes in all, ${which}`;
  return pre.length === 0
    ? { lines: [[`${runId} (${jobKey}) wrote nothing (${which}).`]], runId }
    : {
        lines: [[`${runId} (${jobKey}) · last lines, ${all}:`]],
        pre,
        runId,
        ...asText(reader && logText(runId, pre)),
      };
};

/** `summary ID`: the whole story in one line; what `status ID` says when nobody tells it. */
export const summaryOf = async (
  { advice, store }: Pick<Rooms, 'advice' | 'store'>,
  { person, at }: Pick<Heard, 'person' | 'at'>,
  run: LiveRun,
): Promise<Said> => {
  const { runId } = run;
  const line = await advice.summary({ personId: person.id, at }, async () => {
    const history = await store.runs.history(runId);
    return { runId, events: history.map(asRunEvent) };
  });
  return { lines: line === undefined ? statusLines(run) : [[line]], runId };
};

/** `why ID`: why the run is where it is, who may decide, what comes next. */
export const whyOf = async (rooms: Rooms, run: LiveRun): Promise<Said> => {
  const { runId, jobKey } = run;
  const first: Line = [`${runId} (${jobKey}) ${statusVerb(run)}.`];
  const noticed = noticeLines(await rooms.store.runs.history(runId), run.epoch);
  return { lines: [first, ...(await reasons(rooms, run)), ...noticed], runId };
};

const VOIDED: Readonly<Record<Payloads['ApprovalVoided']['reason'], string>> = {
  digest: 'what would run had changed since',
  votes: 'whoever stood behind it does not any more',
  preview: 'its preview said something else at the start',
};

/** Who was told again or asked too, of the newest question. */
const noticeLines = (history: readonly StoredEvent[], epoch: number): readonly Line[] =>
  history.map(asRunEvent).flatMap((event): readonly Line[] => {
    if (event.type === 'ApprovalVoided' && event.payload.epoch === epoch - 1) {
      return [['The approval before is void ', clock(event.at), `: ${VOIDED[event.payload.reason]}.`]];
    }
    if (event.type === 'ApprovalReminded' && event.payload.epoch === epoch) {
      return [['Everybody there was reminded ', clock(event.at), '.']];
    }
    if (event.type !== 'ApprovalEscalated' || event.payload.epoch !== epoch) return [];
    const { to, addresses } = event.payload;
    return addresses.length === 0
      ? [['Not decided by ', clock(event.at), `, and nobody was there to be asked as ${whom(to)}.`]]
      : [escalatedLine(to, event.at)];
  });

const reasons = async (rooms: Rooms, run: LiveRun): Promise<readonly Line[]> => {
  switch (run.status) {
    case 'Created':
    case 'AwaitingApproval': {
      const lacking = await rooms.directory.lacking(run);
      const names = run.votes.map((vote) => vote.name);
      const voted = names.length === 0 ? '' : ` Approved so far by ${names.join(', ')}.`;
      const deciders = (await rooms.directory.deciders(run)).filter((name) => !names.includes(name));
      const roles = run.approval.approvers.map((entry) => entry.replace('role:', 'role '));
      const who =
        deciders.length > 0 ? deciders.join(', ') : `whoever has ${roles.join(' or ') || 'no role: nobody'}`;
      const self =
        run.selfApproval || run.requester.kind !== 'person' ? '' : ` ${asker(run)} asked and cannot approve.`;
      return [
        [`It has ${counted(run)} approvals.${voted} Who may decide: ${who}.${self}`],
        ...(isPreviewPending(run) ? await previewLines(rooms, run) : []),
        ...lacking.map(lackingLine),
        ...(await neverAsks(rooms, run)),
        ...(await frozenLines(rooms)),
        ...(run.status === 'AwaitingApproval' ? waitLines(run) : []),
        [
          run.heavy
            ? 'It is heavy: after the last approval somebody has to start it.'
            : 'The last approval starts it.',
        ],
      ].filter((line) => line.length > 0);
    }
    case 'Approved': {
      const unmet = unmetWords(await rooms.house.gates(run));
      return [
        [
          `${capital(approvedBy(run))}. It is heavy, so it waits for /resume ${run.runId} until `,
          clock(run.startBy),
          '.',
        ],
        [unmet === '' ? 'Nothing stands in the way.' : `In the way: ${unmet}.`],
      ];
    }
    case 'Dispatching':
      return [
        [
          `${capital(approvedBy(run))}. It waits for a free worker; attempt ${run.attempt} not before `,
          clock(run.notBefore),
          '.',
        ],
        ...(await frozenLines(rooms)),
        ...(await heldBack(rooms, run)),
      ];
    case 'Running':
      return [
        [
          `${capital(approvedBy(run))}. Attempt ${run.attempt} runs on ${run.workerId} since `,
          clock(run.startedAt),
          '.',
        ],
      ];
    case 'Succeeded':
    case 'Failed':
      return [[`${capital(approvedBy(run))}.`], [run.summary], ['It ended ', clock(run.endedAt), '.']];
    case 'Denied': {
      const verb = capital(statusWords(run));
      return [[`${verb} by ${run.by} `, clock(run.endedAt), ...reasonSpans(run), '.']];
    }
    case 'Canceled':
      return [[`Canceled by ${run.by} `, clock(run.endedAt), '.']];
    case 'Expired':
      return [[`${capital(expiry(run))}; it ended `, clock(run.endedAt), '.']];
  }
};

/** Why a run of a job that never asks waits for people. */
const neverAsks = async (rooms: Rooms, run: LiveRun): Promise<readonly Line[]> => {
  if (run.approval.policy !== 'never') return [];
  const job = await jobOf(rooms, run);
  const files = job && (await filesOf(rooms.ambient, job.spec));
  const at = await rooms.store.now();
  const why = job && files && (await whyItAsks(rooms, { job, files, at }));
  return [
    [
      why === undefined
        ? `Its policy is never; it was asked because that did not hold then, see /job ${run.jobKey}.`
        : `Its policy is never, and it asks all the same: ${why}. See /job ${run.jobKey}`,
    ],
  ];
};

const lackingLine = ({ roles, count, names }: Lacking): Line => [
  `Missing: ${count} with role ${roles.join(' or ')}: ${names.join(', ') || 'nobody has it'}.`,
];

const waitLines = ({
  decideBy,
  remindAt,
  escalate,
}: LiveRun & { status: 'AwaitingApproval' }): readonly Line[] => [
  ['If nobody answers by ', clock(decideBy), ', it expires and nothing runs.'],
  ...(escalate === undefined
    ? []
    : [['Before, ', clock(escalate.at), `, ${whom(escalate.to)} is asked too.`]]),
  ...(remindAt === undefined ? [] : [['A reminder comes ', clock(remindAt), '.']]),
];

const frozenLines = async ({ store }: Rooms): Promise<readonly Line[]> => {
  const freeze = await store.freeze.current();
  return freeze === undefined ? [] : [frozenLine(freeze)];
};

/** Why no worker takes it, if that is so. */
const heldBack = async ({ store }: Rooms, { jobKey }: LiveRun): Promise<readonly Line[]> => {
  const held = (await store.pauses.list()).filter(({ what }) => what === 'queue' || what === `job:${jobKey}`);
  return held.map(
    ({ what, by, at, reason }): Line => [
      `${what === 'queue' ? 'The queue' : jobKey} is paused by ${by} since `,
      clock(at),
      `${reason === undefined ? '' : `: ${quoted(reason)}`}. Again: /unpause ${what.replace(/^job:/, '')}`,
    ],
  );
};

const previewLines = async (rooms: Rooms, run: LiveRun): Promise<readonly Line[]> => [
  ['A worker previews it first; nobody can approve before.'],
  ...(await heldBack(rooms, run)),
];

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** The Details button: everything that the approval covers. */
export const detailsOf = async (rooms: Rooms, run: LiveRun): Promise<Said> => {
  const files = Object.entries(run.files).map(
    ([path, hash]): Line => ['file ', { code: path }, ` ${hash.slice(0, 12)}`],
  );
  const params = Object.entries(run.params).map(
    ([name, value]): Line => [`${name} = `, { code: String(value) }],
  );
  const deciders = await rooms.directory.deciders(run);
  return {
    runId: run.runId,
    lines: [
      [`${run.runId} · ${run.jobKey} v${run.jobVersion}`],
      ...(run.willRun === '' ? [] : [['runs ', { code: run.willRun }]]),
      ...params,
      ...files,
      ['digest ', { code: run.digest }],
      [`asked by ${asker(run)} `, clock(run.createdAt)],
      [`who may decide: ${deciders.join(', ') || run.approval.approvers.join(', ') || 'nobody'}`],
      [
        `effects ${run.effects}, at most ${run.retry.attemptsMax} ${run.retry.attemptsMax === 1 ? 'attempt' : 'attempts'}`,
      ],
    ],
  };
};
