import { tally } from '../../runs/approvals.ts';
import type { LiveRun } from '../../runs/run.ts';
import { formatDuration } from '../../time/duration.ts';
import type { Draft } from '../grammar/draft.ts';
import { escalatedLines } from '../ops/notice-words.ts';
import { nextSpans } from '../schedules/schedule-card.ts';
import { cardOf, type Surroundings } from './card.ts';
import { clock, lastTryWords, reasonSpans, soon, version } from './card-parts.ts';
import { previewLines } from './preview-words.ts';
import type { Action, Card, Line, Span } from './rich.ts';
import {
  asker as askerName,
  attemptsOf,
  expiry,
  firstAsked,
  missingWords,
  unusualWords,
  whatRan,
} from './run-words.ts';

/** Threads need other words than a chat in which a run is one message among many. */
export const styledCard = (run: LiveRun, around: Surroundings, threads = false): Card =>
  threads ? threadCardOf(run, around) : cardOf(run, around);

/**
 * The card of a run where everything about it stands in one thread below it: in sentences, and with people by their
 * accounts. It offers what every card offers; what cannot be taken back is asked once more.
 */
const threadCardOf = (run: LiveRun, around: Surroundings): Card => {
  const card = cardOf(run, around);
  return {
    ...card,
    badges: run.heavy ? ['HEAVY'] : [],
    ...wordsOf(run, around, card),
    actions: card.actions.map((action) => confirmed(run, action)),
  };
};

const wordsOf = (run: LiveRun, around: Surroundings, card: Card): Pick<Card, 'lead' | 'lines'> => {
  switch (run.status) {
    case 'Created':
    case 'AwaitingApproval':
      return waiting(run, around);
    case 'Approved':
      return {
        lead: votes(run),
        lines: [heading(run), ...card.lines.filter((line) => isAboutStart(line))],
      };
    case 'Dispatching':
      return run.attempt > 1
        ? {
            lead: [`${version(run)}. ${capital(lastTryWords(run))}.`],
            lines: [
              ...(run.lastError === undefined ? [] : [[run.lastError]]),
              ['Next try ', clock(run.notBefore), '.'],
            ],
          }
        : { lead: [`${version(run)}. `, ...decided(run)], lines: [] };
    case 'Running': {
      const { progress } = run;
      const percent = progress?.percent === undefined ? '' : `${progress.percent}% `;
      return {
        lead: [`${version(run)}. `, ...decided(run)],
        lines: progress === undefined ? [] : [[`${percent}${progress.text}`.trim()]],
      };
    }
    case 'Succeeded':
      return { lead: [`${version(run)}, ${formatDuration(run.tookMs)}. `, ...approved(run)], lines: [] };
    case 'Failed':
      return { lead: [`${version(run)}. ${tries(run)}${sentence(run.summary)}`], lines: [] };
    case 'Denied':
      return denied(run);
    case 'Canceled':
      return { lead: [`${version(run)}. Canceled by ${run.by}. ${whatRan(run)}`], lines: [] };
    case 'Expired':
      return {
        lead: [
          `${expiry(run)}. ${whatRan(run)}`,
          ...(run.trigger === undefined ? [] : nextSpans(run.trigger)),
        ],
        lines: [],
      };
  }
};

type Waiting = LiveRun & { readonly status: 'Created' | 'AwaitingApproval' };

const waiting = (run: Waiting, around: Surroundings): Pick<Card, 'lead' | 'lines'> => {
  const decideBy = run.status === 'AwaitingApproval' ? run.decideBy : run.createdAt;
  const trigger = firstAsked(run);
  const hasParams = Object.keys(run.params).length > 0;
  const asks: Line =
    trigger === undefined
      ? ['Asked by ', asker(run), ', expires ', soon(decideBy), `. ${capital(needs(run, around))}.`]
      : ['If nobody answers by ', clock(decideBy), ` it is skipped. ${capital(needs(run, around))}.`];
  const lead: Line | undefined =
    trigger === undefined
      ? hasParams
        ? [run.heavy ? `${run.jobKey} ` : version(run), ...(run.heavy ? params(run) : [])]
        : undefined
      : [`${version(run)}, due `, clock(trigger.dueAt), `, ${trigger.words}`];
  return {
    ...(lead === undefined ? {} : { lead }),
    lines: [
      ...(hasParams && !run.heavy ? [params(run)] : []),
      ...(run.title === '' && lead !== undefined ? [] : [heading(run)]),
      ...lostLines(run),
      willRun(run),
      asks,
      ...(run.status === 'AwaitingApproval' ? previewLines(run, around.preview ?? [], around.gates) : []),
      ...(run.votes.length === 0 ? [] : [votes(run)]),
      ...escalatedLines(run),
      ...(run.unusual === undefined ? [] : [[`⚠️ ${unusualWords(run.unusual)}`]]),
      ...(run.heavy && !run.selfApproval && run.requester.kind === 'person'
        ? [[asker(run), ' asked, so ', asker(run), ' cannot approve.']]
        : []),
    ],
  };
};

/** `*backup* v3: Back up the main database`. */
const heading = ({ jobKey, jobVersion, title }: LiveRun): Line => [
  { bold: jobKey },
  ` v${jobVersion}${title === '' ? '' : `: ${title}`}`,
];

