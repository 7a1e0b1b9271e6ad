/**
 * Every message of the CTI websocket, once. Types are inferred, the AsyncAPI document is derived, and the page and
 * the tests read the same table. Objects are strict: a field we do not know is an error that names it.
 */
import { z } from 'zod';
import { closingRules } from '../config/centre-config.ts';
import {
  agentNumber, alarm, centreCard, contactKey, disposition, liveAgent, liveContact, me, name, queueFigures, screenPop, text, time,
} from './shapes.ts';

/** Limits of one socket, told to the client in `welcome` where it matters to it. */
export const limits = {
  frameBytes: 16 * 1024,
  /** Sign-in must come within this. */
  signInMs: 10_000,
  heartbeatMs: 15_000,
  /** A desktop with more than this unread is dropped; its stream goes on in the ring. A big centre's snapshot is 1 MiB. */
  bufferedBytes: 4 * 1024 * 1024,
  /** Messages in one burst, and a second after it. */
  burst: 30,
  perSecond: 10,
  /** Bad messages before the socket is closed. */
  badMessages: 10,
  /** Commands without an answer yet. */
  openCommands: 8,
  /** A queue's figures are shown at most this often. */
  figuresEveryMs: 500,
  /** Changes kept for a resume, and how long a stream without a socket lives. */
  ring: 512,
  streamMs: 120_000,
} as const;

/** Close codes of our own; 1009 (frame too big) and 1011 come from the websocket itself. */
export const closeCodes = {
  badMessages: 4400, notSignedIn: 4401, replaced: 4409, tooSlow: 4410, tooFast: 4429, sessionOver: 4440, standby: 4503, goingAway: 1001,
} as const;

const id = z.string().min(1).max(64).describe('The client’s own; the reply carries it.');
const agent = agentNumber.optional().describe('May be left out. Another agent’s number is refused.');
const command = <Type extends string, Fields extends z.core.$ZodLooseShape>(type: Type, fields: Fields) =>
  z.strictObject({ type: z.literal(type), id, agent, ...fields });

export const clientMessages = {
  'sign-in-here': z.strictObject({
    type: z.literal('sign-in-here'),
    ticket: z.string().min(16).max(128).describe('From POST /api/cti-ticket; good once, for 30 s.'),
    resume: z.strictObject({ stream: z.string().max(64), seq: z.int().min(0) }).optional(),
  }),
  ping: z.strictObject({ type: z.literal('ping'), id }),
  'sign-in': command('sign-in', {}),
  'sign-out': command('sign-out', {}),
  'make-ready': command('make-ready', {}),
  pause: command('pause', { reason: name }),
  'finish-wrap-up': command('finish-wrap-up', {}),
  'ask-wrap-up': command('ask-wrap-up', {}),
  escalate: command('escalate', {}),
  'join-queue': command('join-queue', { queue: name }),
  'leave-queue': command('leave-queue', { queue: name }),
  'grant-break': command('grant-break', { of: agentNumber }),
  'deny-break': command('deny-break', { of: agentNumber }),
  answer: command('answer', {}),
  'hang-up': command('hang-up', {}),
  dispose: command('dispose', { contact: contactKey, disposition }),
  're-prioritise': command('re-prioritise', { contact: contactKey, priority: z.int().min(-1_000).max(1_000) }),
  withdraw: command('withdraw', { contact: contactKey, reason: z.string().max(200).default('') }),
  'close-queue': command('close-queue', { queue: name, reason: z.string().max(200).default(''), waiting: z.enum(closingRules).optional().describe('What becomes of those who wait; the queue’s `atClosing` where it is left out.') }),
  'reopen-queue': command('reopen-queue', { queue: name }),
  'pause-recording': command('pause-recording', {}),
  'resume-recording': command('resume-recording', {}),
} as const;

export const clientMessage = z.discriminatedUnion('type', [
  clientMessages['sign-in-here'], clientMessages.ping, clientMessages['sign-in'], clientMessages['sign-out'],
  clientMessages['make-ready'], clientMessages.pause, clientMessages['finish-wrap-up'], clientMessages['ask-wrap-up'], clientMessages.escalate,
  clientMessages['join-queue'], clientMessages['leave-queue'], clientMessages['grant-break'], clientMessages['deny-break'], clientMessages.answer,
  clientMessages['hang-up'], clientMessages.dispose, clientMessages['re-prioritise'], clientMessages.withdraw, clientMessages['close-queue'], clientMessages['reopen-queue'], clientMessages['pause-recording'], clientMessages['resume-recording'],
]);

