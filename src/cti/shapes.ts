/** The things that messages and HTTP answers show, each as one strict zod object; the types are inferred. */
import { z } from 'zod';
import { wrapUpModes } from '../config/agent-config.ts';
import { closingRules } from '../config/centre-config.ts';
import { recorderFaults } from '../telephony/port.ts';

/** Up to the year 9999: what lies beyond, neither a Date nor Postgres can hold. */
export const time = z.int().min(0).max(253_402_300_799_999).describe('Epoch milliseconds.');
export const agentNumber = z.string().regex(/^[0-9]{3,6}$/).describe('An agent’s number (工号).');
export const contactKey = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/).describe('One customer’s visit, from dialling to the last wrap-up.');
/** A queue, a disposition, a reason: whatever it is called, without what no name holds and no database takes. */
export const name = z.string().min(1).max(64).regex(/^[^\x00-\x1f\x7f]+$/);
export const text = z.strictObject({ zh: z.string(), en: z.string() });
const named = z.strictObject({ code: z.string(), name: text });

export const disposition = z.strictObject({
  code: name.describe('A key of centre.yaml’s dispositions.'),
  note: z.string().max(2000),
});

export const presence = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('offline'), since: time }),
  z.strictObject({ status: z.literal('ready'), since: time }),
  z.strictObject({ status: z.literal('paused'), since: time, reason: z.string() }),
  z.strictObject({ status: z.literal('offered'), since: time, offer: z.string() }),
  z.strictObject({ status: z.literal('talking'), since: time, contact: contactKey }),
  z.strictObject({
    status: z.literal('wrap-up'),
    since: time,
    contact: contactKey,
    until: time.optional().describe('Absent where the wrap-up lasts until the agent ends it.'),
    fixed: z.literal(true).optional().describe('It ends at its time only.'),
    disposition: disposition.optional(),
  }),
]);

export const device = z.enum(['unknown', 'unreachable', 'idle', 'ringing', 'in-call']);

export const call = z.strictObject({
  contact: contactKey,
  queue: z.string(),
  ani: z.string().describe('The caller’s number.'),
  connectedAt: time,
  dialling: z.boolean().describe('A callback: the customer is being dialled, and connectedAt is when the agent answered.'),
  wrapUp: z.enum(wrapUpModes).describe('What comes after it; where it is optional, `ask-wrap-up` asks for it.'),
  experts: z.strictObject({ queue: z.string(), name: text }).nullable().describe('Where `escalate` hands the caller on to.'),
  recording: z.enum(['off', 'on', 'paused', 'failed']).describe('failed: this part of the talk is not recorded, though it should be.'),
});

const askedBreak = z.strictObject({ reason: z.string(), since: time });

export const me = z.strictObject({
  agent: agentNumber,
  presence,
  device,
  remoteAnswer: z.boolean().describe('The phone is known to answer when `answer` asks it to.'),
  then: z.discriminatedUnion('status', [
    z.strictObject({ status: z.literal('offline') }),
    z.strictObject({ status: z.literal('paused'), reason: z.string() }),
  ]).nullable().describe('Asked for while on a call; done when the call and its wrap-up are over.'),
  queues: z.array(z.strictObject({ queue: z.string(), name: text, level: z.int(), joined: z.boolean().describe('False: signed out of this one by `leave-queue`.') })),
  asked: askedBreak.nullable().describe('A pause that a supervisor has still to agree to.'),
  wantsWrapUp: z.boolean().describe('Asked for during a talk after which none would come.'),
  rest: z.strictObject({ until: time, because: z.enum(['busy', 'unreachable', 'rejected', 'no-answer', 'lost']).nullable() }).nullable()
    .describe('Ready, and left alone until then because the last ring came to nothing; `make-ready` ends it.'),
  call: call.nullable(),
});

export const queueFigures = z.strictObject({
  queue: z.string(),
  name: text,
  waiting: z.int().min(0).describe('In line now and on the phone, those whose offer rings included.'),
  callbacks: z.int().min(0).describe('In line now and to be called back.'),
  closed: z.strictObject({ since: time, by: z.string().nullable().describe('Null where it is closed by its hours.'), reason: z.string(), waiting: z.enum(closingRules).describe('What becomes of those who wait.') }).nullable()
    .describe('Nobody enters it now.'),
  longestSince: time.nullable().describe('Since when the one who waits longest on the phone has been queueing.'),
  agents: z.strictObject({
    ready: z.int(), offered: z.int(), talking: z.int(), wrapUp: z.int(), paused: z.int(), offline: z.int(),
  }),
});

