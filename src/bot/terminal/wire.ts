import type { ButtonPress, ButtonToken, Inbound } from '../../core/ports/channel.ts';
import type { Action } from '../../core/text/cards/rich.ts';

/** The one conversation of a terminal. */
export const TERMINAL_ADDRESS = 'terminal:chat';

interface Base {
  readonly seat: string;
  readonly eventKey: string;
  readonly sentAtMs: number;
}

/** A typed line as a message. Somebody alone at a terminal is always speaking to the bot. */
export const textOf = (base: Base, text: string): Inbound => ({
  ...spokenBy(base),
  kind: 'text',
  text,
  addressed: true,
  messageId: base.eventKey,
});

/** A typed number as the button it stands for, with the token that makes the button count. */
export const pressOf = (
  base: Base,
  button: { readonly messageId: string; readonly action: Action },
  buttonToken: ButtonToken,
): Inbound => ({
  ...spokenBy(base),
  kind: 'button',
  press: { ...meaningOf(button.action, buttonToken), pressId: base.eventKey },
  messageId: button.messageId,
});

const spokenBy = ({ seat, eventKey, sentAtMs }: Base) =>
  ({
    channel: 'terminal',
    account: 'local',
    eventKey,
    address: TERMINAL_ADDRESS,
    lane: TERMINAL_ADDRESS,
    sentAtMs,
    from: { identity: `dev:${seat}`, name: seat },
    chat: 'private',
  }) as const;

/** What a press of this button says. */
export const meaningOf = (
  { verb, runId, bound, argument }: Action,
  buttonToken: ButtonToken,
): Omit<ButtonPress, 'pressId'> => ({
  verb,
  ...(runId === undefined ? {} : { runId }),
  ...(runId === undefined || bound === undefined ? {} : { token: buttonToken({ verb, runId, ...bound }) }),
  ...(argument === undefined ? {} : { argument }),
});
