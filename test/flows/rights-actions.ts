import type { Deed, Scene } from './rights-scene.ts';

// Everything that somebody could try there.

export interface Action {
  readonly does: (scene: Scene) => Deed;
  /** For what only reads: what nobody is told who may not. */
  readonly shows?: RegExp;
}

const words = (line: (scene: Scene) => string, shows?: RegExp): Action => ({
  does: line,
  ...(shows === undefined ? {} : { shows }),
});
const button = (verb: 'ap' | 'dn' | 'rs' | 'cx' | 'rc' | 'ra', of: keyof Scene): Action => ({
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
  'gates flip': words(() => 'gates close queue.retry.enabled'),
  'pause a job': words(() => 'pause backup'),
  'unpause a job': words(() => 'unpause restart-web'),
  'pause the queue': words(() => 'pause queue'),
  'schedule make': words(() => 'schedule backup "0 3 * * *" UTC'),
  'schedule pause': words(() => 'schedule pause report'),
  'schedule drop': words(() => 'schedule drop report'),
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
  '[Pause schedule]': { does: () => ({ verb: 'sp', of: 'report' }) },
};
