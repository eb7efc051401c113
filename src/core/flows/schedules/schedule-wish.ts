import type { Intent } from '../../text/grammar/intent.ts';
import type { Heard, Rooms, Text } from '../messages/heard.ts';
import type { Amendment } from '../runs/amend.ts';
import { minutesLate } from '../runs/request-run.ts';
import { makeSchedule } from './make-schedule.ts';
import { refused, steerSchedule } from './steer-schedule.ts';

/** "The next one" and "from now on" mean the moment of writing, so a wish that waited for us is wished again. */
export const scheduleWish = (
  rooms: Rooms,
  heard: Heard<Text>,
  intent: Extract<Intent, { type: 'MakeSchedule' | 'SteerSchedule' }>,
): (() => Promise<Amendment>) => {
  const { inbound, person } = heard;
  const minutes = minutesLate(heard);
  if (minutes !== undefined) return async () => refused({ why: 'stale_request', minutes });
  const by = { person, identity: inbound.from.identity };
  if (intent.type === 'SteerSchedule') return steerSchedule(rooms, { ...intent, by });
  const { job: jobKey, cron, timezone = person.timezone ?? 'UTC', args } = intent;
  const chat = inbound.address;
  return makeSchedule(rooms, { jobKey, cron, timezone, args, chat, overlap: 'skip', source: 'chat', by });
};
