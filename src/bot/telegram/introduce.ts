import type { Api } from 'grammy';
import type { BotCommand } from 'grammy/types';
import type { Observe } from '../../core/ports/observe.ts';
import { RETRIES } from '../../core/time/retries.ts';
import type { BotSelf } from './addressed.ts';
import { type ClientSignal, clientSignal } from './client.ts';
import { describe } from './errors.ts';

/** Before the first poll: no webhook may be in the way, and we have to know our own name. */
export const introduce = async (api: Api, observe: Observe, stopping: AbortSignal): Promise<BotSelf> => {
  // What waits at Telegram was written by people; it is never dropped.
  await api.deleteWebhook({ drop_pending_updates: false }, limited(stopping));
  const self = await whoAmI(api, stopping);
  await showMenus(api, observe, stopping);
  observe({ kind: 'started', what: `telegram @${self.username}` });
  return self;
};

export const whoAmI = async (api: Api, stopping: AbortSignal): Promise<BotSelf> => {
  const { id, username } = await api.getMe(limited(stopping));
  return { id, username };
};

/** Menus are a convenience; every command works without. */
export const showMenus = async (api: Api, observe: Observe, stopping: AbortSignal): Promise<void> => {
  try {
    await api.setMyCommands(PRIVATE, { scope: { type: 'all_private_chats' } }, limited(stopping));
    await api.setMyCommands(GROUP, { scope: { type: 'all_group_chats' } }, limited(stopping));
  } catch (error) {
    observe({ kind: 'loop_faulted', loop: 'telegram menu', error: new Error(describe(error)) });
  }
};

/** Nobody waits for an answer longer than this, nor after the stop. */
export const limited = (stopping: AbortSignal): ClientSignal =>
  clientSignal(AbortSignal.any([stopping, AbortSignal.timeout(RETRIES.polling.tryMsMax)]));

const command = (name: string, description: string): BotCommand => ({ command: name, description });

const GROUP: BotCommand[] = [
  command('run', 'Ask for a run: /run JOB name=value'),
  command('yes', 'Approve a run: /yes ID'),
  command('no', 'Deny a run: /no ID reason'),
  command('status', 'What a run does now: /status ID'),
  command('cancel', 'Stop a run: /cancel ID'),
  command('jobs', 'What you may run'),
  command('schedules', 'What is asked for by the clock'),
  command('runs', 'The latest runs'),
  command('ops', 'Is everything all right?'),
  command('help', 'All commands'),
];

const PRIVATE: BotCommand[] = [
  ...GROUP,
  command('log', 'The end of a run’s output: /log ID'),
  command('why', 'Who decided what: /why ID'),
  command('summary', 'A run in one line: /summary ID'),
  command('resume', 'Start an approved heavy run: /resume ID'),
  command('recover', 'Run again what was lost: /recover ID'),
  command('whoami', 'Who you are here, and what you may do'),
  command('link', 'A code for an owner, or for a second account'),
];
