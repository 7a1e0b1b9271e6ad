/**
 * One socket's talk with us, whatever carries it:
 *
 *   connected ──sign-in-here──▶ signed in ──▶ over
 *       └──── bad ticket, or none in time ─────▲
 *
 * A bad message is answered with what was wrong; too many of them end it.
 */
import type { Refusal } from '../acd/commands.ts';
import type { AgentId } from '../base/ids.ts';
import { Allowance } from './allowance.ts';
import { toCommand } from './commands.ts';
import type { Cti } from './cti.ts';
import type { Wire } from './desktops.ts';
import { clientMessage, closeCodes, limits, type ClientMessage, type CommandMessage, type Notice } from './protocol.ts';
import { refusalTexts, replacedText, type DeskRefusalCode } from './refusals.ts';

/** The socket below. Sending to one that is closed does nothing. */
export interface Line {
  send(frame: string): void;
  close(code: number, reason: string): void;
}

/** An error of ours in `submit`: told to the log, while the agent reads `failed`. */
export type OnFailure = (error: unknown) => void;

export class Conversation {
  readonly #cti: Cti;
  readonly #line: Line;
  readonly #onFailure: OnFailure;
  readonly #allowance: Allowance;
  readonly #signInTimer: NodeJS.Timeout;
  readonly #wire: Wire;
  #agent: AgentId | null = null;
  #sessionUntil = Number.POSITIVE_INFINITY;
  #unwatch: () => void = () => undefined;
  #bad = 0;
  #open = 0;
  #over = false;

