import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { Line, Span } from '../../core/text/cards/rich.ts';
import { formatDuration } from '../../core/time/duration.ts';
import { isoOf } from '../../core/time/instant.ts';
import { zonedClock, zonedMoment } from '../../core/time/zoned.ts';

/** Text that was escaped where it was put in; only this is ever sent. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Whose wall clock a page shows, and what it says now. */
export interface Reader {
  readonly now: number;
  /** IANA name. */
  readonly timezone: string;
}

/** What came of something, for the next page. */
export interface Said {
  readonly tone: 'done' | 'refused';
  readonly words: string;
}

/** Within a day the clock, before that the day as well; whoever hovers or listens gets all of it. */
export const moment = (at: number, { now, timezone }: Reader): Html => {
  const near = Math.abs(now - at) < DAY_MS;
  const words = near ? zonedClock(at, timezone) : zonedMoment(at, timezone, now);
  return html`<time datetime="${isoOf(at)}" title="${zonedMoment(at, timezone, now)} ${timezone}">${words}</time>`;
};

const DAY_MS = 86_400_000;

/** "in 29m 30s", "4m ago". */
export const distance = (at: number, { now, timezone }: Reader): Html => {
  const words = at >= now ? `in ${formatDuration(at - now)}` : `${formatDuration(now - at)} ago`;
  return html`<time datetime="${isoOf(at)}" title="${zonedMoment(at, timezone, now)} ${timezone}">${words}</time>`;
};

export const spans = (line: Line, reader: Reader): readonly Html[] =>
  line.map((span) => spanOf(span, reader));

const spanOf = (span: Span, reader: Reader): Html => {
  if (typeof span === 'string') return html`${span}`;
  if ('code' in span) return html`<code>${span.code}</code>`;
  if ('bold' in span) return html`<strong>${span.bold}</strong>`;
  if ('mention' in span) return html`${span.name}`;
  return span.as === 'relative' ? distance(span.time, reader) : moment(span.time, reader);
};

/** "1 run", "3 runs". */
export const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** What belongs together below a heading of its own. */
export const section = (title: string, body: Html, id?: string): Html =>
  html`<section class="panel"${id === undefined ? '' : html` id="${id}"`}><h2>${title}</h2>${body}</section>`;

/** Says why nothing is there. */
export const empty = (words: string): Html => html`<p class="empty">${words}</p>`;

/** "HEAVY", "1m 10s": a word beside a name. */
export const badge = (words: string): Html =>
  html` <span class="badge${words === 'HEAVY' ? ' heavy' : ''}">${words}</span>`;
