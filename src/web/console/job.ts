import { randomUUID } from 'node:crypto';
import { html } from 'hono/html';
import { diffSpecs } from '../../core/jobs/diff.ts';
import type { JobVersion } from '../../core/jobs/job.ts';
import { mayRequest } from '../../core/people/may.ts';
import { type Field, type Form } from '../../core/text/cards/form.ts';
import { formQuestion } from '../../core/text/cards/form-words.ts';
import { changeWords } from '../../core/text/cards/job-history.ts';
import { jobLines } from '../../core/text/cards/job-words.ts';
import { askForRun } from '../api/ask-for-run.ts';
import { unknownJob } from '../api/jobs.ts';
import { ProblemError } from '../problem.ts';
import { accountOf, back, senderOf } from './command.ts';
import { badge, empty, type Html, section, spans } from './html.ts';
import { visibleJobs } from './jobs.ts';
import type { Page } from './page.ts';
import type { Visit } from './route.ts';
import { recentRuns } from './runs.ts';

/** `/jobs/:key`: what it takes, a form that asks for it, what became of its versions, and how it went. */
export const showJob = async (visit: Visit): Promise<Page> => {
  const job = await jobOf(visit);
  return jobPage(visit, job, {});
};

const jobOf = async (visit: Visit): Promise<JobVersion> => {
  const key = visit.params['key'] ?? '';
  const visible = await visibleJobs(visit);
  const found = visible.find((job) => job.key === key);
  if (found !== undefined) return found;
  const hidden = await visit.deps.rooms.store.catalog.find(key);
  throw unknownJob(key, { visible, ...(hidden === undefined ? {} : { hidden: [hidden] }) });
};

interface Filled {
  readonly values?: Readonly<Record<string, string>>;
  /** What is wrong with them, a sentence each. */
  readonly problems?: readonly string[];
}

const jobPage = async (visit: Visit, job: JobVersion, filled: Filled): Promise<Page> => {
  const { key, version, spec } = job;
  const versions = await visit.deps.rooms.store.catalog.versions(key);
  const [, ...lines] = jobLines(job);
  const body = html`
<h1>${key} <span class="sub">v${version}</span>${spec.heavy ? badge('HEAVY') : ''}</h1>
${spec.title === '' ? '' : html`<p class="sub">${spec.title}</p>`}
<div class="columns">
${section('Ask for a run', mayRequest(visit.visitor.person, spec) ? askForm(visit, job, filled) : empty(`You may not ask for ${key}. Asked for by: ${spec.requesters.join(', ') || 'nobody'}.`))}
${section('Rules', html`${lines.map((line) => html`<p>${spans(line, visit.reader)}</p>`)}`)}
</div>
${section('Last runs', await recentRuns(visit, 20, key))}
${section('Versions', historyOf(versions))}`;
  return { title: key, at: '/jobs', body, ...(filled.problems === undefined ? {} : { status: 422 }) };
};

const askForm = ({ visitor }: Visit, job: JobVersion, { values = {}, problems = [] }: Filled): Html => {
  const { form }: { form: Form } = formQuestion(job, values);
  return html`
${problems.length === 0 ? '' : html`<div class="said refused" role="alert"><p>Nothing was created:</p><ul>${problems.map((problem) => html`<li>${problem}</li>`)}</ul></div>`}
<form method="post" action="/jobs/${job.key}/run" class="fields">
<input type="hidden" name="csrf" value="${visitor.csrf}">
<input type="hidden" name="once" value="${randomUUID()}">
${form.fields.length === 0 ? html`<p class="hint">It takes no parameters.</p>` : form.fields.map(fieldOf)}
<p class="buttons"><button class="primary">Ask for approval</button></p>
</form>`;
};

/** Names of parameters are somebody's words; a prefix keeps them from being one of ours. */
const nameOf = ({ name }: Field): string => `param.${name}`;

const fieldOf = (field: Field): Html => {
  const { name, needed, preset, choices, value = '', type } = field;
  const id = `param-${name}`;
  const hint = preset === undefined ? (needed ? 'needed' : 'may be left empty') : `${preset} if left empty`;
  const common = html`id="${id}" name="${nameOf(field)}" aria-describedby="${id}-hint"${needed ? html` required` : ''}`;
  const input =
    choices === undefined
      ? html`<input ${common} value="${value}" autocomplete="off" spellcheck="false"${type === 'integer' ? html` inputmode="numeric"` : ''}${field.lengthMax === undefined ? '' : html` maxlength="${field.lengthMax}"`}>`
      : html`<select ${common}><option value="">${preset === undefined ? '' : `${preset} (default)`}</option>
${choices.filter((choice) => choice !== preset).map((choice) => html`<option value="${choice}"${choice === value ? html` selected` : ''}>${choice}</option>`)}</select>`;
  return html`<p><label for="${id}">${name} <span class="kind">${type}</span></label>${input}<span class="hint" id="${id}-hint">${hint}</span></p>`;
};

/** What every version changed, the newest first. */
const historyOf = (versions: readonly JobVersion[]): Html => {
  const steps = versions.flatMap((after, at) => {
    const before = versions[at - 1];
    return before === undefined ? [] : [{ before, after }];
  });
  if (steps.length === 0) return empty('There is one version; nothing has changed yet.');
  return html`<ol class="versions">${steps.toReversed().slice(0, STEPS_MAX).map(step)}</ol>`;
};

const STEPS_MAX = 20;

const step = ({ before, after }: { readonly before: JobVersion; readonly after: JobVersion }): Html => {
  const changes = diffSpecs(before.spec, after.spec);
  return html`<li><h3>v${before.version} → v${after.version}</h3>
${changes.length === 0 ? html`<p class="hint">The same, read from elsewhere.</p>` : html`<ul>${changes.map((change) => html`<li><code>${changeWords(change)}</code></li>`)}</ul>`}</li>`;
};

/** What was filled in becomes a run, or comes back with what is wrong with it. */
export const askForJob = async (visit: Visit): Promise<Response | Page> => {
  const { deps, visitor, form } = visit;
  const job = await jobOf(visit);
  const values = Object.fromEntries(
    Object.entries(form).flatMap(([name, value]) =>
      name.startsWith('param.') && value !== '' ? [[name.slice('param.'.length), value]] : [],
    ),
  );
  const asker = { person: visitor.person, from: senderOf(visit), account: accountOf(visit) };
  try {
    const run = await askForRun(deps, {
      channel: 'web',
      asker,
      key: form['once'] ?? deps.newEventKey(),
      wanted: { job: job.key, params: values },
    });
    return back(visit, { tone: 'done', words: `Run ${run.runId} is there.` }, `/runs/${run.runId}`);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.status === 404) throw error;
    return jobPage(visit, job, {
      values,
      problems: error.problems.length === 0 ? [error.message] : error.problems,
    });
  }
};
