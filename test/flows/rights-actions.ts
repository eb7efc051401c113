import type { Deed, Scene } from './rights-scene.ts';

// Everything that somebody could try there.

export interface Action {
  readonly does: (scene: Scene) => Deed;
  /** For what only reads: what nobody is told who may not. */
  readonly shows?: RegExp;
  /** What an owner has to say before there is anything to try. */
  readonly after?: string;
}

const words = (line: (scene: Scene) => string, shows?: RegExp): Action => ({
  does: line,
  ...(shows === undefined ? {} : { shows }),
});
const once = (after: string, line: string): Action => ({ does: () => line, after });
const button = (verb: 'ap' | 'dn' | 'rs' | 'cx' | 'rc' | 'ra' | 'dt' | 'lg', of: keyof Scene): Action => ({
  does: (scene) => ({ verb, runId: scene[of] }),
});

export const ACTIONS: Readonly<Record<string, Action>> = {
  run: words(() => 'run backup'),
  "run a dba's job": words(() => 'run vault-dump'),
  approve: words(({ waits }) => `yes ${waits}`),
  "approve a dba's run": words(({ vault }) => `approve ${vault}`),
  deny: words(({ waits }) => `no ${waits} not today`),
  resume: words(({ heavy }) => `resume ${heavy}`),
  cancel: words(({ waits }) => `cancel ${waits}`),
  recover: words(({ failed }) => `recover ${failed}`),
  status: words(({ waits }) => `status ${waits}`, /backup/),
  "status of a dba's run": words(({ vault }) => `status ${vault}`, /vault-dump/),
  log: words(({ failed }) => `log ${failed}`, /dump orders/),
  why: words(({ waits }) => `why ${waits}`, /Who may decide/),
  summary: words(({ failed }) => `summary ${failed}`, /backup/),
  job: words(() => 'job backup', /Approval:/),
  "a dba's job": words(() => 'job vault-dump', /Approval:/),
  runs: words(() => 'runs', /backup/),
  schedules: words(() => 'schedules', /report-2/),
  ops: words(() => 'ops', /queue/),
  gates: words(() => 'gates', /gates are open/),
  'dead letters': words(() => 'deadletters', /news|backup/),
  'gates flip': words(() => 'gates close queue.retry.enabled'),
  'pause a job': words(() => 'pause backup'),
  'unpause a job': words(() => 'unpause restart-web'),
  'pause the queue': words(() => 'pause queue'),
  'unpause the queue': once('pause queue', 'unpause queue'),
  freeze: words(() => 'freeze incident'),
  unfreeze: once('freeze incident', 'unfreeze'),
  accept: words(({ accept }) => accept),
  unaccept: words(() => 'unaccept sweep'),
  'schedule make': words(() => 'schedule backup "0 3 * * *" UTC'),
  'schedule pause': words(() => 'schedule pause report'),
  'schedule resume': words(() => 'schedule resume report-2'),
  'schedule skip': words(() => 'schedule skip report'),
  'schedule snooze': words(() => 'schedule snooze report 2h'),
  'schedule drop': words(() => 'schedule drop report'),
  link: words(() => 'link'),
  admit: words(({ code }) => `admit ${code} viewer`),
  revoke: words(() => 'revoke Gus'),
  "unlink somebody's": words(() => 'unlink telegram:79'),
  people: words(() => 'people', /Gus.*telegram:77/s),
  'replay a run': words(({ runLetter }) => `deadletters replay ${runLetter}`),
  'drop a run': words(({ runLetter }) => `deadletters drop ${runLetter} by hand`),
  'replay a message': words(({ mailLetter }) => `deadletters replay ${mailLetter}`),
  'drop a message': words(({ mailLetter }) => `deadletters drop ${mailLetter} by hand`),
};

export const BUTTONS: Readonly<Record<string, Action>> = {
  '[Approve]': button('ap', 'waits'),
  "[Approve] a dba's": button('ap', 'vault'),
  '[Deny]': button('dn', 'waits'),
  '[Start now]': button('rs', 'heavy'),
  '[Cancel]': button('cx', 'waits'),
  '[Recover]': button('rc', 'failed'),
  '[Run again]': button('ra', 'failed'),
  '[Details]': { ...button('dt', 'waits'), shows: /who may decide/ },
  '[Log]': { ...button('lg', 'failed'), shows: /dump orders/ },
  '[Pause schedule]': { does: () => ({ verb: 'sp', of: 'report' }) },
};
