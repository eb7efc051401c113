import { diffSpecs } from './diff.ts';
import { type JobSpec, plainSpec } from './job.ts';

/** Who may ask, who decides and how many of them, and what else has to hold before something starts. */
const GOVERNING = [
  'approval.approvers',
  'approval.needs',
  'approval.policy',
  'approval.quorum',
  'approval.self',
  'heavy',
  'requesters',
  'window',
] as const;

const DEFAULTS = plainSpec({ title: '', target: { kind: 'demo' } });

/**
 * What of a definition only an owner may write, by path: every governing setting that differs from the version that
 * stands, or from the defaults where there is none yet. Whether it is looser or stricter is not asked: roles overlap, so
 * nobody could trust the answer.
 */
export const ownersSettings = (spec: JobSpec, present: JobSpec = DEFAULTS): readonly string[] =>
  diffSpecs(present, spec)
    .map(({ path }) => path)
    .filter((path) => GOVERNING.some((one) => path === one || path.startsWith(`${one}.`)));
