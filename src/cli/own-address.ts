import { isIP } from 'node:net';
import type { Settings } from '../config/settings.ts';

/** Where an instance with these settings answers on its own machine. */
export const ownAddress = ({ host, port }: Settings['http']): string => `http://${reachable(host)}:${port}`;

/** Whoever listens everywhere is reached by loopback; the name "everywhere" would be refused as a foreign Host. */
const reachable = (host: string): string => {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return isIP(host) === 6 ? `[${host}]` : host;
};
