import { type Guards, guardLevel } from '../../worker/process/guard-level.ts';
import { type Finding, ok, warning } from './finding.ts';

/** What keeps the processes of a job from outliving their worker. Tried out, not assumed. */
export const checkGuard = async (): Promise<Finding> => judgeGuard(await guardLevel());

export const judgeGuard = ({ level, lacks = '' }: Guards): Finding => {
  switch (level) {
    case 'namespace':
      return ok(WHAT, 'namespace: no process of a job outlives its end, its cancel or its worker');
    case 'guardian':
      return {
        ...ok(WHAT, 'guardian: only what leaves its group and cleans its environment can outlive its worker'),
        cure: `for a namespace: ${lacks}`,
      };
    case 'group':
      return warning(WHAT, 'group: processes of a job outlive a worker that is killed', lacks);
  }
};

const WHAT = 'job guard';
