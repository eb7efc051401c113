import { shortDuration } from '../../time/duration.ts';
import type { Instant } from '../../time/instant.ts';
import { zonedMoment } from '../../time/zoned.ts';
import { quoted } from '../cards/run-words.ts';

/** Every no about a schedule. `why` is the stable code, shown by HTTP and the dev door. Nothing was changed. */
export type ScheduleRefusal =
  | { readonly why: 'schedule_needed'; readonly verb: string }
  /** `hidden`: it is there, and whoever asks must not learn so. */
  | { readonly why: 'unknown_schedule'; readonly key: string; readonly near?: string; readonly hidden?: true }
  | { readonly why: 'schedule_of_file'; readonly key: string }
  | { readonly why: 'may_not_schedule'; readonly jobKey: string }
  | { readonly why: 'may_not_steer_schedule'; readonly key: string }
  | { readonly why: 'unknown_job'; readonly jobKey: string; readonly near?: string; readonly hidden?: true }
  | { readonly why: 'cron_needed'; readonly jobKey: string }
  | { readonly why: 'bad_cron' | 'unknown_timezone' | 'never_fires' | 'too_often'; readonly words: string }
  | { readonly why: 'invalid_params'; readonly problems: readonly string[] }
  | { readonly why: 'schedule_exists'; readonly key: string; readonly same: 'name' | 'definition' }
  | { readonly why: 'escalates_too_late'; readonly decideByMs: number }
  | { readonly why: 'unknown_recipient'; readonly to: string; readonly near?: string }
  | { readonly why: 'too_many_schedules'; readonly jobKey: string; readonly max: number }
  | {
      readonly why: 'already_paused' | 'not_paused' | 'schedule_paused' | 'never_again';
      readonly key: string;
    }
  | { readonly why: 'bad_duration'; readonly key: string; readonly given: string }
  | {
      readonly why: 'snooze_too_long';
      readonly key: string;
      readonly timezone: string;
      readonly until: Instant;
      readonly following: Instant;
    }
  | { readonly why: 'stale_request'; readonly minutes: number };

export const SCHEDULE_REFUSALS: readonly ScheduleRefusal['why'][] = [
  'schedule_needed',
  'unknown_schedule',
  'schedule_of_file',
  'may_not_schedule',
  'may_not_steer_schedule',
  'unknown_job',
  'cron_needed',
  'bad_cron',
  'unknown_timezone',
  'never_fires',
  'too_often',
  'invalid_params',
  'schedule_exists',
  'escalates_too_late',
  'unknown_recipient',
  'too_many_schedules',
  'already_paused',
  'not_paused',
  'schedule_paused',
  'never_again',
  'bad_duration',
  'snooze_too_long',
  'stale_request',
];

/** Why not, in one sentence or two for the person who wished it. */
export const scheduleRefusal = (refusal: ScheduleRefusal): string => {
  switch (refusal.why) {
    case 'schedule_needed':
      return `Which schedule? Try: schedule ${refusal.verb} nightly${refusal.verb === 'snooze' ? ' 2h' : ''}. See /schedules`;
    case 'unknown_schedule':
      return `No schedule called ${quoted(refusal.key)}.${hint(refusal.near, '/schedules')}`;
    case 'unknown_job':
      return `No job called ${quoted(refusal.jobKey)}.${hint(refusal.near, '/jobs')}`;
    case 'schedule_of_file':
      return `The schedule ${quoted(refusal.key)} comes from the file and is changed only there. Nothing changed.`;
    case 'may_not_schedule':
      return `You may not schedule ${refusal.jobKey}: that takes an operator who may ask for it. Nothing changed.`;
    case 'may_not_steer_schedule':
      return `You may not change the schedule ${refusal.key}. Nothing changed.`;
    case 'cron_needed':
      return `When? Write minute, hour, day, month, weekday in quotes: schedule ${refusal.jobKey} "0 2 * * *" Europe/Berlin`;
    case 'bad_cron':
    case 'unknown_timezone':
    case 'never_fires':
    case 'too_often':
      return `${refusal.words}${refusal.words.endsWith('?') ? '' : '.'} Nothing changed.`;
    case 'invalid_params':
      return `${refusal.problems.join(' ')} Nothing changed.`;
    case 'schedule_exists':
      return refusal.same === 'definition'
        ? `The schedule ${quoted(refusal.key)} does that already. Nothing changed.`
        : `The schedule ${quoted(refusal.key)} exists already. Nothing changed.`;
    case 'escalates_too_late':
      return `escalate.after must be shorter than decideBy ${shortDuration(refusal.decideByMs)}. Nothing changed.`;
    case 'unknown_recipient':
      return refusal.near === undefined
        ? `There is no person called ${quoted(refusal.to)} who could be asked. Nothing changed.`
        : `There is no person called ${quoted(refusal.to)}. Did you mean ${quoted(refusal.near)}?`;
    case 'too_many_schedules':
      return `${refusal.jobKey} has ${refusal.max} schedules already. Nothing changed.`;
    case 'already_paused':
      return `${refusal.key} is paused already.`;
    case 'not_paused':
      return `${refusal.key} is not paused.`;
    case 'schedule_paused':
      return `${refusal.key} is paused, so nothing of it comes. First: /schedule resume ${refusal.key}`;
    case 'never_again':
      return `${refusal.key} comes never again, so there is nothing to skip or put off.`;
    case 'bad_duration':
      return `${refusal.given === '' ? 'Until when?' : `${quoted(refusal.given)} is not a duration from 1m to 30d.`} Try: schedule snooze ${refusal.key} 2h`;
    case 'snooze_too_long': {
      const { key, timezone, until, following } = refusal;
      const [late, next] = [until, following].map((at) => zonedMoment(at, timezone));
      return `${key} would be asked for ${late}, but the next one comes ${next} ${timezone}. Snooze it for less, or: /schedule skip ${key}`;
    }
    case 'stale_request':
      return `I was away when you wrote this ${refusal.minutes} min ago, so I did nothing. Send it again.`;
  }
};

const hint = (near: string | undefined, list: string): string =>
  near === undefined ? ` See ${list}` : ` Did you mean ${quoted(near)}?`;
