import { tally } from '../../runs/approvals.ts';
import { isPreviewPending } from '../../runs/decide-preview.ts';
import type { LiveRun } from '../../runs/run.ts';
import type { Brief } from '../cards/brief.ts';
import { asker, counted, firstAsked } from '../cards/run-words.ts';
import { clockFor, cuttable, detail, jobPiece, OURS, paramsPiece, type Reader } from './text-words.ts';

type Waiting = LiveRun & { readonly status: 'AwaitingApproval' };

/** For whoever asked by text: that it was heard, and until when it waits for others. */
export const requestedText = (run: Waiting, reader: Reader): Brief => {
  if (isPreviewPending(run)) return previewedFirst(run);
  if (run.selfApproval) {
    return [OURS, jobPiece(run), paramsPiece(run), ` asked for (${run.runId}). `, ...choice(run, reader)];
  }
  const { need } = tally(run.approval, run.votes);
  const whom = need === 1 ? 'an approver' : `${need} approvers`;
  const params = paramsPiece(run);
  if (run.alsoAsked === undefined) return toldNobody(run, whom, reader);
  return [
    OURS,
    jobPiece(run),
    params,
    ` asked for (${run.runId}). Waiting for ${whom} until ${clockFor(run.decideBy, reader)}.`,
    ...(params.words === '' ? [detail(` Reply STATUS ${run.runId} any time.`, 'hint')] : []),
  ];
};

/** Whoever may decide has no account that takes messages, so somebody has to go and tell them. */
const toldNobody = (run: Waiting, whom: string, reader: Reader): Brief => [
  OURS,
  jobPiece(run),
  paramsPiece(run),
  ` asked for (${run.runId}), but I can tell no approver. It waits for ${whom} until ${clockFor(run.decideBy, reader)}.`,
];

/** For whoever may decide. An id is always part of the answer, because carriers have their own idea of a lone YES. */
export const questionText = (run: Waiting, reader: Reader): Brief => {
  if (isPreviewPending(run)) return previewedFirst(run);
  if (run.heavy) return heavyText(run);
  const trigger = firstAsked(run);
  const { runId } = run;
  if (run.because === 'lost') {
    return [
      OURS,
      jobPiece(run),
      ` (${runId}) lost its worker`,
      detail('; what it did is unknown', 'words'),
      `. Reply YES ${runId} to run it again or NO ${runId}. Expires ${clockFor(run.decideBy, reader)}.`,
    ];
  }
  if (trigger !== undefined) {
    return [
      `${OURS}scheduled `,
      jobPiece(run),
      paramsPiece(run),
      ` (${runId})`,
      detail(` due ${clockFor(trigger.dueAt, reader)}`, 'time'),
      ` needs approval. Reply YES ${runId} or NO ${runId} by ${clockFor(run.decideBy, reader)}.`,
    ];
  }
  const votes = run.votes.length === 0 ? [] : [detail(` ${counted(run)} approved.`, 'hint')];
  return [
    OURS,
    cuttable(asker(run), 'name'),
    ' asks to run ',
    jobPiece(run),
    paramsPiece(run),
    ` (${runId}).`,
    ...votes,
    ' ',
    ...choice(run, reader),
  ];
};

export const reminderText = (run: Waiting, reader: Reader): Brief =>
  run.heavy
    ? heavyText(run)
    : [
        `${OURS}still waiting: `,
        jobPiece(run),
        paramsPiece(run),
        ` (${run.runId}). `,
        ...choice(run, reader),
      ];

const choice = ({ runId, decideBy }: Waiting, reader: Reader): Brief => [
  `Reply YES ${runId} or NO ${runId}. Expires ${clockFor(decideBy, reader)}.`,
];

/** Here one may hear of it and say no; a yes needs more than a number that anybody can pretend to have. */
const heavyText = (run: Waiting): Brief => [
  `${OURS}HEAVY `,
  jobPiece(run),
  paramsPiece(run),
  ` (${run.runId})`,
  cuttable(` asked by ${asker(run)}`, 'name'),
  detail(`, ${counted(run)} approved`, 'hint'),
  `. Approve in Telegram or web. NO ${run.runId} denies.`,
];

const previewedFirst = (run: Waiting): Brief => [
  OURS,
  jobPiece(run),
  paramsPiece(run),
  ` (${run.runId}) is previewed first; you are asked with the result.`,
];
