import type { ButtonPress, ButtonToken } from '../../core/ports/channel.ts';
import type { Action } from '../../core/text/cards/rich.ts';
import { actionData, readActionData } from '../action-data.ts';

/** Telegram counts bytes, not characters. */
const BYTES_MAX = 64;

/** Undefined when it does not fit behind a button. */
export const callbackData = (action: Action, token: ButtonToken): string | undefined =>
  actionData(action, token, BYTES_MAX);

/** A modified client sends whatever it likes: what does not parse is a button that does nothing. */
export const readCallbackData = (data: string | undefined): Omit<ButtonPress, 'pressId'> =>
  readActionData(data, BYTES_MAX);
