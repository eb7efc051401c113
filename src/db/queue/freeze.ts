import type { IFreeze } from '../../core/ports/upkeep.ts';
import type { Freeze } from '../../core/runs/freeze.ts';
import type { Engine } from '../engine.ts';
import { first } from '../steps.ts';

export const freezeOf = (engine: Engine): IFreeze => ({
  current: () => engine.read(() => first<Freeze>('select frozen_by as by, at, reason from freezes')),
});
