import { html } from 'hono/html';
import { zonedClock } from '../../core/time/zoned.ts';
import type { Permission } from '../access/permissions.ts';
import { ASSETS } from './assets.ts';
import type { Html, Reader, Said } from './html.ts';
import type { Visitor } from './visitor.ts';

export interface Page {
  readonly title: string;
  /** The part of the navigation that it belongs to. */
  readonly at?: string;
  readonly body: Html;
  /** 200 unless said otherwise. */
  readonly status?: 200 | 422;
  /** Shown anew whenever something may have changed: where that is told, and the page's own address. */
  readonly live?: { readonly from: string; readonly url: string };
}

/** What every page shows around its own part. */
export interface Frame {
  readonly profile: 'dev' | 'production';
  readonly reader: Reader;
  /** Absent for a page that anybody may see. */
  readonly visitor?: Visitor;
  /** Where the visitor comes in. */
  readonly opens?: (needs: Permission) => boolean;
  /** There is a messenger on this very machine. */
  readonly chats?: boolean;
  /** Of the runs that wait for the visitor. */
  readonly waiting?: number;
  /** What came of what was done on the page before. */
  readonly said?: Said;
}

/** What somebody has opened stays open when the page is shown anew. */
const CONFIG =
  '{"includeIndicatorCSS":false,"history":false,"morphIgnore":["data-htmx-powered","open"],"defaultTimeout":15000}';

/** A whole document. Nothing in it depends on a script. */
export const document = (page: Page, frame: Frame): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="htmx-config" content="${CONFIG}">
<title>${page.title} · TextOps</title>
<link rel="icon" href="${ASSETS.icon}">
<link rel="stylesheet" href="${ASSETS.style}">
<script src="${ASSETS.script}" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
${header(page, frame)}
<main id="main" tabindex="-1">
${saidOf(frame)}
${page.live === undefined ? page.body : livePart(page.body, page.live)}
</main>
</body>
</html>`;

/** The stream only says that something changed; then the part is asked for again and what differs is replaced. */
const livePart = (body: Html, { from, url }: NonNullable<Page['live']>): Html => html`
<div hx-sse:connect="${from}" hx-sse:close="full" hx-swap="none"></div>
<div hx-get="${url}" hx-trigger="moved from:body throttle:400ms" hx-select="#live" hx-swap="innerMorph">
<div id="live">${body}</div>
</div>`;

const NAVIGATION = [
  ['Overview', '/', 'service.read'],
  ['Approvals', '/approvals', 'runs.read'],
  ['Runs', '/runs', 'runs.read'],
  ['Jobs', '/jobs', 'jobs.read'],
  ['Schedules', '/schedules', 'schedules.read'],
  ['Queue', '/queue', 'letters.read'],
  ['Audit', '/audit', 'history.read'],
  ['Logs', '/logs', 'log.read'],
  ['Scorecard', '/scorecard', 'figures.read'],
  ['People', '/people', 'people.read'],
] as const satisfies readonly (readonly [string, string, Permission])[];

const CHAT = ['Chat', '/chat', 'service.read'] as const;

const header = ({ at, live }: Page, frame: Frame): Html => {
  const { profile, visitor, waiting = 0, reader } = frame;
  return html`
<header class="bar">
<a class="brand" href="/">TextOps <span>${profile === 'dev' ? 'dev' : 'prod'}</span></a>
${
  visitor &&
  html`<nav aria-label="Main">${[...NAVIGATION, ...(frame.chats === true ? [CHAT] : [])].filter(([, , needs]) => frame.opens?.(needs) === true).map(([name, path]) => link(name, path, at, waiting))}</nav>
<div class="who">
${live && html`<span class="live" id="live-state">not live</span>`}
<span class="clock">${zonedClock(reader.now, reader.timezone)} ${reader.timezone}</span>
<form method="post" action="/logout">
<input type="hidden" name="csrf" value="${visitor.csrf}">
<span class="name">${visitor.person.name}</span>
<button class="quiet">Sign out</button>
</form>
</div>`
}
</header>`;
};

const link = (name: string, path: string, at: string | undefined, waiting: number): Html => {
  const count = path === '/approvals' && waiting > 0 ? html` <b>${waiting}</b>` : '';
  const current = at === path ? html` aria-current="page"` : '';
  return html`<a href="${path}"${current}>${name}${count}</a>`;
};

const saidOf = ({ said }: Frame): Html | string =>
  said === undefined ? '' : html`<p class="said ${said.tone}" role="status">${said.words}</p>`;
