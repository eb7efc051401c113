import type { Controls } from './controls.ts';

/** The same controls from another process: each one answers with a promise. */
export type RemoteControls = {
  readonly [Name in keyof Controls]: (
    ...args: Parameters<Controls[Name]>
  ) => Promise<ReturnType<Controls[Name]>>;
};

export const connectControls = (url: string): RemoteControls =>
  // A proxy has no members to check; the mapped type above is the whole contract.
  new Proxy({} as RemoteControls, {
    // `then` must stay absent, or awaiting the connection itself would call it.
    get: (_, name) => (name === 'then' ? undefined : (...args: unknown[]) => call(url, String(name), args)),
  });

const call = async (url: string, name: string, args: readonly unknown[]): Promise<unknown> => {
  const response = await fetch(`${url}/_control/${name}`, { method: 'POST', body: JSON.stringify(args) });
  const text = await response.text();
  if (!response.ok) throw new Error(`The fake refused ${name}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
};
