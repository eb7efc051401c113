import type { RunEvent } from '../../runs/event.ts';
import type { LiveRun } from '../../runs/run.ts';
import { formatDuration } from '../../time/duration.ts';
import { type Draft, PRIORITY } from '../grammar/draft.ts';
import { logDraft } from '../ops/log-document.ts';
import { escalation, nobodyBehind, questionOf, reminder } from '../ops/notice-words.ts';
import { nextSentence } from '../schedules/schedule-card.ts';
import { textNews } from '../sms/text-news.ts';
import type { Reader } from '../sms/text-words.ts';
import { announceElsewhere, type Elsewhere } from './announce-elsewhere.ts';
import type { Surroundings } from './card.ts';
import { decisions } from './card-parts.ts';
import { tailForChat } from './output-lines.ts';
import { previewedPlain, previewedWords } from './preview-words.ts';
import type { Action, Card, Line, Note, Span } from './rich.ts';
import {
  asker,
  counted,
  countedWords,
  firstAsked,
  quoted,
  silence,
  voidedWords,
  whatRan,
} from './run-words.ts';
import { confirming, styledCard } from './thread-card.ts';
import { threadReply } from './thread-news.ts';

// Longer than a room should be: what is told of each event, so that what two of them say can be compared and none is missing.

/** What the announcements of one command may lean on. */
export interface Telling extends Surroundings {
  /** Whether the conversation shows cards; a plain one hears only the plain wording. */
  readonly cards: boolean;
  /** Whether everything about the run stands in one thread below its card. */
  readonly threads?: boolean;
  /** Present where every message is one short text: who reads it. */
  readonly reader?: Reader;
  /** The conversations that were asked beside it. */
  readonly elsewhere?: readonly Elsewhere[];
  /** The last lines of the attempt's output, oldest first, for a failure. */
  readonly tail: readonly string[];
  /** The attempt whose whole output goes along with a failure, as a file: where that can be, and where it says more. */
  readonly log?: { readonly epoch: number; readonly attempt: number };
  /** The number of the newest event, which makes keys of card edits unique. */
  readonly version: number;
}

/**
 * What the conversation of a run is told about the events of one command: the card in its newest state, and a new message
 * only where somebody was waiting or has to act (an edit does not ring).
 */
export const announce = (run: LiveRun, events: readonly RunEvent[], telling: Telling): readonly Draft[] => {
  const notes = events.flatMap((event) => newsOf(run, event, telling) ?? []);
  const card = cardDraft(run, events, telling);
  const { log } = telling;
  const hasFailed = events.some(({ type }) => type === 'ExecutionFailed');
  const logs = log === undefined || !hasFailed ? [] : [logDraft(run, log)];
  const drafts = [...(card === undefined ? [] : [card]), ...notes, ...logs];
  const { elsewhere = [], reader, version } = telling;
  const { address } = run.origin;
  const here =
    reader === undefined
      ? drafts.filter((draft) => telling.cards || draft.content.plain !== undefined)
      : textNews(run, events, { address, reader, place: 'home', version });
  // A reminder is for those who were asked first; the others have just been asked, unless nobody reads along at home.
  if (elsewhere.length === 0 || (reader === undefined && events.every(isReminder))) return here;
  const question = run.status === 'AwaitingApproval' ? asksOthers(run) : undefined;
  const styled = (threads: boolean): Card => styledCard(run, telling, threads);
  return [...here, ...announceElsewhere(run, events, { card, styled, notes, question, version }, elsewhere)];
};

const newsOf = (run: LiveRun, event: RunEvent, telling: Telling): Draft | undefined => {
  if (telling.threads !== true) return noteOf(run, event, telling);
  const reply = threadReply(run, event, telling.tail);
  const draft = reply === undefined ? noteOf(run, event, telling) : note(run, reply.key, reply);
  return draft === undefined ? undefined : confirming(run, draft);
};

const cardDraft = (run: LiveRun, events: readonly RunEvent[], telling: Telling): Draft | undefined => {
  const last = events.at(-1);
  if (last === undefined || last.type === 'RiskFlagged' || last.type === 'AiParseUsed') return undefined;
  // A card says until when; that somebody was reminded of it changes nothing there.
  if (events.every(isReminder)) return undefined;
  const { key, plain } = cardWording(run, events) ?? { key: `card:${run.runId}:${telling.version}` };
  const asks = events.some((event) => event.type === 'ApprovalRequested');
  return {
    key,
    address: run.origin.address,
    runId: run.runId,
    priority: asks
      ? PRIORITY.prompt
      : last.type === 'ExecutionProgressed'
        ? PRIORITY.progress
        : PRIORITY.result,
    content: {
      kind: 'card',
      card: styledCard(run, telling, telling.threads),
      ...(plain === undefined ? {} : { plain }),
    },
    ...(run.origin.messageId === undefined ? {} : { replyTo: { messageId: run.origin.messageId } }),
  };
};

