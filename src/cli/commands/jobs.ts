import type { JobSpec, JobVersion } from '../../core/jobs/job.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';

/** `textops jobs`: what can be run, as the database has it. */
export const jobs = async ({ voice, withStore }: CliContext): Promise<ExitCode> => {
  const found = await withStore((store) => store.catalog.list());
  if (voice.json) {
    voice.document('jobs', found.map(jobDocument));
    return EXIT.done;
  }
  voice.table(['JOB', 'VERSION', 'FROM', 'RUNS', 'APPROVAL', 'TITLE'], found.map(jobRow));
  if (found.length === 0) voice.talk('No jobs yet: "textops start" brings them in from the configuration.');
  return EXIT.done;
};

const jobRow = ({ key, version, source, spec }: JobVersion) => [
  key,
  String(version),
  source,
  `${spec.target.kind}${spec.heavy ? ', heavy' : ''}`,
  approvalWords(spec),
  spec.title,
];

/** `required`, `2 of role:approver`, `never` */
export const approvalWords = ({ approval }: JobSpec): string => {
  if (approval.policy === 'never') return 'never';
  const needs = approval.needs.map(({ role, count }) => `${count} role:${role}`);
  const people = approval.approvers.length === 0 ? 'nobody' : approval.approvers.join(' or ');
  return [`${approval.quorum} of ${people}`, ...needs].join(', with ');
};

const jobDocument = ({ key, version, source, spec }: JobVersion) => ({
  key,
  version,
  source,
  title: spec.title,
  kind: spec.target.kind,
  heavy: spec.heavy,
  params: spec.params,
  approval: {
    policy: spec.approval.policy,
    quorum: spec.approval.quorum,
    approvers: spec.approval.approvers,
  },
  requesters: spec.requesters,
  timeoutSeconds: spec.timeoutMs / 1000,
});
