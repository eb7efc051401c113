import type { ButtonPress, ButtonToken } from '../../core/ports/channel.ts';
import type { Action } from '../../core/text/cards/rich.ts';
import { actionData, readActionData } from '../action-data.ts';

/** What Slack takes behind a button. */
const VALUE_MAX = 2000;

export const buttonValue = (action: Action, token: ButtonToken): string | undefined =>
  actionData(action, token, VALUE_MAX);

/** What does not parse is a button that does nothing. */
export const readButtonValue = (value: string | undefined): Omit<ButtonPress, 'pressId'> =>
  readActionData(value, VALUE_MAX);