const isReminder = ({ type }: RunEvent): boolean => type === 'ApprovalReminded';

/** The two wordings and keys that stay verbatim (PRODUCT 5, 9). */
const cardWording = (
  run: LiveRun,
  events: readonly RunEvent[],
): { readonly key: string; readonly plain: string } | undefined => {
  const { runId, jobKey } = run;
  const epoch = run.epoch === 1 ? '' : `:${run.epoch}`;
  const types = new Set(events.map((event) => event.type));
  const ask = events.find((event) => event.type === 'ApprovalRequested');
  // A second question of the same run rings by a note of its own; the key belongs to the first card.
  if (ask !== undefined && run.epoch === 1) {
    return { key: `approval-request:${runId}`, plain: questionOf(run, ask.payload.decideBy) };
  }
  if (types.has('ExecutionDispatched')) {
    const said = run.byPolicy ? 'Approved by policy.' : 'Approved.';
    return {
      key: `approved-starting:${runId}${epoch}`,
      plain: `${said} Starting run ${runId} for job "${jobKey}"…`,
    };
  }
  return undefined;
};

const noteOf = (run: LiveRun, event: RunEvent, telling: Telling): Draft | undefined => {
  const { runId, jobKey } = run;
  switch (event.type) {
    case 'ApprovalRequested':
      return run.epoch === 1 ? undefined : asksAgain(run, event.payload.because);
    case 'PreviewRecorded':
      return note(run, `previewed:${runId}:${run.epoch}`, {
        lines: [[previewedWords(run)]],
        plain: previewedPlain(run, telling.preview ?? []),
        priority: PRIORITY.prompt,
        actions: decisions(run),
      });
    case 'ApprovalReminded': {
      const told = { ...reminder(run, event.payload), priority: PRIORITY.prompt, actions: decisions(run) };
      return note(run, `reminded:${runId}:${run.epoch}`, told);
    }
    case 'ApprovalEscalated': {
      const { addresses, to } = event.payload;
      if (addresses.length === 0) return note(run, `escalated:${runId}:${run.epoch}`, nobodyBehind(run, to));
      const isHere = addresses.includes(run.origin.address) && run.status === 'AwaitingApproval';
      return isHere ? asksOthers(run) : undefined;
    }
    case 'ApprovalRecorded': {
      const words = `${countedWords(run, `for run ${runId}`)}. Nothing starts yet.`;
      return plainOnly(run, `vote:${runId}:${run.epoch}:${run.votes.length}`, words, telling);
    }
    case 'RunApproved':
      return run.status === 'Approved' ? readyToStart(run) : undefined;
    case 'RunDenied': {
      const { name, reason } = event.payload;
      const trigger = firstAsked(run);
      if (trigger !== undefined) {
        const words = `${name} skipped ${jobKey} (${runId}) this time. ${whatRan(run)}${nextSentence(trigger)}`;
        return plainOnly(run, `denied:${runId}:${run.epoch}`, words, telling);
      }
      const plain = `Denied ${runId}. ${whatRan(run)}`;
      return note(run, `denied:${runId}:${run.epoch}`, { lines: [deniedLine(run, name, reason)], plain });
    }
    case 'DenialExplained': {
      const { name, reason } = event.payload;
      const plain = `${name} denied ${runId}: ${quoted(reason)}`;
      return note(run, `explained:${runId}:${run.epoch}`, { lines: [deniedLine(run, name, reason)], plain });
    }
    case 'ApprovalTimedOut': {
      const why = silence(run, event.payload.clock, event.payload.since);
      return note(run, `expired:${runId}:${run.epoch}`, {
        lines: [[...ring(run), `⌛ ${jobKey} (${runId}) expired: ${why}. ${whatRan(run)}`]],
        plain: `Run ${runId} expired: ${why}. ${whatRan(run)}`,
      });
    }
    case 'RunCanceled': {
      const ending = event.payload.was === 'Running' ? 'Its process is being ended. ' : '';
      return note(run, `canceled:${runId}:${run.epoch}`, {
        lines: [
          [
            ...ring(run),
            `⛔ ${jobKey} (${runId}) was canceled by ${event.payload.name}. ${ending}${whatRan(run)}`,
          ],
        ],
        plain: `Canceled ${runId}. ${ending}${whatRan(run)}`,
      });
    }
    case 'ExecutionSucceeded':
      return succeeded(run, event.payload);
    case 'ExecutionFailed':
      return failed(run, event.payload, telling.tail);
    case 'ApprovalVoided':
      return note(run, `voided:${runId}:${event.payload.epoch}`, {
        lines: [[voidedWords(run, event.payload.reason)]],
        plain: voidedWords(run, event.payload.reason),
      });
    case 'RunCreated':
    case 'ScheduleTriggered':
    case 'RunResumed':
    case 'ExecutionDispatched':
    case 'ExecutionStarted':
    case 'ExecutionProgressed':
    case 'ExecutionRetried':
    case 'ExecutionLost':
    case 'RunRecovered':
    case 'RiskFlagged':
    case 'AiParseUsed':
      return undefined;
  }
};

