import type { JobSpec, Target } from '../../jobs/job.ts';
import type { Fingerprint } from '../../ports/executor.ts';

/** The bytes behind everything that a job may run: its target, and the dry run that people look at. */
export const filesOf = async (
  { fingerprint }: { readonly fingerprint: Fingerprint },
  { target, preview }: Pick<JobSpec, 'target' | 'preview'>,
): Promise<Readonly<Record<string, string>>> => ({
  ...(preview === undefined ? {} : await fingerprint(dryRunTarget(target, preview))),
  ...(await fingerprint(target)),
});

/** A dry run has the folder and the environment of its job. */
export const dryRunTarget = (target: Target, preview: readonly string[]): Target =>
  target.kind === 'command'
    ? { ...target, command: preview }
    : { kind: 'command', command: preview, env: [] };
