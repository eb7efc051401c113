import { html } from 'hono/html';
import type { StoredEvent } from '../../core/runs/event.ts';
import type { LiveRun } from '../../core/runs/run.ts';
import { formatDuration } from '../../core/time/duration.ts';
import { type Html, moment, type Reader } from './html.ts';

/** One stretch of a run's life. */
interface Phase {
  readonly kind: 'asked' | 'approved' | 'queued' | 'attempt' | 'pause';
  readonly words: string;
  readonly from: number;
  readonly to: number;
}

const WIDTH = 1000;
/** Narrower than that nobody sees it. */
const WIDTH_MIN = 6;

/** The life of a run to scale, and below it the same in words. */
export const timeline = (run: LiveRun, events: readonly StoredEvent[], reader: Reader): Html => {
  const phases = phasesOf(events, isOver(run) ? undefined : reader.now);
  const [first] = phases;
  if (first === undefined) return html`<p class="empty">Nothing has happened yet.</p>`;
  const end = Math.max(...phases.map(({ to }) => to));
  const span = Math.max(1, end - first.from);
  const at = (time: number): number => ((time - first.from) / span) * WIDTH;
  return html`<svg class="timeline" viewBox="0 0 ${WIDTH} 28" preserveAspectRatio="none" aria-hidden="true">
${phases.map(({ kind, from, to }) => {
  const width = Math.max(WIDTH_MIN, at(to) - at(from));
  return html`<rect class="${kind}" x="${Math.min(at(from), WIDTH - width).toFixed(1)}" y="4" width="${width.toFixed(1)}" height="20" rx="3"/>`;
})}</svg>
<ol class="phases">${phases.map(
    ({ kind, words, from, to }) =>
      html`<li class="${kind}">${words} <b>${formatDuration(to - from)}</b> from ${moment(from, reader)}</li>`,
  )}</ol>`;
};

const isOver = (run: LiveRun): boolean => 'endedAt' in run;

/** What an event begins; whatever begins ends what was. */
const BEGINS: Readonly<Record<string, readonly [Phase['kind'], string]>> = {
  RunCreated: ['asked', 'asked'],
  ApprovalRequested: ['asked', 'waited for a decision'],
  RunApproved: ['approved', 'approved'],
  ExecutionDispatched: ['queued', 'waited for a worker'],
  ExecutionStarted: ['attempt', 'ran'],
  ExecutionRetried: ['pause', 'paused before the next try'],
  ExecutionLost: ['pause', 'lost'],
};

const ENDS: ReadonlySet<string> = new Set([
  'ExecutionSucceeded',
  'ExecutionFailed',
  'RunDenied',
  'RunCanceled',
  'ApprovalTimedOut',
]);

const phasesOf = (events: readonly StoredEvent[], now: number | undefined): readonly Phase[] => {
  const phases: Phase[] = [];
  let open: Omit<Phase, 'to'> | undefined;
  const close = (at: number): void => {
    // What took no time at all is a moment between two others.
    if (open !== undefined && (at > open.from || open.kind === 'attempt')) phases.push({ ...open, to: at });
    open = undefined;
  };
  for (const { type, at } of events) {
    const begins = Object.hasOwn(BEGINS, type) ? BEGINS[type] : undefined;
    if (begins === undefined && !ENDS.has(type)) continue;
    close(at);
    if (begins !== undefined) open = { kind: begins[0], words: begins[1], from: at };
  }
  if (now !== undefined) close(now);
  return phases;
};
