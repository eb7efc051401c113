import { statSync } from 'node:fs';

/**
 * As whom the program of an installation runs: whoever deploys as root must not leave files there that the program could not open
 * afterwards. Nothing where we are not root, or where it belongs to root.
 */
export const ownerOf = (shared: string): { readonly uid?: number; readonly gid?: number } => {
  if (process.getuid?.() !== 0) return {};
  const { uid, gid } = statSync(shared);
  return uid === 0 ? {} : { uid, gid };
};
