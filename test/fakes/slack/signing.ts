import { createHmac } from 'node:crypto';

export interface SignedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request as Slack signs it; its own implementation, so that ours is not held against itself. */
export const sign = (
  secret: string,
  path: string,
  body: string,
  { type, at = Date.now() }: { readonly type: string; readonly at?: number },
): SignedRequest => {
  const timestamp = String(Math.floor(at / 1000));
  const hash = createHmac('sha256', secret).update(['v0', timestamp, body].join(':'));
  return {
    path,
    body,
    headers: {
      'content-type': type,
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${hash.digest('hex')}`,
    },
  };
};

export const JSON_TYPE = 'application/json';
export const FORM_TYPE = 'application/x-www-form-urlencoded';

/** The request of each of the three doors, for what an envelope of a socket would carry. */
export const requestFor = (
  secret: string,
  { type, payload }: { readonly type: string; readonly payload: object },
  at = Date.now(),
): SignedRequest => {
  if (type === 'events_api') {
    return sign(secret, '/webhooks/slack', JSON.stringify(payload), { type: JSON_TYPE, at });
  }
  if (type === 'slash_commands') {
    // Every field of a command is text.
    const form = new URLSearchParams(payload as Record<string, string>).toString();
    return sign(secret, '/webhooks/slack/command', form, { type: FORM_TYPE, at });
  }
  const form = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  return sign(secret, '/webhooks/slack/interactive', form, { type: FORM_TYPE, at });
};
