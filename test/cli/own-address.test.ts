import { expect, test } from 'vitest';
import { ownAddress } from '../../src/cli/own-address.ts';

test.each([
  ['127.0.0.1', 'http://127.0.0.1:5048'],
  ['localhost', 'http://localhost:5048'],
  ['0.0.0.0', 'http://127.0.0.1:5048'],
  ['::', 'http://[::1]:5048'],
  ['::1', 'http://[::1]:5048'],
])('an instance on %s is reached at %s', (host, address) => {
  expect(ownAddress({ host, port: 5048 })).toBe(address);
});
