import type { ProgramInput } from '../cli/program-input.ts';
import type { Running } from '../core/ports/running.ts';
import { monitorApp } from '../web/app.ts';
import { identityProvider } from '../web/oidc/identity-provider.ts';
import { startWeb } from '../web/server.ts';
import type { Household } from './household.ts';

/** What a worker alone counts nobody else can tell; so it has a door for monitors, where one is asked for. */
export const openMonitorDoor = async (
  { settings, metricsPort, stdout }: ProgramInput,
  { rooms, observe, monitoring }: Household,
  lights: { readonly on: boolean },
): Promise<readonly Running[]> => {
  if (metricsPort === undefined) return [];
  const { profile, apiTokens, oidc, publicUrl, http } = settings;
  const app = monitorApp({
    rooms,
    profile,
    apiTokens,
    ...(oidc === undefined ? {} : { identityProvider: identityProvider(oidc) }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ready: () => lights.on,
    ...monitoring,
  });
  const web = await startWeb({ app, host: http.host, port: metricsPort, observe });
  stdout.write(`  ✔ metrics ${web.url}/metrics\n`);
  return [web];
};
