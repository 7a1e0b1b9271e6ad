/** 1: live channels of ours = live contacts in state, leg by leg. */
import type { Seen } from '../seen.ts';

export function channelsAreContacts({ channels, contacts, offers }: Seen, liveByService: number): string[] {
  const legs = new Set<string>([
    ...contacts.flatMap(({ leg, state }) => {
      if (state.status === 'connected') return [leg, state.agentLeg];
      return state.status === 'transferring' || state.status === 'transferred' ? [leg, state.leg] : [leg];
    }),
    ...offers.map(({ leg }) => leg),
  ]);
  const there = new Set(channels.map(({ id }) => id));
  return [
    ...channels.filter(({ id }) => !legs.has(id)).map(({ id, name }) => `channel ${id} (${name}) belongs to no contact`),
    ...[...legs].filter((leg) => !there.has(leg)).map((leg) => `leg ${leg} is in the state and is no channel`),
    ...(liveByService === contacts.length ? [] : [`the service counts ${liveByService} contacts, Redis holds ${contacts.length}`]),
  ];
}
