import { visibleSchedules } from '../core/flows/schedules.ts';
import { askerOf } from './caller.ts';
import { scheduleView } from './schedule-view.ts';
import type { Route, WebDeps } from './web-deps.ts';

export const scheduleRoutes = ({ rooms }: WebDeps): readonly Route[] => [
  {
    method: 'GET',
    path: '/schedules',
    access: 'token',
    handle: async (c) => {
      const person = c.get('caller').kind === 'local' ? undefined : (await askerOf({ rooms }, c)).person;
      const found = await visibleSchedules(rooms.store, person);
      return c.json({ schedules: found.map((one) => scheduleView(one, rooms.ambient.calendar)) });
    },
  },
];
