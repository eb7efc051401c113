import type { Instant } from '../time/instant.ts';
import type { Gate } from './command.ts';
import type { Freeze } from './freeze.ts';
import type { RunStatus } from './run.ts';

/** Every no of the rules. `why` is the stable code, shown by HTTP and the command line; words come from `text/say.ts`. */
export type Refusal =
  | { readonly why: 'unknown_run' }
  | { readonly why: 'run_exists' }
  | { readonly why: 'only_people_decide' }
  | { readonly why: 'only_workers_report' }
  | { readonly why: 'may_not_request' }
  | { readonly why: 'may_not_decide' }
  | { readonly why: 'may_not_steer' }
  | { readonly why: 'requester_cannot_approve' }
  | { readonly why: 'heavy_not_by_sms' }
  /** The button was shown for an earlier epoch, or for other bytes. */
  | { readonly why: 'out_of_date' }
  /** The yes was written before the question that it would answer. */
  | { readonly why: 'wrote_before' }
  | { readonly why: 'already_voted'; readonly votedAt: Instant }
  | { readonly why: 'already_decided'; readonly status: RunStatus }
  /** Nobody has seen yet what it would do. */
  | { readonly why: 'preview_pending' }
  /** The answer is to a question that the run has asked anew since. */
  | { readonly why: 'asked_anew' }
  | { readonly why: 'not_approved_yet' }
  | { readonly why: 'not_heavy' }
  | { readonly why: 'already_started'; readonly status: RunStatus }
  | { readonly why: 'gates_unmet'; readonly gates: readonly Gate[] }
  | { readonly why: 'already_over'; readonly status: RunStatus }
  | { readonly why: 'not_recoverable'; readonly status: RunStatus }
  | { readonly why: 'not_due' }
  | { readonly why: 'not_dispatched'; readonly status: RunStatus }
  /** The gate of the queue is closed: what would dispatch the run changes nothing at all. */
  | { readonly why: 'job_substrate_disabled' }
  /** Everything stands still until somebody unfreezes it. */
  | ({ readonly why: 'frozen' } & Freeze)
  /** Another owner has taken over since; the report comes too late. */
  | { readonly why: 'superseded'; readonly fence: number };

export const REFUSALS: readonly Refusal['why'][] = [
  'unknown_run',
  'run_exists',
  'only_people_decide',
  'only_workers_report',
  'may_not_request',
  'may_not_decide',
  'may_not_steer',
  'requester_cannot_approve',
  'heavy_not_by_sms',
  'out_of_date',
  'wrote_before',
  'already_voted',
  'already_decided',
  'preview_pending',
  'asked_anew',
  'not_approved_yet',
  'not_heavy',
  'already_started',
  'gates_unmet',
  'already_over',
  'not_recoverable',
  'not_due',
  'not_dispatched',
  'job_substrate_disabled',
  'frozen',
  'superseded',
];