  constructor(cti: Cti, line: Line, onFailure: OnFailure) {
    this.#cti = cti;
    this.#line = line;
    this.#onFailure = onFailure;
    this.#allowance = new Allowance(limits.burst, limits.perSecond, cti.clock.now());
    this.#signInTimer = setTimeout(() => this.#end(closeCodes.notSignedIn, 'no sign-in'), limits.signInMs);
    this.#wire = {
      send: (frame) => this.#line.send(frame),
      replaced: () => {
        this.#say({ type: 'replaced', text: { ...replacedText } });
        this.#end(closeCodes.replaced, 'replaced');
      },
      end: (why) => this.#end(why === 'removed' ? closeCodes.sessionOver : closeCodes.goingAway, why),
    };
  }

  receive(frame: string): void {
    if (this.#over) return;
    if (!this.#allowance.take(this.#cti.clock.now())) return this.#wrong('too-fast', closeCodes.tooFast);
    const read = readMessage(frame);
    if (!read.ok) return this.#wrong(read.code, closeCodes.badMessages, read);
    this.#take(read.message);
  }

  receiveBinary(): void {
    if (!this.#over) this.#wrong('binary', closeCodes.badMessages);
  }

  /** Called at each heartbeat: a session that has run out ends its socket too. */
  checkSession(): void {
    if (this.#cti.clock.now() >= this.#sessionUntil) this.#end(closeCodes.sessionOver, 'session over');
  }

  /** The socket is gone, from either side. */
  closed(): void {
    this.#over = true;
    clearTimeout(this.#signInTimer);
    this.#unwatch();
    if (this.#agent !== null) this.#cti.desktops.leave(this.#agent, this.#wire);
  }

  #take(message: ClientMessage): void {
    switch (message.type) {
      case 'sign-in-here':
        return this.#signIn(message);
      case 'ping':
        return this.#say({ type: 'pong', id: message.id, at: this.#cti.clock.now() });
      default:
        if (this.#agent === null) return this.#wrong('sign-in-first', closeCodes.badMessages, message);
        void this.#command(message, this.#agent);
    }
  }

  #signIn({ ticket, resume }: Extract<ClientMessage, { type: 'sign-in-here' }>): void {
    if (this.#agent !== null) return this.#wrong('signed-in-already', closeCodes.badMessages);
    if (this.#cti.standby()) {
      this.#say({ type: 'error', code: 'standby', text: { ...refusalTexts.standby } });
      return this.#end(closeCodes.standby, 'standby');
    }
    const ticketed = this.#cti.tickets.redeem(ticket);
    const config = ticketed && this.#cti.desk.centre.routing.agents.get(ticketed.agent);
    if (!ticketed || !config || this.#cti.signOuts.has(ticketed.session)) {
      this.#say({ type: 'error', code: 'bad-ticket', field: 'ticket', text: { ...refusalTexts['bad-ticket'] } });
      return this.#end(closeCodes.notSignedIn, 'bad ticket');
    }
    clearTimeout(this.#signInTimer);
    this.#agent = ticketed.agent;
    this.#sessionUntil = ticketed.sessionUntil;
    this.#unwatch = this.#cti.signOuts.watch(ticketed.session, () => this.#end(closeCodes.sessionOver, 'signed out'));
    const { resumed, frames } = this.#cti.desktops.join(ticketed.agent, this.#wire, resume);
    this.#say({
      type: 'welcome',
      agent: ticketed.agent,
      name: { ...config.name },
      role: config.role,
      resumed,
      at: this.#cti.clock.now(),
      heartbeatMs: limits.heartbeatMs,
    });
    for (const frame of frames) this.#line.send(frame);
  }

  async #command(message: CommandMessage, agent: AgentId): Promise<void> {
    const asked = toCommand(message, agent, this.#cti.clock.now());
    if (!asked.ok) return this.#refuse(message.id, asked);
    if (this.#open >= limits.openCommands) return this.#refuse(message.id, { code: 'too-many-open' });
    this.#open += 1;
    try {
      const outcome = await this.#cti.desk.submit(asked.command);
      if (outcome.ok) this.#say({ type: 'reply', id: message.id, ok: true });
      else this.#refuse(message.id, outcome.refusal);
    } catch (error) {
      this.#onFailure(error);
      this.#refuse(message.id, { code: 'failed' });
    } finally {
      this.#open -= 1;
    }
  }

  #refuse(id: string, { code }: { readonly code: Refusal['code'] | DeskRefusalCode }): void {
    this.#say({ type: 'reply', id, ok: false, code, text: { ...refusalTexts[code] } });
  }

  #wrong(code: DeskRefusalCode, closeCode: number, about: { readonly id?: string; readonly field?: string } = {}): void {
    this.#bad += 1;
    const { id, field } = about;
    this.#say({ type: 'error', code, text: { ...refusalTexts[code] }, ...(id === undefined ? {} : { id }), ...(field === undefined ? {} : { field }) });
    if (this.#bad >= limits.badMessages) this.#end(closeCode, code);
  }

  #say(notice: Notice): void {
    if (!this.#over) this.#line.send(JSON.stringify(notice));
  }

  #end(code: number, reason: string): void {
    if (this.#over) return;
    this.closed();
    this.#line.close(code, reason);
  }
}

type Read = { readonly ok: true; readonly message: ClientMessage } | { readonly ok: false; readonly code: 'bad-json' | 'bad-message'; readonly field?: string; readonly id?: string };

function readMessage(frame: string): Read {
  let raw: unknown;
  try {
    raw = JSON.parse(frame);
  } catch {
    return { ok: false, code: 'bad-json' };
  }
  const parsed = clientMessage.safeParse(raw);
  if (parsed.success) return { ok: true, message: parsed.data };
  const [issue] = parsed.error.issues;
  const path = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])];
  return { ok: false, code: 'bad-message', field: path.join('.').slice(0, 128), ...idOf(raw) };
}

/** A wrong message is answered under its own id where it has a sound one. */
function idOf(raw: unknown): { readonly id?: string } {
  if (typeof raw !== 'object' || raw === null || !Object.hasOwn(raw, 'id') || !('id' in raw)) return {};
  return typeof raw.id === 'string' && raw.id.length > 0 && raw.id.length <= 64 ? { id: raw.id } : {};
}
