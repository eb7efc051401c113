import { DatabaseError } from 'pg';
import type { Fault } from '../fault.ts';

export const pgFault = (error: unknown): Fault => {
  if (error instanceof DatabaseError && error.code !== undefined) return faultOfCode(error.code);
  if (!(error instanceof Error)) return 'other';
  const code = 'code' in error ? String(error.code) : '';
  // The driver reports a socket that closed under it by text only.
  return NETWORK.has(code) || /connection|timeout|not queryable/i.test(error.message)
    ? 'connection'
    : 'other';
};

const faultOfCode = (code: string): Fault => {
  if (code === '40001' || code === '40P01') return 'serialization';
  if (code === '23505') return 'unique';
  // lock_not_available, query_canceled (statement_timeout).
  if (code === '55P03' || code === '57014') return 'busy';
  if (code === '53100') return 'full';
  if (code.startsWith('08') || code.startsWith('57P') || code === '53300' || code === '25P03')
    return 'connection';
  return 'other';
};

const NETWORK: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);
