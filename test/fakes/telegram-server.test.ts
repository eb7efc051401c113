import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { call, idOf, ids, poll, start, updatesOf, withAda } from './telegram/harness.ts';

describe('the update queue', () => {
  it('confirms below the offset on arrival and reads from the head for zero', async () => {
    const { fake, ada } = await withAda();
    for (const text of ['a', 'b', 'c']) ada.tells(text);
    expect(ids(await poll(fake, 0))).toEqual([100, 101, 102]);
    expect(ids(await poll(fake, 0, { limit: 2 }))).toEqual([100, 101]);
    expect(ids(await poll(fake, 102))).toEqual([102]);
    expect(ids(await poll(fake, 0))).toEqual([102]);
    expect(fake.confirmedUpdateIds()).toEqual([100, 101]);
  });

  it('keeps only the newest for a negative offset and falls back to the head when out of range', async () => {
    const { fake, ada } = await withAda();
    for (const text of ['a', 'b', 'c']) ada.tells(text);
    expect(ids(await poll(fake, 100_000))).toEqual([100, 101, 102]);
    expect(ids(await poll(fake, -1))).toEqual([102]);
    expect(ids(await poll(fake, 0))).toEqual([102]);
  });

  it('goes on at any number after a jump, and a stale offset loses nothing', async () => {
    const { fake, ada } = await withAda({ firstUpdateId: 90_000 });
    fake.jumpUpdateId(500);
    ada.tells('after a quiet week');
    expect(ids(await poll(fake, 90_000))).toEqual([500]);
    expect(() => fake.jumpUpdateId(1)).toThrow('empty queue');
  });

  it('filters new updates by allowed_updates, which stays until it is changed', async () => {
    const { fake, ada, send } = await withAda();
    const markup = { inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] };
    const id = idOf(await send('?', { reply_markup: markup }));
    await poll(fake, 0, { allowed_updates: ['callback_query'] });
    await poll(fake, 0);
    ada.tells('unheard');
    ada.presses(id, 'Yes');
    expect(updatesOf(await poll(fake, 0)).map((update) => update.callback_query?.data)).toEqual(['y']);
    await poll(fake, 0, { allowed_updates: [] });
    ada.tells('heard');
    expect(updatesOf(await poll(fake, 0)).at(-1)?.message?.text).toBe('heard');
  });

  it('forgets what nobody fetched for a day', async () => {
    let now = 0;
    const { fake, ada } = await withAda({ now: () => now });
    ada.tells('old');
    now = 24 * 60 * 60 * 1000 + 1;
    ada.tells('new');
    expect(ids(await poll(fake, 0))).toEqual([101]);
  });
});

describe('the long poll', () => {
  it('is held until an update arrives, or until its time is over', async () => {
    const { fake, ada } = await withAda();
    const held = poll(fake, 0, { timeout: 30 });
    await fake.waitFor(() => fake.isPolled());
    ada.tells('hello');
    ada.tells('again');
    expect(ids(await held)).toEqual([100, 101]);
    const before = performance.now();
    expect(ids(await poll(fake, 102, { timeout: 1 }))).toEqual([]);
    expect(performance.now() - before).toBeGreaterThan(900);
  });

  it('loses nothing when the client hangs up', async () => {
    const { fake, ada } = await withAda();
    const abort = new AbortController();
    const held = call(fake, 'getUpdates', { timeout: 30 }, abort.signal);
    await fake.waitFor(() => fake.isPolled());
    abort.abort();
    await expect(held).rejects.toThrow('aborted');
    await fake.waitFor(() => !fake.isPolled());
    ada.tells('still here');
    expect(ids(await poll(fake, 0))).toEqual([100]);
  });

  it('lets the second poller kill the first', async () => {
    const { fake, ada } = await withAda();
    const first = poll(fake, 0, { timeout: 30 });
    await fake.waitFor(() => fake.isPolled());
    const second = poll(fake, 0, { timeout: 30 });
    expect(await first).toEqual({
      ok: false,
      error_code: 409,
      description:
        'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
    });
    ada.tells('for the second');
    expect(ids(await second)).toEqual([100]);
  });

  it('answers a repeated conflict three seconds late', async () => {
    const { fake } = await withAda({ quirks: true });
    await call(fake, 'setWebhook', { url: 'https://bot.example/hook' });
    const before = performance.now();
    await poll(fake, 0);
    expect(performance.now() - before).toBeLessThan(2000);
    expect((await poll(fake, 0)).error_code).toBe(409);
    expect(performance.now() - before).toBeGreaterThan(2900);
  });

  it('brakes who asks the same again at once, and only with quirks on', async () => {
    const { fake, ada } = await withAda({ quirks: true });
    ada.tells('a');
    ada.tells('b');
    expect(ids(await poll(fake, 0))).toEqual([100, 101]);
    expect(ids(await poll(fake, 0))).toEqual([100]);
    expect(ids(await poll(fake, 102))).toEqual([]);
    const braked = poll(fake, 102);
    await fake.waitFor(() => fake.isPolled());
    ada.tells('c');
    expect(ids(await braked)).toEqual([102]);
  });
});

