/** What the page knows: the snapshot, kept current by the changes. */
export function emptyState() {
  return { centre: null, switchUp: true, me: null, card: null, queues: new Map(), agents: new Map(), contacts: new Map(), alarms: [] };
}

/** Answers with the names of what changed. */
export function apply(state, message) {
  switch (message.type) {
    case 'snapshot':
      state.centre = message.centre;
      state.switchUp = message.switchUp;
      state.me = message.me;
      state.card = message.screenPop;
      state.queues = new Map(message.queues.map((queue) => [queue.queue, queue]));
      state.agents = new Map(message.agents.map((agent) => [agent.agent, agent]));
      state.contacts = new Map(message.contacts.map((contact) => [contact.contact, contact]));
      state.alarms = message.alarms;
      return ['all'];
    case 'my-state':
      state.me = message.me;
      // The card stays through the talk, for the agent reads from it, and goes with the call.
      if (!['offered', 'talking', 'wrap-up'].includes(message.me.presence.status)) state.card = null;
      return ['me', 'card'];
    case 'screen-pop':
    case 'screen-pop-updated':
      state.card = message.screenPop;
      return ['card'];
    case 'screen-pop-withdrawn':
      if (state.card?.contact === message.contact) state.card = message.outcome === 'accepted' ? { ...state.card, until: null } : null;
      return ['card'];
    case 'queue-changed':
      state.queues.set(message.queue.queue, message.queue);
      return ['queues'];
    case 'agent-changed':
      state.agents.set(message.agent.agent, message.agent);
      return ['agents'];
    case 'contact-changed':
      state.contacts.set(message.contact.contact, message.contact);
      return ['contacts'];
    case 'contact-ended':
      state.contacts.delete(message.contact);
      return ['contacts'];
    case 'alarm-raised':
      state.alarms = [...state.alarms.filter(other(message.alarm)), message.alarm];
      return ['me'];
    case 'alarm-cleared':
      state.alarms = state.alarms.filter(other(message.alarm));
      return ['me'];
    case 'switch-changed':
      state.switchUp = message.up;
      return ['me'];
    default:
      return [];
  }
}

const other = ({ code, trunk, ani, agent, queue }) => (each) => each.code !== code || each.trunk !== trunk || each.ani !== ani || each.agent !== agent || each.queue !== queue;
