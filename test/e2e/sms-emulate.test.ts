import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { createEmulator, type Emulator } from 'emulate';
import { expect, onTestFinished, test } from 'vitest';
import { freshFolder, runThatIs, startProgram, until } from './program.ts';
import { ANA, BOB, SMS_YAML } from './sms-town.ts';

// Against a Twilio that nobody of this project wrote: its signatures, its forms, its receipts.

const ACCOUNT = `AC${'0'.repeat(32)}`;
const TOKEN = 'twilio_test_auth_token';
const NUMBER = '+15551234567';

interface Message {
  readonly sid: string;
  readonly to: string;
  readonly body: string;
  readonly direction: string;
}

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  // A listening TCP server has an address object; only pipes have text.
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  return port;
};

const wire = (emulator: Emulator) => {
  const authorization = `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString('base64')}`;
  const call = async (path: string, form?: Readonly<Record<string, string>>): Promise<unknown> => {
    const response = await fetch(`${emulator.url}${path}`, {
      headers: { authorization },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  };
  return {
    texts: (from: string, body: string) =>
      call('/_twilio/simulate/inbound-message', { To: NUMBER, From: from, Body: body }),
    reports: (sid: string, status: string) =>
      call('/_twilio/simulate/message-status', { MessageSid: sid, Status: status }),
    hears: (number: string, pattern: RegExp): Promise<Message> =>
      until(async () => {
        // The shape is that of Twilio's list of messages.
        const page = (await call(`/2010-04-01/Accounts/${ACCOUNT}/Messages.json`)) as {
          readonly messages: readonly Message[];
        };
        return page.messages.find(({ to, body }) => to === number && pattern.test(body));
      }, 15_000),
  };
};

test('a run is asked for, approved and told by text', async () => {
  const [port, twilioPort] = [await freePort(), await freePort()];
  const publicUrl = `http://127.0.0.1:${port}`;
  const emulator = await createEmulator({
    service: 'twilio',
    port: twilioPort,
    seed: {
      twilio: {
        account: { sid: ACCOUNT, auth_token: TOKEN },
        phone_numbers: [{ phone_number: NUMBER, sms_url: `${publicUrl}/webhooks/twilio` }],
      },
    },
  });
  onTestFinished(() => emulator.close());
  const folder = await freshFolder(SMS_YAML);
  const program = await startProgram(folder, {
    HTTP_PORT: String(port),
    PUBLIC_URL: publicUrl,
    TWILIO_ACCOUNT_SID: ACCOUNT,
    TWILIO_AUTH_TOKEN: TOKEN,
    TWILIO_FROM: NUMBER,
    TWILIO_API_ROOT: emulator.url,
  });
  const { texts, hears, reports } = wire(emulator);
  await texts(ANA, 'RUN backup');
  const { body, sid } = await hears(BOB, /^TextOps: Ana asks to run backup/);
  const runId = /\((\w{6})\)/.exec(body)?.[1] ?? '';
  await reports(sid, 'delivered');
  await texts(BOB, `YES ${runId}`);
  await hears(BOB, new RegExp(`you approved ${runId}`));
  await runThatIs(program, runId, 'Succeeded');
  await hears(ANA, new RegExp(`backup ${runId} succeeded`));
  expect(program.output()).not.toMatch(/refused|error/i);
});
