declare const brand: unique symbol;

/** A string that says what it names; only the functions below make one. */
export type Id<Name extends string> = string & { readonly [brand]: Name };

/** One customer's visit, from dialling to the last wrap-up. */
export type ContactId = Id<'contact'>;
/** One channel of a contact. Equal to the channel's id in Asterisk. */
export type LegId = Id<'leg'>;
/** An agent's number (工号), 3 to 6 digits. */
export type AgentId = Id<'agent'>;
export type QueueId = Id<'queue'>;
export type OfferId = Id<'offer'>;
export type BridgeId = Id<'bridge'>;
export type PlayId = Id<'play'>;
export type RecordingId = Id<'recording'>;

export const contactId = (text: string): ContactId => text as ContactId;
export const legId = (text: string): LegId => text as LegId;
export const agentId = (text: string): AgentId => text as AgentId;
export const queueId = (text: string): QueueId => text as QueueId;
export const offerId = (text: string): OfferId => text as OfferId;
export const bridgeId = (text: string): BridgeId => text as BridgeId;
export const playId = (text: string): PlayId => text as PlayId;
export const recordingId = (text: string): RecordingId => text as RecordingId;
