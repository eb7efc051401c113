import { expect, test } from 'vitest';
import { readConfiguration } from '../../src/cli/configuration.ts';
import { setUpOf } from '../../src/program/set-up.ts';
import { cliBench } from '../cli/cli-bench.ts';

const SECRETS = {
  TELEGRAM_BOT_TOKEN: `123456789:${'A'.repeat(36)}`,
  TWILIO_ACCOUNT_SID: 'AC12345678',
  TWILIO_AUTH_TOKEN: 'hidden-hidden',
  TWILIO_FROM: '+491701234567',
  PUBLIC_URL: 'https://inside.example.org',
  DATABASE_URL: 'postgres://textops:hidden@db.inside.example.org/textops',
};

test('what was set is shown, and nothing that is a secret or leads inside', async () => {
  const { cwd } = await cliBench();
  const { settings, config } = await readConfiguration({ values: SECRETS, cwd, fileNamed: false });
  const lines = setUpOf({ settings, config }, '1.2.0', config.catalog).map(
    ([what, how]) => `${what}: ${how}`,
  );
  expect(lines).toEqual([
    `version: 1.2.0, Node ${process.versions.node}`,
    'profile: dev',
    'database: PostgreSQL',
    'queue: database, leases of 30 s',
    'worker: in this process, 4 slots',
    'channels: telegram, sms',
    expect.stringMatching(/^catalog: samples: \d+ jobs, 0 schedules, 0 people$/),
    'trouble is told in: no chat (ops.chat is not set)',
  ]);
  for (const hidden of ['hidden', 'inside', 'AAAA', '+49']) expect(lines.join('\n')).not.toContain(hidden);
});
