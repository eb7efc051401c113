import type { Engine } from './engine.ts';

export type Timed = (op: 'read' | 'write', tookMs: number) => void;

/** The same engine, timed from outside: what is measured is what whoever asked had to wait. */
export const measured = (engine: Engine, timed: Timed | undefined): Engine => {
  if (timed === undefined) return engine;
  const within = async <T>(op: 'read' | 'write', work: Promise<T>): Promise<T> => {
    const began = performance.now();
    try {
      return await work;
    } finally {
      timed(op, performance.now() - began);
    }
  };
  return {
    ...engine,
    read: (work) => within('read', engine.read(work)),
    write: (work) => within('write', engine.write(work)),
  };
};
