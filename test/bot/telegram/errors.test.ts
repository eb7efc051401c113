import { inspect } from 'node:util';
import { GrammyError, HttpError } from 'grammy';
import { describe, expect, it } from 'vitest';
import { falloutOf, describe as inWords } from '../../../src/bot/telegram/errors.ts';

const TOKEN = '7000000001:AAFakeTelegramTokenForTests_0123456';

const answer = (error_code: number, description: string, parameters: object = {}): GrammyError =>
  new GrammyError('call failed', { ok: false, error_code, description, parameters }, 'sendMessage', {});

const lost = (code: string): HttpError => {
  const inner = new Error(
    `request to https://api.telegram.org/bot${TOKEN}/sendMessage failed, reason: ${code}`,
  );
  return new HttpError("Network request for 'sendMessage' failed!", Object.assign(inner, { code }));
};

const dead = { k: 'dead', suspend: false };
const suspended = { k: 'dead', suspend: true };

describe('what Telegram answers, and what becomes of the message', () => {
  it.each<[number, string, object, object]>([
    [429, 'Too Many Requests: retry after 7', { retry_after: 7 }, { k: 'pause', ms: 7000, scope: 'lane' }],
    [429, 'Too Many Requests', {}, { k: 'pause', ms: 1000, scope: 'lane' }],
    [
      400,
      'Bad Request: group chat was upgraded to a supergroup chat',
      { migrate_to_chat_id: -1009 },
      { k: 'readdress', to: 'telegram:-1009' },
    ],
    [400, "Bad Request: can't parse entities: Unclosed start tag", {}, { k: 'as_plain' }],
    [400, 'Bad Request: message thread not found', {}, { k: 'to_general' }],
    [400, 'Bad Request: TOPIC_CLOSED', {}, { k: 'to_general' }],
    [400, 'Bad Request: TOPIC_DELETED', {}, { k: 'to_general' }],
    [400, 'Bad Request: chat not found', {}, dead],
    [400, 'Bad Request: message is too long', {}, dead],
    [400, 'Bad Request: message to edit not found', {}, dead],
    [400, 'Bad Request: BUTTON_DATA_INVALID', {}, dead],
    [403, 'Forbidden: bot was blocked by the user', {}, suspended],
    [403, 'Forbidden: bot was kicked from the supergroup chat', {}, suspended],
    [403, 'Forbidden: user is deactivated', {}, suspended],
    [401, 'Unauthorized', {}, { k: 'pause', scope: 'all' }],
    [404, 'Not Found', {}, { k: 'pause', scope: 'all' }],
    [500, 'Internal Server Error', {}, { k: 'retry', ambiguous: false }],
    [502, 'Bad Gateway', {}, { k: 'retry', ambiguous: false }],
  ])('%i %s', (code, description, parameters, expected) => {
    expect(falloutOf(answer(code, description, parameters), undefined)).toMatchObject(expected);
  });

  it.each<[string, object]>([
    ['Bad Request: message is not modified: specified new message content', { k: 'sent', messageId: '501' }],
    ['Bad Request: message to edit not found', { k: 'resend_new' }],
    ["Bad Request: message can't be edited", { k: 'resend_new' }],
    ['Bad Request: there is no text in the message to edit', { k: 'resend_new' }],
    ['Bad Request: chat not found', dead],
  ])('of an edit: %s', (description, expected) => {
    expect(falloutOf(answer(400, description), '501')).toMatchObject(expected);
  });
});

describe('no answer', () => {
  it.each(['ECONNRESET', 'ETIMEDOUT', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT'])(
    '%s: the message may have arrived; an edit may simply be repeated',
    (code) => {
      expect(falloutOf(lost(code), undefined)).toMatchObject({ k: 'retry', ambiguous: true });
      expect(falloutOf(lost(code), '501')).toMatchObject({ k: 'retry', ambiguous: false });
    },
  );

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED'])(
    '%s: nothing was sent, so it is no attempt',
    (code) => {
      expect(falloutOf(lost(code), undefined)).toEqual({ k: 'pause', ms: 5000, scope: 'all' });
    },
  );

  it('an interrupted call, or something that is no error at all', () => {
    const aborted = new HttpError('failed', new DOMException('aborted', 'AbortError'));
    expect(falloutOf(aborted, undefined)).toEqual({
      k: 'retry',
      ambiguous: true,
      reason: 'no answer from Telegram (AbortError)',
    });
    expect(falloutOf('boom', undefined)).toMatchObject({ k: 'retry', ambiguous: true, reason: 'boom' });
  });
});

describe('words about an error', () => {
  it('never hold the token, though the error object does', () => {
    const error = lost('ECONNRESET');
    expect(inspect(error)).toContain(TOKEN);
    expect(inWords(error)).toBe('no answer from Telegram (ECONNRESET)');
    expect(inWords(new Error(`https://api.telegram.org/bot${TOKEN}/x`))).not.toContain('AAFake');
    expect(inWords(answer(400, `Bad Request: ${TOKEN}`))).toBe('400 Bad Request: ***');
    expect(inWords(`text ${TOKEN}`)).toBe('text ***');
  });
});