export const liveAgent = z.strictObject({
  agent: agentNumber, name: text, team: z.string(), presence, device,
  outOf: z.array(z.string()).describe('Queues of the agent that are signed out of.'),
  asked: askedBreak.nullable().describe('Waits for `grant-break` or `deny-break`.'),
});

export const liveContact = z.strictObject({
  contact: contactKey,
  ani: z.string(),
  dnis: z.string(),
  language: z.enum(['zh', 'en']),
  arrivedAt: time,
  status: z.enum(['in-flow', 'waiting', 'callback', 'dialling', 'offered', 'connected', 'transferring', 'transferred']),
  node: z.string().nullable().describe('The last node of the flow that the caller went through.'),
  queue: z.string().nullable(),
  queuedAt: time.nullable(),
  heldFor: z.string().nullable().describe('The one agent it waits for, for a while.'),
  priority: z.int().nullable().describe('Its own, without that of its tier and its queue.'),
  agent: z.string().nullable(),
  callback: z.strictObject({
    number: z.string(), askedAt: time, until: time.describe('Nobody is dialled after that.'), attempts: z.int(),
    next: time.nullable().describe('The next attempt is not before; null where it is the place in line that decides.'), reachedAt: time.nullable(),
  }).nullable().describe('Asked to be called back; with `reachedAt` the customer has been on the line again since.'),
});

export const alarm = z.strictObject({
  code: z.enum(['overload', 'trunk-limit', 'caller-limit', 'break-too-long', 'late', 'recordings-low', 'queue-closed', ...recorderFaults]),
  trunk: z.string().nullable().describe('That caused it: its name and address.'),
  ani: z.string().nullable().describe('The number that caused it.'),
  agent: z.string().nullable().describe('Who is on a break for too long. With none of the four, it is everyone.'),
  queue: z.string().nullable().describe('That a supervisor has closed.'),
  since: time,
  text,
});

export const customer = z.strictObject({
  id: z.string(), name: z.string(), number: z.string(), tier: z.string().nullable(), note: z.string(), data: z.record(z.string(), z.string()),
});
export const earlierContact = z.strictObject({
  contact: z.string(),
  arrivedAt: time,
  queue: z.string().nullable(),
  agent: z.string().nullable(),
  answered: z.boolean(),
  disposition: z.string().nullable(),
  note: z.string(),
});

export const screenPop = z.strictObject({
  offer: z.string(),
  contact: contactKey,
  queue: z.string(),
  queueName: text,
  ani: z.string(),
  dnis: z.string(),
  language: z.enum(['zh', 'en']),
  path: z.array(z.strictObject({ node: z.string(), took: z.string() })).describe('The way through the menu.'),
  data: z.record(z.string(), z.string()).describe('What the flow set or collected, secrets excepted.'),
  callback: z.strictObject({ number: z.string(), askedAt: time }).nullable().describe('Asked to be called back, and at which number.'),
  queuedAt: time,
  waitMs: z.int().min(0).describe('From queueing to this offer.'),
  until: time.nullable().describe('When the phone stops ringing; null once answered.'),
  record: z.strictObject({ customer: customer.nullable(), earlier: z.array(earlierContact) }).nullable()
    .describe('Null while the look-up has not come back; screen-pop-updated follows. A null customer is a stranger.'),
});

export const centreCard = z.strictObject({
  name: text,
  language: z.enum(['zh', 'en']),
  pauseReasons: z.array(named),
  dispositions: z.array(named),
});

export type Me = z.infer<typeof me>;
export type QueueFigures = z.infer<typeof queueFigures>;
export type LiveAgent = z.infer<typeof liveAgent>;
export type ShownAlarm = z.infer<typeof alarm>;
export type LiveContact = z.infer<typeof liveContact>;
export type ScreenPop = z.infer<typeof screenPop>;
export type CentreCard = z.infer<typeof centreCard>;
export type ShownPresence = z.infer<typeof presence>;
