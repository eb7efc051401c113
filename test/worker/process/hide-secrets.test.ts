import { describe, expect, test } from 'vitest';
import { hideSecrets } from '../../../src/worker/process/hide-secrets.ts';

const secret = 'correct horse/"battery"';
const hide = hideSecrets({ DB_PASSWORD: secret });

describe('secrets in what a job says', () => {
  test.each([
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    JSON.stringify(secret),
  ])('%s is masked', (form) => {
    const masked = hide.text(`before ${form} after`);
    expect(masked).toMatch(/^before "?\*\*\*=*"? after$/);
  });

  test('a secret cut by the border of head and tail leaves no half behind', () => {
    const output = hide.output({
      head: `x ${secret.slice(0, 9)}`,
      tail: `${secret.slice(9)} y`,
      bytes: 9,
      sha256: '',
    });
    expect(output).toMatchObject({ head: 'x ***', tail: '*** y' });
  });

  test('very short values are left alone, or nothing could be read', () =>
    expect(hideSecrets({ PIN: 'a' }).text('a banana')).toBe('a banana'));
});
