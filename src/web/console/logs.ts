import { html } from 'hono/html';
import type { LogLine } from '../../core/ports/log.ts';
import { readRunId } from '../../core/runs/run-id.ts';
import { empty, type Html, moment, type Reader, section } from './html.ts';
import type { Page } from './page.ts';
import type { Visit } from './route.ts';

const LINES_MAX = 500;

/** `/logs`: the newest records of this process's log, of one run or from a level on. */
export const showLogs = async ({ c, deps, reader }: Visit): Promise<Page> => {
  const given = c.req.query('run')?.trim() ?? '';
  const runId = readRunId(given);
  const level = LEVELS.find((one) => one === c.req.query('level'));
  const lines =
    (await deps.rooms.house.log?.newest({
      count: LINES_MAX,
      ...(runId === undefined ? {} : { runId }),
      ...(level === undefined ? {} : { level }),
    })) ?? [];
  const body = html`
<h1>Logs</h1>
<form class="filters" method="get" action="/logs" role="search">
<label>Run <input name="run" value="${given}" maxlength="12" spellcheck="false" placeholder="K7M2QX"></label>
<label>From <select name="level"><option value="">any level</option>
${LEVELS.map((one) => html`<option value="${one}"${one === level ? html` selected` : ''}>${one}</option>`)}</select></label>
<button>Show</button>
</form>
${section(
  `Newest first (${lines.length})`,
  lines.length === 0
    ? empty('No such record in the log of this process.')
    : table(lines.toReversed(), reader),
)}`;
  return { title: 'Logs', at: '/logs', body };
};

const LEVELS = ['info', 'warn', 'error'] as const;

const table = (lines: readonly LogLine[], reader: Reader): Html => html`
<table class="events"><thead><tr><th scope="col">At</th><th scope="col">Level</th><th scope="col">Run</th><th scope="col">What</th></tr></thead>
<tbody>${lines.map(({ at, level, runId, event, words }) => {
  const run = runId === undefined ? '' : html`<a href="/runs/${runId}">${runId}</a>`;
  return html`<tr><td>${moment(at, reader)}</td><td><span class="${LOOKS[level] ?? ''}">${level}</span></td><td>${run}</td><td>${event} ${words}</td></tr>`;
})}</tbody></table>`;

const LOOKS: Readonly<Record<string, string>> = {
  warn: 'state waits',
  error: 'state bad',
  fatal: 'state bad',
};
