import type { Gate } from '../../runs/command.ts';
import { isPreviewPending } from '../../runs/decide-preview.ts';
import type { LiveRun } from '../../runs/run.ts';
import { plainLines } from './plain.ts';
import type { Line } from './rich.ts';

/** How much of a dry run a card shows. */
const LINES_MAX = 8;

/** What the dry run says, above the buttons; that it is still to come, as long as nobody can approve. */
export const previewLines = (
  run: LiveRun,
  wrote: readonly string[],
  gates: readonly Gate[] = [],
): readonly Line[] => {
  if (isPreviewPending(run)) {
    const freeze = gates.find(({ name, met }) => name === 'freeze' && !met);
    const first =
      freeze === undefined
        ? 'a worker is asked for it'
        : `none begins while everything is frozen (${freeze.remedy ?? ''})`;
    return [[`Preview: ${first}; Approve comes with its result.`]];
  }
  const { preview } = run;
  if (preview === undefined) return [];
  const shown = wrote.slice(-LINES_MAX);
  const more = wrote.length - shown.length;
  return [
    [
      `Preview${preview.ok ? '' : ' FAILED'}: ${preview.summary}${more > 0 ? `; its last ${LINES_MAX} lines:` : ''}`,
    ],
    ...shown.map((line): Line => ['  ', { code: line }]),
  ];
};

/** Rings when people can decide. */
export const previewedWords = ({ runId, jobKey, preview }: LiveRun): string =>
  preview?.ok === true
    ? `⏳ ${jobKey} (${runId}) can be decided: its preview is there.`
    : `⚠️ The preview of ${jobKey} (${runId}) failed: ${preview?.summary ?? ''}. It can be decided all the same.`;

/** The same where no card shows it. */
export const previewedPlain = (run: LiveRun, wrote: readonly string[]): string =>
  [
    ...plainLines(previewLines(run, wrote)),
    `Reply YES ${run.runId} to approve or NO ${run.runId} to deny.`,
  ].join('\n');
