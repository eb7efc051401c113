import type { Address } from '../../core/ports/channel.ts';

export const CHANNEL = 'sms';

/** With country code, as Twilio writes it. */
export const PHONE_NUMBER = /^\+[1-9]\d{6,14}$/;

/** A number is a conversation of one person, so it is their identity as well. */
export const addressOf = (number: string): Address => `${CHANNEL}:${number}`;

/** Undefined for an address of another channel. */
export const numberOf = (address: Address): string | undefined => {
  const number = address.startsWith(`${CHANNEL}:`) ? address.slice(CHANNEL.length + 1) : '';
  return PHONE_NUMBER.test(number) ? number : undefined;
};