/** `env staging   hosts 2   drain 30s (default)`, with the values in fixed width. */
const params = (run: LiveRun): Line =>
  Object.entries(run.params).flatMap(([name, value], index): Span[] => [
    `${index === 0 ? '' : '   '}${name} `,
    { code: String(value) },
    ...(run.defaulted.includes(name) ? [' (default)'] : []),
  ]);

const willRun = (run: LiveRun): Line => {
  const digest: Line = ['digest ', { code: run.digest.slice(0, 6) }];
  return run.willRun === '' ? digest : ['Will run: ', { code: run.willRun }, ' · ', ...digest];
};

const lostLines = (run: Waiting): readonly Line[] => {
  if (run.status !== 'AwaitingApproval' || run.lastStart === undefined) return [];
  const { attempt, at, workerId } = run.lastStart;
  return run.because === 'lost'
    ? [
        [`Attempt ${attempt} began `, clock(at), ` on ${workerId}, which was lost; its end is unknown.`],
        ['Approve starts it again, Deny ends it as failed.'],
      ]
    : [[`Attempt ${attempt} began `, clock(at), '. Approve starts a new one.']];
};

const needs = (run: LiveRun, { lacking }: Surroundings): string => {
  const { have, need, missing } = tally(run.approval, run.votes);
  const self = run.selfApproval ? ' (self-approval allowed)' : '';
  if (missing.length > 0) return `needs ${missingWords(lacking ?? missing)}${self}`;
  const left = need - have;
  return `needs ${left} ${left === 1 ? 'approval' : 'approvals'}${self}`;
};

/** An account of this channel is shown as one, every other one by its name. */
const person = (identity: string, name: string): Span => ({ mention: identity, name });

const asker = (run: LiveRun): Span =>
  run.requester.kind === 'person' ? person(run.requester.identity, run.requester.name) : askerName(run);

const votes = (run: LiveRun): Line =>
  run.votes.flatMap((vote, index): Span[] => [
    `${index === 0 ? '' : '  '}✔ `,
    person(vote.identity, vote.name),
  ]);

const approvers = (run: LiveRun): Line =>
  run.votes.flatMap((vote, index): Span[] => [index === 0 ? '' : ', ', person(vote.identity, vote.name)]);

const approved = (run: LiveRun): Line => {
  if (run.byPolicy) return ['Approved by policy (never asks).'];
  return run.votes.length === 0 ? [] : ['Approved by ', ...approvers(run), '.'];
};

/** `Asked by @ana, approved by @bob.` */
const decided = (run: LiveRun): Line => {
  const by = run.byPolicy ? ['policy (never asks)'] : approvers(run);
  return ['Asked by ', asker(run), ...(by.length === 0 ? [] : [', approved by ', ...by]), '.'];
};

/** The lines of a card that speak of what holds up its start, and until when it may. */
const isAboutStart = ([first]: Line): boolean =>
  typeof first === 'string' && (first.startsWith('Gates: ') || first.startsWith('Approval lapses '));

const tries = (run: LiveRun & { readonly status: 'Failed' }): string => {
  const of = attemptsOf(run.attempt, run);
  return of > 1 ? `${run.attempt} of ${of} attempts. ` : '';
};

const denied = (run: LiveRun & { readonly status: 'Denied' }): Pick<Card, 'lead' | 'lines'> => {
  const trigger = firstAsked(run);
  if (trigger !== undefined) {
    return { lead: [`${version(run)}, by ${run.by}`, ...reasonSpans(run), ...nextSpans(trigger)], lines: [] };
  }
  const said = run.reason === undefined ? [`Denied by ${run.by}`] : [run.by, ...reasonSpans(run)];
  return { lead: [`${version(run)}. `, ...said, `. ${whatRan(run)}`], lines: [] };
};

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

export const sentence = (words: string): string =>
  /[.!?…]$/.test(words) || words === '' ? words : `${words}.`;

/** The same message with buttons that ask once more. */
export const confirming = (run: LiveRun, draft: Draft): Draft => {
  const { content } = draft;
  if (content.kind !== 'note') return draft;
  const actions = content.note.actions.map((action) => confirmed(run, action));
  return { ...draft, content: { ...content, note: { ...content.note, actions } } };
};

/** What is asked once more before a press counts. */
const confirmed = (run: LiveRun, action: Action): Action => {
  const { jobKey, runId } = run;
  switch (action.verb) {
    case 'dn': {
      const skips = firstAsked(run) !== undefined;
      const text = skips ? `${jobKey} ${runId} is left out this time.` : `${jobKey} ${runId} will not run.`;
      const title = skips ? 'Skip it this time?' : 'Deny this run?';
      return { ...action, confirm: { title, text, yes: skips ? 'Skip' : 'Deny', no: 'Keep waiting' } };
    }
    case 'ap': {
      if (!run.heavy) return action;
      const { have, need } = tally(run.approval, run.votes);
      const given = Object.entries(run.params).map(([name, value]) => ` ${name}=${String(value)}`);
      const text =
        `${jobKey}${given.join('')}. ${have} of ${need} approvals so far. ` +
        'It will not start until someone presses Start.';
      return { ...action, confirm: { title: 'Approve a heavy job?', text, yes: 'Approve', no: 'Back' } };
    }
    case 'rs': {
      const text = `${version(run)}, ${runId}. Everything that it waits for is there.`;
      return { ...action, confirm: { title: `Start ${jobKey} now?`, text, yes: 'Start', no: 'Back' } };
    }
    default:
      return action;
  }
};
