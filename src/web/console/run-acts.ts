import { html } from 'hono/html';
import type { StoredRun } from '../../core/ports/store.ts';
import { readRunId } from '../../core/runs/run-id.ts';
import type { Action } from '../../core/text/cards/rich.ts';
import { HIDDEN, ProblemError } from '../problem.ts';
import { back, backWith, press, reasonOf, type } from './command.ts';
import type { Page } from './page.ts';
import type { Visit } from './route.ts';
import { cardFor, cardLines, hidden } from './run-card.ts';
import { FRESH_MS } from './visitor.ts';
import { maySeeRun } from './waiting.ts';

/** The run of an address, for somebody who may know of it. */
export const runOf = async ({ deps, visitor, params }: Visit): Promise<StoredRun> => {
  const given = params['id'] ?? '';
  const runId = readRunId(given);
  const found = runId === undefined ? undefined : (await deps.rooms.store.runs.find([runId])).get(runId);
  if (found !== undefined && maySeeRun(visitor.person, found.state)) return found;
  const said = `No run ${(runId ?? given).slice(0, 20)}.`;
  throw new ProblemError(404, 'unknown_run', said, found === undefined ? {} : HIDDEN);
};

/** Approve, or say why not: something heavy takes the name of its job and somebody who signed in a moment ago. */
export const approve = async (visit: Visit): Promise<Response> => {
  const { state: run } = await runOf(visit);
  const { form } = visit;
  if (run.heavy) {
    if (!isFresh(visit)) return signInAgain(visit, run.runId);
    if (form['confirm']?.trim() !== run.jobKey) {
      const words = `Type ${run.jobKey} to approve it; that is not what you typed. Nothing changed.`;
      return back({ ...visit, form: {} }, { tone: 'refused', words }, `/runs/${run.runId}/approve`);
    }
  }
  return backWith(visit, await pressed(visit, 'ap', run.runId), `/runs/${run.runId}`);
};

const isFresh = ({ visitor, reader }: Visit): boolean => reader.now - visitor.signedInAt < FRESH_MS;

const signInAgain = ({ c }: Visit, runId: string): Response =>
  c.redirect(`/login?next=${encodeURIComponent(`/runs/${runId}/approve`)}`, 303);

/** With a reason it is the line that says so; without one it is the button of the card. */
export const deny = async (visit: Visit): Promise<Response> => {
  const { state: run } = await runOf(visit);
  const reason = reasonOf(visit);
  const handled =
    reason === '' ? await pressed(visit, 'dn', run.runId) : await type(visit, `no ${run.runId} ${reason}`);
  return backWith(visit, handled, `/runs/${run.runId}`);
};

/** The other buttons of a card. */
export const steer =
  (verb: 'rs' | 'cx' | 'rc') =>
  async (visit: Visit): Promise<Response> => {
    const { state: run } = await runOf(visit);
    return backWith(visit, await pressed(visit, verb, run.runId), `/runs/${run.runId}`);
  };

/** A new run of the same job with the same parameters, which has a decision of its own. */
export const askAgain = async (visit: Visit): Promise<Response> => {
  const { state: run } = await runOf(visit);
  const handled = await press(visit, { verb: 'ra', runId: run.runId });
  const made = handled.runId;
  return backWith({ ...visit, form: {} }, handled, `/runs/${made ?? run.runId}`);
};

const pressed = (visit: Visit, verb: 'ap' | 'dn' | 'rs' | 'cx' | 'rc', runId: string) => {
  const token = visit.form['token'] ?? '';
  return press(visit, { verb, runId, ...(token === '' ? {} : { token }) });
};

const actionOf = (verb: 'ap' | 'dn', { state: run }: StoredRun): Action => ({
  verb,
  label: '',
  runId: run.runId,
  bound: { epoch: run.epoch, digest: run.digest },
});

/** `/runs/:id/approve`: what exactly is approved, and the field for the name of the job. */
export const askToApprove = async (visit: Visit): Promise<Page | Response> => {
  const stored = await runOf(visit);
  const run = stored.state;
  if (run.status !== 'AwaitingApproval') return visit.c.redirect(`/runs/${run.runId}`, 303);
  if (run.heavy && !isFresh(visit)) return signInAgain(visit, run.runId);
  const card = await cardFor(visit, stored);
  const confirm = html`<p><label for="confirm">Type <strong>${run.jobKey}</strong> to confirm</label>
<input id="confirm" name="confirm" autocomplete="off" autocapitalize="off" spellcheck="false" required></p>`;
  const body = html`
<div class="door">
<h1>Approve ${run.jobKey}?</h1>
<p class="sub">${run.runId} · ${[card.title, ...card.badges].join(' · ')}</p>
${cardLines(card, visit.reader)}
${run.heavy ? html`<p>It is heavy: it will not start yet. After the last approval somebody starts it.</p>` : ''}
<form method="post" action="/runs/${run.runId}/approve">
${hidden(visit, actionOf('ap', stored), `/runs/${run.runId}`)}
${run.heavy ? confirm : ''}
<p class="buttons"><button class="primary">Approve</button> <a class="button" href="/approvals">Back</a></p>
</form>
</div>`;
  return { title: `Approve ${run.runId}`, at: '/approvals', body };
};

/** `/runs/:id/deny`: with a reason, if there is one. */
export const askToDeny = async (visit: Visit): Promise<Page | Response> => {
  const stored = await runOf(visit);
  const run = stored.state;
  if (run.status !== 'AwaitingApproval') return visit.c.redirect(`/runs/${run.runId}`, 303);
  const card = await cardFor(visit, stored);
  const body = html`
<div class="door">
<h1>Deny ${run.jobKey}?</h1>
<p class="sub">${run.runId} · ${[card.title, ...card.badges].join(' · ')}</p>
${cardLines(card, visit.reader)}
<form method="post" action="/runs/${run.runId}/deny">
${hidden(visit, actionOf('dn', stored), `/runs/${run.runId}`)}
<p><label for="reason">Why? It is shown to whoever asked (optional)</label>
<input id="reason" name="reason" maxlength="500" autocomplete="off"></p>
<p class="buttons"><button class="danger">Deny</button> <a class="button" href="/approvals">Back</a></p>
</form>
</div>`;
  return { title: `Deny ${run.runId}`, at: '/approvals', body };
};