const deniedLine = (run: LiveRun, name: string, reason: string | undefined): Line => {
  const because = reason === undefined ? '' : `: ${quoted(reason)}`;
  const verb = firstAsked(run) === undefined ? 'denied' : 'skipped';
  return [...ring(run), `⛔ ${name} ${verb} ${run.jobKey} (${run.runId})${because}. ${whatRan(run)}`];
};

const asksOthers = (run: LiveRun & { readonly status: 'AwaitingApproval' }): Draft =>
  note(run, `escalated:${run.runId}:${run.epoch}`, {
    ...escalation(run, run.decideBy),
    priority: PRIORITY.prompt,
    actions: decisions(run),
  });

const asksAgain = (run: LiveRun, because: string): Draft => {
  const { runId, jobKey, lastStart } = run;
  const lost = because === 'lost' && lastStart !== undefined;
  const words = lost
    ? `⚠️ Worker ${lastStart.workerId} was lost while it ran ${jobKey} (${runId}, attempt ${lastStart.attempt}). What it did is unknown. Run it again?`
    : `⏳ ${jobKey} (${runId}) needs a new decision.`;
  const question = lost
    ? `Run ${runId} lost its worker; what it did is unknown. Reply YES ${runId} to run it again or NO ${runId} to end it.`
    : `Job "${jobKey}" is ready. Reply YES ${runId} to approve or NO ${runId} to deny.`;
  return note(run, `approval-request:${runId}:${run.epoch}`, {
    lines: [[...ring(run), words]],
    plain: question,
    priority: PRIORITY.prompt,
    actions: decisions(run),
  });
};

const readyToStart = (run: LiveRun): Draft => {
  const { runId, jobKey } = run;
  const words = `${jobKey} is approved ${counted(run)}. Start it with the button or /resume ${runId}`;
  return note(run, `approved:${runId}:${run.epoch}`, {
    lines: [[...ring(run), words]],
    plain: `Approved. Not started. RESUME ${runId} to start job "${jobKey}".`,
    priority: PRIORITY.prompt,
  });
};

const succeeded = (run: LiveRun, result: { attempt: number; tookMs: number; Summary: string }): Draft => {
  const { runId, jobKey } = run;
  return note(run, `result:${runId}:${run.epoch}:${result.attempt}`, {
    lines: [
      [...ring(run), `✅ ${jobKey} succeeded in ${formatDuration(result.tookMs)} · ${runId}`],
      ...(result.Summary === '' ? [] : [[result.Summary]]),
    ],
    plain: `Run ${runId} succeeded: ${result.Summary}`,
  });
};

/** What failed, why in the job's own words, the last lines, what state the world is in. */
const failed = (
  run: LiveRun,
  result: { attempt: number; reason: string; Summary: string },
  tail: readonly string[],
): Draft => {
  const { runId, jobKey } = run;
  const tries = result.attempt > 1 ? ` after ${result.attempt} attempts` : '';
  const pre = tailForChat(tail);
  const world =
    result.reason === 'lost' ? 'What the lost attempt did is unknown.' : 'Nothing was left running.';
  return note(run, `result:${runId}:${run.epoch}:${result.attempt}`, {
    lines: [
      [...ring(run), `❌ ${jobKey} failed${tries} · ${runId}`],
      [result.Summary],
      ...(pre.length === 0 ? [] : [['Last lines:']]),
    ],
    pre,
    after: [[world]],
    plain: `Run ${runId} failed: ${result.Summary}`,
  });
};

const note = (
  run: LiveRun,
  key: string,
  told: {
    readonly lines: readonly Line[];
    readonly pre?: readonly string[];
    readonly after?: readonly Line[];
    readonly plain: string;
    readonly priority?: number;
    readonly actions?: readonly Action[];
    readonly loud?: true;
  },
): Draft => {
  const { plain, priority = PRIORITY.result, lines, pre = [], after = [], actions = [], loud } = told;
  const content: Note = {
    lines,
    ...(pre.length === 0 ? {} : { pre }),
    ...(after.length === 0 ? {} : { after }),
    actions,
    ...(loud === undefined ? {} : { loud }),
  };
  const { address } = run.origin;
  return {
    key,
    address,
    runId: run.runId,
    priority,
    content: { kind: 'note', note: content, plain },
    replyTo: { card: true },
  };
};

/** News that a card shows already; only a plain conversation needs it said. */
const plainOnly = (run: LiveRun, key: string, plain: string, telling: Telling): Draft | undefined =>
  telling.cards ? undefined : note(run, key, { lines: [[plain]], plain });

/** Rings whoever asked, where the result is read by several people. */
const ring = (run: LiveRun): readonly Span[] =>
  run.requester.kind === 'person' && run.origin.chat === 'group'
    ? [{ mention: run.requester.identity, name: asker(run) }, ' ']
    : [];