describe('the webhook', () => {
  it('excludes polling, carries the secret and comes again until it is answered well', async () => {
    const { fake, ada } = await withAda({ webhookRetryMs: 5 });
    const seen: { secret: unknown; body: string }[] = [];
    const hook = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        seen.push({ secret: request.headers['x-telegram-bot-api-secret-token'], body });
        response.writeHead(seen.length === 1 ? 500 : 200).end();
      });
    });
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook`;
    const held = poll(fake, 0, { timeout: 30 });
    await fake.waitFor(() => fake.isPolled());
    expect(await call(fake, 'setWebhook', { url, secret_token: 'open-sesame' })).toMatchObject({ ok: true });
    expect((await held).description).toBe('Conflict: terminated by setWebhook request');
    expect(await poll(fake, 0)).toMatchObject({
      error_code: 409,
      description:
        "Conflict: can't use getUpdates method while webhook is active; " +
        'use deleteWebhook to delete the webhook first',
    });
    ada.tells('knock');
    await fake.waitFor(() => fake.confirmedUpdateIds().length === 1);
    expect(seen.map(({ secret }) => secret)).toEqual(['open-sesame', 'open-sesame']);
    expect(JSON.parse(seen[1]?.body ?? '')).toMatchObject({ update_id: 100, message: { text: 'knock' } });
    const info = await call(fake, 'getWebhookInfo');
    expect(info.result).toMatchObject({ url, last_error_message: expect.stringContaining('500') });
    await call(fake, 'deleteWebhook');
    expect(ids(await poll(fake, 0))).toEqual([]);
    hook.close();
    hook.closeAllConnections();
  });

  it('wants HTTPS elsewhere and a plain secret', async () => {
    const fake = await start();
    expect((await call(fake, 'setWebhook', { url: 'http://example.com/x' })).description).toBe(
      'Bad Request: bad webhook: An HTTPS URL must be provided for webhook',
    );
    expect(
      (await call(fake, 'setWebhook', { url: 'https://x.example', secret_token: 'a b' })).description,
    ).toBe('Bad Request: secret token contains unallowed characters');
  });
});

describe('bodies and names', () => {
  it('reads JSON, forms, multipart and the query string, and any case of the method', async () => {
    const { fake } = await withAda();
    const root = `${fake.url}/bot${fake.token}`;
    const form = new URLSearchParams({ chat_id: '42', text: 'form', reply_markup: '{"inline_keyboard":[]}' });
    await fetch(`${root}/sendMessage`, { method: 'POST', body: form });
    const multipart = new FormData();
    multipart.append('chat_id', '42');
    multipart.append('caption', 'log');
    multipart.append('document', new File(['line 1\r\nline 2'], 'run.log', { type: 'text/plain' }));
    await fetch(`${root}/senddocument`, { method: 'POST', body: multipart });
    await fetch(`${root}/SENDMESSAGE?chat_id=42&text=query`);
    const seen = fake.messages(42);
    expect(seen.map(({ text }) => text)).toEqual(['form', 'log', 'query']);
    expect(seen[1]?.file).toEqual({
      fileName: 'run.log',
      contentType: 'text/plain',
      size: 14,
      content: 'line 1\r\nline 2',
    });
  });

  it('answers a wrong token, an unknown method and broken JSON like Telegram', async () => {
    const fake = await start();
    const wrong = await fetch(`${fake.url}/bot1:x/getMe`);
    expect([wrong.status, await wrong.json()]).toEqual([
      401,
      { ok: false, error_code: 401, description: 'Unauthorized' },
    ]);
    expect(await call(fake, 'fly')).toEqual({
      ok: false,
      error_code: 404,
      description: 'Not Found: method not found',
    });
    expect(await call(fake, 'getMe')).toMatchObject({ result: { is_bot: true, username: 'textops_bot' } });
  });
});
