/**
 * Everyone signed in to the CTI: one stream and at most one socket a person. Committed events go out here in the same
 * turn they are committed in; nothing on this path waits for a database or for another desktop.
 */
import type { JournalEvent } from '../acd/messages.ts';
import { assertNever } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import type { AgentId, ContactId, QueueId } from '../base/ids.ts';
import type { Text } from '../base/text.ts';
import type { AgentConfig } from '../config/agent-config.ts';
import type { CallerRecords } from './caller-records.ts';
import type { Desk } from './desk.ts';
import { queueFigures } from './figures.ts';
import { MovedQueues } from './moved-queues.ts';
import { limits, type Change } from './protocol.ts';
import { seesAll, snapshotFor } from './snapshot.ts';
import { numbered, Stream } from './stream.ts';
import { queuesTouched, recordViews, viewsOf, type Audience, type Scene, type View } from './views.ts';

/** Where a desktop's frames go. `send` never throws and never waits. */
export interface Wire {
  send(frame: string): void;
  /** Another socket took over this person's stream. */
  replaced(): void;
  /** The person left the configuration, or the service stops. */
  end(why: 'removed' | 'stopping'): void;
}

export interface DesktopsOptions {
  readonly desk: Desk;
  readonly records: CallerRecords;
  readonly clock: Clock;
  readonly name: () => Text;
}

/** A signed-in person. Lives on for a while without a socket, counting, so that a reconnect can resume. */
interface Seat {
  stream: Stream;
  wire: Wire | null;
  expiry: NodeJS.Timeout | undefined;
}

export class Desktops {
  readonly #options: DesktopsOptions;
  readonly #seats = new Map<AgentId, Seat>();
  readonly #scene: Scene;
  readonly #release: () => void;
  readonly #moved = new MovedQueues(limits.figuresEveryMs, (queues) => this.#showFigures(queues));

  constructor(options: DesktopsOptions) {
    this.#options = options;
    this.#scene = { centre: options.desk.centre, recordOf: options.records.recordOf };
    this.#release = options.desk.onCommitted((events) => this.#committed(events));
  }

  /** Sockets that are open now. */
  get open(): number {
    let open = 0;
    for (const seat of this.#seats.values()) if (seat.wire) open += 1;
    return open;
  }

  /** Whether the person has a socket now: another one takes its place. */
  isOpen(agent: AgentId): boolean {
    return this.#seats.get(agent)?.wire != null;
  }

  /** The number of the newest change in the person's stream. */
  seqOf(agent: AgentId): number | undefined {
    return this.#seats.get(agent)?.stream.seq;
  }

  /**
   * Seats the person at this wire and says what to send first: what was missed, or a snapshot. Frames pushed from
   * now on follow it. A wire that sat there before is told and let go.
   */
  join(agent: AgentId, wire: Wire, resume?: { readonly stream: string; readonly seq: number }): { readonly resumed: boolean; readonly frames: readonly string[] } {
    const before = this.#seats.get(agent);
    clearTimeout(before?.expiry);
    const gone = before?.wire;
    if (before) before.wire = null;
    gone?.replaced();
    const missed = before && resume?.stream === before.stream.id ? before.stream.after(resume.seq) : null;
    const seat: Seat = { stream: before && missed ? before.stream : new Stream(limits.ring), wire, expiry: undefined };
    this.#seats.set(agent, seat);
    return missed ? { resumed: true, frames: missed } : { resumed: false, frames: [this.#snapshot(agent, seat.stream)] };
  }

  /** The wire broke. Presence stays as it is: an agent works on with the phone alone. */
  leave(agent: AgentId, wire: Wire): void {
    const seat = this.#seats.get(agent);
    if (seat?.wire !== wire) return;
    seat.wire = null;
    seat.expiry = setTimeout(() => {
      if (this.#seats.get(agent) === seat) this.#seats.delete(agent);
    }, limits.streamMs);
  }

  /** A caller's record came in. */
  recordKnown(contact: ContactId): void {
    this.#show(recordViews(contact, this.#scene));
  }

  stop(): void {
    this.#release();
    this.#moved.stop();
    for (const seat of this.#seats.values()) {
      clearTimeout(seat.expiry);
      seat.wire?.end('stopping');
    }
    this.#seats.clear();
  }

  #committed(events: readonly JournalEvent[]): void {
    const { centre } = this.#scene;
    const views: View[] = [];
    let configured = false;
    for (const { event } of events) {
      this.#follow(event);
      views.push(...viewsOf(event, this.#scene));
      this.#moved.add(queuesTouched(event, centre));
      configured ||= event.type === 'configured';
    }
    this.#show(views);
    if (configured) this.#startAgain();
  }

  /** The look-up begins at arrival, or with the offer for contacts that arrived before this process did. */
  #follow(event: JournalEvent['event']): void {
    const { records } = this.#options;
    if (event.type === 'contact-arrived' && event.turnedAway === undefined) records.want(event.contact, event.ani);
    if (event.type === 'contact-ended') records.forget(event.contact);
    if (event.type === 'offer-made') {
      const ani = this.#scene.centre.contacts.get(event.contact)?.ani;
      if (ani !== undefined) records.want(event.contact, ani);
    }
  }

  /** A batch may make the same picture twice; it is shown once. Each change is written out once, whoever sees it. */
  #show(views: readonly View[]): void {
    const shown = new Set<string>();
    for (const { to, change } of views) {
      const body = JSON.stringify(change);
      const key = `${to.kind === 'agent' ? to.agent : to.kind} ${body}`;
      if (shown.has(key)) continue;
      shown.add(key);
      this.#push(to, body);
    }
  }

  #push(to: Audience, body: string): void {
    switch (to.kind) {
      case 'agent':
        return this.#pushTo(this.#seats.get(to.agent), body);
      case 'supervisors':
      case 'everyone':
        for (const [agent, seat] of this.#seats) if (to.kind === 'everyone' || seesAll(this.#config(agent))) this.#pushTo(seat, body);
        return;
      default:
        return assertNever(to);
    }
  }

  #pushTo(seat: Seat | undefined, body: string): void {
    if (!seat) return;
    const frame = seat.stream.push(body);
    seat.wire?.send(frame);
  }

  #showFigures(queues: ReadonlySet<QueueId>): void {
    for (const queue of queueFigures(this.#scene.centre, queues)) {
      const change: Change = { type: 'queue-changed', queue };
      const body = JSON.stringify(change);
      for (const [agent, seat] of this.#seats) {
        const config = this.#config(agent);
        if (seesAll(config) || config?.queues.some((own) => own === queue.queue)) this.#pushTo(seat, body);
      }
    }
  }

  /** A new configuration changes names, queues and rights: every stream begins again with a snapshot. */
  #startAgain(): void {
    for (const [agent, seat] of this.#seats) {
      if (!this.#config(agent)) {
        this.#seats.delete(agent);
        clearTimeout(seat.expiry);
        seat.wire?.end('removed');
        continue;
      }
      seat.stream = new Stream(limits.ring);
      seat.wire?.send(this.#snapshot(agent, seat.stream));
    }
  }

  #snapshot(agent: AgentId, stream: Stream): string {
    const at = this.#options.clock.now();
    return numbered(0, JSON.stringify(snapshotFor(agent, { ...this.#scene, stream: stream.id, at, name: this.#options.name() })));
  }

  #config(agent: AgentId): AgentConfig | undefined {
    return this.#scene.centre.routing.agents.get(agent);
  }
}
