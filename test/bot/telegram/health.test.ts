import { describe, expect, it } from 'vitest';
import { createPulse, HEARD_MS } from '../../../src/bot/telegram/health.ts';

const opened = () => {
  const time = { now: 1_000_000 };
  const pulse = createPulse({ now: () => time.now, clock: () => time.now, observe: () => undefined });
  pulse.begins();
  return { time, pulse };
};

describe('Telegram is well', () => {
  it('only once a poll has ended, whatever else the API has answered', () => {
    const { pulse } = opened();
    pulse.turns('ok');
    expect(pulse.health()).toMatchObject({ state: 'degraded', reason: 'no poll has ended lately' });
    pulse.heard();
    expect(pulse.health().state).toBe('ok');
  });

  it('and for 90 s after it', () => {
    const { time, pulse } = opened();
    pulse.heard();
    pulse.turns('ok');
    time.now += HEARD_MS - 1;
    expect(pulse.health().state).toBe('ok');
    time.now += 1;
    expect(pulse.health()).toMatchObject({ state: 'degraded', reason: 'no poll has ended lately' });
    expect(HEARD_MS).toBe(90_000);
  });

  it('trouble keeps its own reason', () => {
    const { pulse } = opened();
    pulse.turns('degraded', 'conflict');
    expect(pulse.health()).toMatchObject({ state: 'degraded', reason: 'conflict' });
  });
});
