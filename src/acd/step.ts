/** The decider: one input in, events and orders out, or a refusal with its reason. Change first, then match. */
import { assertNever } from '../base/assert.ts';
import type { Order } from '../telephony/port.ts';
import { dialDue } from './callbacks.ts';
import { callArrived, moveFlow } from './intake.ts';
import { keyPressed, withdraw } from './leaving.ts';
import { legDown, legRinging, legUp, orderFailed } from './legs.ts';
import { settle } from './floor.ts';
import { match } from './match.ts';
import type { Event, Input } from './messages.ts';
import type { Refusal } from './commands.ts';
import type { Centre } from './model.ts';
import { command } from './presence.ts';
import { reprioritise } from './reprioritise.ts';
import { callerKnown, endHolds } from './holds.ts';
import { recordingStopped } from './recordings.ts';
import { breaksOver, decideBreak } from './breaks.ts';
import { closeQueue, reopenQueue } from './close-queue.ts';
import { leaveClosed } from './leave-closed.ts';
import { configure } from './configure.ts';
import { switchLost, switchResumed, switchSeen } from './resync.ts';
import { due } from './deadlines.ts';
import { leaveDeserted } from './deserted.ts';
import { deviceSeen } from './devices.ts';
import { beginTurn } from './turn.ts';
import type { Touched } from './touched.ts';
import type { Turn } from './turn.ts';
import { playEnded } from './whisper.ts';
import { recorderSeen, recordingLost } from './unrecorded.ts';
import { setPace } from './warn.ts';

export type Decision =
  /** With a refusal: the input itself was refused, but something else had become due. */
  | { readonly ok: true; readonly events: readonly Event[]; readonly orders: readonly Order[]; readonly touched: Touched; readonly refusal?: Refusal }
  | { readonly ok: false; readonly refusal: Refusal };

export function step(centre: Centre, input: Input): Decision {
  const turn = beginTurn(centre, input.at);
  // What was due before the input came first, whether or not the timer has got round to it; but a comparison with the
  // switch knows better what became of it, and does it last.
  if (input.type !== 'switch-seen') due(turn);
  const refusal = decide(turn, input);
  if (refusal !== undefined && turn.events.length === 0 && turn.freed.size === 0) return { ok: false, refusal };
  breaksOver(turn);
  endHolds(turn, 0);
  leaveClosed(turn);
  match(turn);
  for (let seen = 0, many = turn.events.length; leaveDeserted(turn, seen); many = turn.events.length) {
    seen = many;
    match(turn);
  }
  dialDue(turn);
  settle(centre);
  return { ok: true, events: turn.events, orders: turn.orders, touched: turn.touched, ...(refusal === undefined ? {} : { refusal }) };
}

const nothingToDo: Refusal = { code: 'nothing-to-do' };

function decide(turn: Turn, input: Input): Refusal | undefined {
  switch (input.type) {
    case 'call-arrived':
      return callArrived(turn, input);
    case 'flow-moved':
      return moveFlow(turn, input);
    case 'leg-ringing':
      return legRinging(turn, input.leg);
    case 'leg-up':
      return legUp(turn, input.leg);
    case 'leg-down':
      return legDown(turn, input.leg, input.end);
    case 'order-failed':
      return orderFailed(turn, input);
    case 'play-ended':
      return playEnded(turn, input);
    case 'key-pressed':
      return keyPressed(turn, input);
    case 'device-changed':
      deviceSeen(turn, input);
      return undefined;
    case 'recording-stopped':
      return recordingStopped(turn, input.recording);
    case 'recording-lost':
      return recordingLost(turn, input.recording, input.why);
    case 'recorder-seen':
      return recorderSeen(turn, input);
    case 'switch-lost':
    case 'switch-stalled':
      return switchLost(turn);
    case 'switch-resumed':
      return switchResumed(turn);
    case 'switch-seen':
      return switchSeen(turn, input);
    case 'load-seen':
      return setPace(turn, input.pace);
    case 'caller-known':
      return callerKnown(turn, input);
    case 'tick':
      return nothingToDo;
    case 'configure':
      return configure(turn, input.routing);
    case 'grant-break':
    case 'deny-break':
      return decideBreak(turn, input);
    case 'withdraw':
      return withdraw(turn, input);
    case 're-prioritise':
      return reprioritise(turn, input);
    case 'close-queue':
      return closeQueue(turn, input);
    case 'reopen-queue':
      return reopenQueue(turn, input);
    case 'sign-in':
    case 'sign-out':
    case 'make-ready':
    case 'pause':
    case 'finish-wrap-up':
    case 'escalate':
    case 'join-queue':
    case 'leave-queue':
    case 'ask-wrap-up':
    case 'answer':
    case 'hang-up':
    case 'dispose':
    case 'pause-recording':
    case 'resume-recording':
      return command(turn, input);
    default:
      return assertNever(input);
  }
}
