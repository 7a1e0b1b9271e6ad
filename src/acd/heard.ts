/** What a caller hears while he waits: music, or ringing, for which he need not have been answered. */
import type { QueueId } from '../base/ids.ts';
import { ringing } from '../telephony/port.ts';
import type { Order } from '../telephony/port.ts';
import type { EventOf } from './messages.ts';
import type { Contact, Place } from './contact.ts';
import type { Centre } from './model.ts';

export const musicOf = ({ routing }: Centre, queue: QueueId): string => routing.queues.get(queue)?.music ?? 'default';

/** One who was not answered rings on whatever a reload has made of his queue: he would not hear the music. */
export const heardIn = (centre: Centre, { queue, rings }: Pick<Place, 'queue' | 'rings'>): string => (rings ? ringing : musicOf(centre, queue));

/** Of a place in that queue. Whether the flow has answered him is not asked: to answer twice does nothing. */
export const ringsIn = (centre: Centre, queue: QueueId): Pick<Place, 'rings'> => (musicOf(centre, queue) === ringing ? { rings: true } : {});

/** On the way from queue to queue: only where he hears another now. One who was not answered hears no music, so he is. */
export function otherMusic(centre: Centre, { leg, state }: Contact, { from, queue, rings }: EventOf<'contact-overflowed'>): readonly Order[] {
  const rang = 'queue' in state ? state.rings : undefined;
  const music = heardIn(centre, { queue, ...(rings && { rings }) });
  if (heardIn(centre, { queue: from, ...(rang && { rings: rang }) }) === music) return [];
  return [...(rang && !rings ? [{ type: 'answer', leg } as const] : []), { type: 'start-music', leg, music }];
}