/** Sent to one socket about itself; not numbered and never repeated. */
export const notices = {
  welcome: z.strictObject({
    type: z.literal('welcome'),
    agent: agentNumber,
    name: text,
    role: z.enum(['agent', 'supervisor', 'admin']),
    resumed: z.boolean().describe('True: what was missed follows. False: a snapshot follows.'),
    at: time.describe('The server’s clock, so that timers tick right on a desktop whose clock is wrong.'),
    heartbeatMs: z.int(),
  }),
  reply: z.discriminatedUnion('ok', [
    z.strictObject({ type: z.literal('reply'), id, ok: z.literal(true) }),
    z.strictObject({ type: z.literal('reply'), id, ok: z.literal(false), code: z.string(), text }),
  ]),
  pong: z.strictObject({ type: z.literal('pong'), id, at: time }),
  error: z.strictObject({
    type: z.literal('error'),
    id: id.optional(),
    code: z.string(),
    field: z.string().optional().describe('Which field of the message was wrong, as a path.'),
    text,
  }),
  replaced: z.strictObject({ type: z.literal('replaced'), text }),
} as const;

/** What happened, numbered without gaps in a stream. Each carries the whole new state of what it names. */
export const changes = {
  snapshot: z.strictObject({
    type: z.literal('snapshot'),
    stream: z.string().describe('Name of the stream that starts here, at seq 0.'),
    at: time,
    centre: centreCard,
    switchUp: z.boolean(),
    me: me.nullable().describe('Null where the signed-in person takes no calls here.'),
    screenPop: screenPop.nullable(),
    queues: z.array(queueFigures).describe('Own queues; all of them for supervisors.'),
    agents: z.array(liveAgent).describe('Supervisors only.'),
    contacts: z.array(liveContact).describe('Supervisors only.'),
    alarms: z.array(alarm).describe('Supervisors only.'),
  }),
  'my-state': z.strictObject({ type: z.literal('my-state'), me }),
  'screen-pop': z.strictObject({ type: z.literal('screen-pop'), screenPop }),
  'screen-pop-updated': z.strictObject({ type: z.literal('screen-pop-updated'), screenPop }),
  'screen-pop-withdrawn': z.strictObject({
    type: z.literal('screen-pop-withdrawn'),
    offer: z.string(),
    contact: contactKey,
    outcome: z.enum(['accepted', 'no-answer', 'rejected', 'busy', 'unreachable', 'withdrawn', 'answered-elsewhere', 'lost'])
      .describe('With `accepted` the talk begins: keep the card until my-state shows no call.'),
  }),
  'queue-changed': z.strictObject({ type: z.literal('queue-changed'), queue: queueFigures }),
  'agent-changed': z.strictObject({ type: z.literal('agent-changed'), agent: liveAgent }),
  'contact-changed': z.strictObject({ type: z.literal('contact-changed'), contact: liveContact }),
  'contact-ended': z.strictObject({ type: z.literal('contact-ended'), contact: contactKey, reason: z.string() }),
  'switch-changed': z.strictObject({ type: z.literal('switch-changed'), up: z.boolean() }),
  'alarm-raised': z.strictObject({ type: z.literal('alarm-raised'), alarm }),
  'alarm-cleared': z.strictObject({ type: z.literal('alarm-cleared'), alarm }),
} as const;

const seq = z.int().min(0).describe('0 is the snapshot; each change is one more.');
/** The changes as they are sent: with their number. */
export const numberedChanges = Object.values(changes).map((shape) => shape.extend({ seq }));

export type ClientMessage = z.infer<typeof clientMessage>;
export type CommandMessage = Exclude<ClientMessage, { type: 'sign-in-here' | 'ping' }>;
export type Notice = { [Type in keyof typeof notices]: z.infer<(typeof notices)[Type]> }[keyof typeof notices];
export type Change = { [Type in keyof typeof changes]: z.infer<(typeof changes)[Type]> }[keyof typeof changes];
export type Snapshot = z.infer<typeof changes.snapshot>;
