/**
 * Carries a contact through its flow. Pure: what has happened so far and one input in, the next step out. A step
 * ends where the flow waits (something is being said, or a deadline is set) or where the contact leaves the flow.
 */
import { assertNever } from '../base/assert.ts';
import { playOf } from '../telephony/ids.ts';
import type { Order } from '../telephony/port.ts';
import type { Flow, FlowNode } from './flow.ts';
import { newLive, newMemory } from './memory.ts';
import type { Call } from './memory.ts';
import { enterBranch } from './nodes/branch.ts';
import { builtIn, builtInNodes } from './nodes/built-in.ts';
import { enterCallback, hearCallback } from './nodes/callback.ts';
import type { CallbackNode } from './nodes/callback.ts';
import { enterCollect, hearCollect } from './nodes/collect.ts';
import { enterHangUp, hearHangUp } from './nodes/hangup.ts';
import { enterMenu, hearMenu } from './nodes/menu.ts';
import { enterPlay, hearPlay } from './nodes/play.ts';
import { enterQueue, hearQueue } from './nodes/queue.ts';
import { enterSet } from './nodes/set.ts';
import { enterTransfer, hearTransfer } from './nodes/transfer.ts';
import { enterWhen } from './nodes/when.ts';
import { stay } from './visit.ts';
import type { FlowExit, Input, Live, Memory, Outcome, Setting, Visit } from './visit.ts';

export interface State {
  readonly memory: Memory;
  readonly live: Live;
}

export interface Step extends State {
  /** Nodes left in this step, in order. */
  readonly path: readonly PathStep[];
  readonly orders: readonly Order[];
  readonly callback?: { readonly number: string };
  readonly exit?: FlowExit;
}
/** The same shape as the decider's PathStep. */
export interface PathStep {
  readonly node: string;
  readonly took: string;
  readonly at: number;
}

/** A flow that moves on this often without waiting, or this often in one call, is wrong; the caller gets an apology. */
export const movesPerStepMax = 100;
export const movesMax = 1_000;
/** The end of a prompt that is not heard of for this long is taken for granted. */
export const playMsMax = 300_000;

/** The caller is answered and hears the first words in the same step, so that both are sent together. */
export function begin(flow: Flow, setting: Setting, call: Call, at: number): Step {
  const memory = newMemory(call, flow.name, setting.version, setting.centre.language);
  return answered(settle(flow, setting, { memory, live: newLive, path: [], orders: [] }, { do: 'go', to: flow.start, took: '' }, at));
}

/** One who is led to a queue before anything was said is answered by that, or rings on in it. */
function answered(step: Step): Step {
  const { memory, exit, orders } = step;
  return exit?.to === 'queue' && memory.plays === 0 ? step : { ...step, orders: [{ type: 'answer', leg: memory.leg }, ...orders] };
}

export function react(flow: Flow, setting: Setting, { memory, live }: State, input: Input): Step {
  const state: Step = { memory, live, path: [], orders: [] };
  if (input.type === 'play-ended') {
    // Late news of a prompt that was stopped.
    if (input.play !== live.play) return state;
    const over = { ...state, live: { ...live, play: null, deadline: null } };
    return settle(flow, setting, over, hear(flow, setting, over, input), input.at);
  }
  if (input.type === 'deadline' && (live.deadline === null || input.at < live.deadline)) return state;
  if (input.type === 'key-pressed' && live.swallow !== null) {
    const kept = { ...state, live: { ...live, swallow: null } };
    return input.key === live.swallow ? kept : settle(flow, setting, kept, hear(flow, setting, kept, input), input.at);
  }
  if (input.type === 'resumed') return settle(flow, setting, takenUp(state), hear(flow, setting, state, input), input.at);
  const next = settle(flow, setting, state, hear(flow, setting, state, input), input.at);
  return input.type === 'turned-away' && memory.plays === 0 ? answered(next) : next;
}

/** Whether the caller was answered, and whether the last prompt is still being said, may have been lost with the process. */
function takenUp(state: Step): Step {
  const { memory, live } = state;
  const play = live.play ?? (memory.plays > 0 ? playOf(memory.contact, `f${memory.plays}`) : null);
  return { ...state, live: { ...live, play }, orders: [{ type: 'answer', leg: memory.leg }] };
}

