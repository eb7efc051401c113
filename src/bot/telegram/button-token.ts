import { createHmac } from 'node:crypto';
import type { ButtonToken } from '../../core/ports/channel.ts';

const BYTES = 12;

/**
 * The first 96 bits of a keyed hash over what a button may do. Whoever checks it mints it again and compares; nothing is
 * stored, and a run that moved on has other tokens.
 */
export const buttonToken =
  (key: string): ButtonToken =>
  ({ verb, runId, epoch, digest }) =>
    createHmac('sha256', key)
      .update(`v1|${verb}|${runId}|${epoch}|${digest}`, 'utf8')
      .digest()
      .subarray(0, BYTES)
      .toString('base64url');