function settle(flow: Flow, setting: Setting, from: Step, first: Outcome, at: number): Step {
  let step = from;
  let outcome = first;
  for (let moves = 0; ; moves++) {
    step = { ...step, live: { ...step.live, ...(outcome.do !== 'leave' && outcome.live) } };
    if (outcome.do === 'stay') return wait(step, outcome, at);
    step = left(step, outcome.took, at);
    if (outcome.do === 'leave') return { ...step, exit: outcome.exit };
    const lost = moves === movesPerStepMax || step.memory.moves >= movesMax;
    step = { ...changed(step, outcome, lost ? builtIn.sorry : outcome.to), ...(outcome.callback !== undefined && { callback: { number: outcome.callback } }) };
    outcome = enter(flow, { at, setting, memory: step.memory, live: step.live });
  }
}

function wait(step: Step, { say, hush, tries, live }: Extract<Outcome, { do: 'stay' }>, at: number): Step {
  const memory = tries ? { ...step.memory, tries } : step.memory;
  if (!say) return hush ? hushed({ ...step, memory }, live?.deadline ?? null) : { ...step, memory };
  const silent = hushed({ ...step, memory }, null);
  const plays = memory.plays + 1;
  // The letter keeps the flow's plays apart from those the decider orders for the same contact.
  const play = playOf(memory.contact, `f${plays}`);
  const media = say.map((said) => (typeof said === 'string' ? { say: 'prompt' as const, name: said, language: memory.language } : { ...said, language: memory.language }));
  return {
    ...silent,
    memory: { ...memory, plays },
    live: { ...silent.live, play, deadline: at + playMsMax },
    orders: [...silent.orders, { type: 'play', leg: memory.leg, play, media }],
  };
}

function hushed(step: Step, deadline: number | null): Step {
  const { play } = step.live;
  const live = { ...step.live, play: null, deadline };
  return play === null ? { ...step, live } : { ...step, live, orders: [...step.orders, { type: 'stop-play', leg: step.memory.leg, play }] };
}

/** Nothing of a node outlives it but what it has set. */
function left(step: Step, took: string, at: number): Step {
  const { memory } = step;
  const path = memory.node === '' ? step.path : [...step.path, { node: memory.node, took, at }];
  return { ...hushed(step, null), path };
}

function changed(step: Step, { changes }: Extract<Outcome, { do: 'go' }>, node: string): Step {
  const { memory } = step;
  return {
    ...step,
    memory: {
      ...memory,
      node,
      tries: { timeout: 0, invalid: 0 },
      moves: memory.moves + 1,
      language: changes?.language ?? memory.language,
      priority: changes?.priority ?? memory.priority,
      data: changes?.data ? { ...memory.data, ...changes.data } : memory.data,
      ...(changes?.callback && { callback: changes.callback }),
    },
  };
}

/** A node that is not there any more: the flow was changed while nobody ran it. The caller begins it again. */
function nodeOf(flow: Flow, name: string): FlowNode | CallbackNode {
  return flow.nodes.get(name) ?? builtInNodes.get(name) ?? flow.nodes.get(flow.start) ?? { kind: 'hangup', say: ['sorry'] };
}

function enter(flow: Flow, visit: Visit): Outcome {
  const node = nodeOf(flow, visit.memory.node);
  switch (node.kind) {
    case 'play':
      return enterPlay(node, visit);
    case 'menu':
      return enterMenu(node, visit);
    case 'collect':
      return enterCollect(node, visit);
    case 'when':
      return enterWhen(node, visit);
    case 'branch':
      return enterBranch(node, visit, flow.variables);
    case 'set':
      return enterSet(node);
    case 'queue':
      return enterQueue(node, visit);
    case 'transfer':
      return enterTransfer(node);
    case 'callback':
      return enterCallback(node, visit);
    case 'hangup':
      return enterHangUp(node);
    default:
      return assertNever(node);
  }
}

function hear(flow: Flow, setting: Setting, { memory, live }: State, input: Input): Outcome {
  const visit = { at: input.at, setting, memory, live };
  const node = nodeOf(flow, memory.node);
  // Sent back to a flow that has changed meanwhile and does not lead there any more.
  if (input.type === 'turned-away' && node.kind !== 'queue') return { do: 'go', to: builtIn.queueFull, took: 'full' };
  if (input.type === 'transfer-failed' && node.kind !== 'transfer') return { do: 'go', to: builtIn.transferFailed, took: 'failed' };
  switch (node.kind) {
    case 'play':
      return hearPlay(node, visit, input);
    case 'menu':
      return hearMenu(node, visit, input);
    case 'collect':
      return hearCollect(node, visit, input);
    case 'queue':
      return hearQueue(node, visit, input);
    case 'transfer':
      return hearTransfer(node, input);
    case 'callback':
      return hearCallback(node, visit, input);
    case 'hangup':
      return hearHangUp(node, input);
    case 'when':
    case 'branch':
    case 'set':
      return input.type === 'resumed' ? enter(flow, visit) : stay;
    default:
      return assertNever(node);
  }
}

