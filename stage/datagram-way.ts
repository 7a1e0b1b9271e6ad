/** One direction of a wire for datagrams: each may be lost, come late or come twice. */
import { stream, type Stream } from '../src/simulate/random.ts';
import { fate, type Fault } from './fate.ts';
import { OneWay } from './one-way.ts';

/** Drawn for apart: how many packets of voice pass between two messages of SIP is another number each time. */
export type Kind = 'sip' | 'media';

export interface Tally {
  /** Put in; the others are shares of it. */
  all: number;
  lost: number;
  twice: number;
}

/** Some seconds of a crowd with music. */
const heldMax = 50_000;

export class DatagramWay {
  readonly tally: Readonly<Record<Kind, Tally>> = { sip: { all: 0, lost: 0, twice: 0 }, media: { all: 0, lost: 0, twice: 0 } };
  readonly #name: string;
  readonly #way = new OneWay(heldMax);
  #fault: (Fault & { readonly random: Readonly<Record<Kind, Stream>> }) | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  lossy(fault: Fault, seed: number): void {
    this.#fault = { ...fault, random: { sip: stream('sip-wire', this.#name, 'sip', seed), media: stream('sip-wire', this.#name, 'media', seed) } };
  }

  /** What is on its way comes when it is due. */
  heal(): void {
    this.#fault = undefined;
  }

  /** `certain` leaves nothing to chance. */
  carry(kind: Kind, send: () => void, certain: Partial<Pick<Fault, 'lost' | 'twice'>> = {}): void {
    const tally = this.tally[kind];
    const [first, ...copies] = fate({ lost: 0, twice: 0, lateMs: 0, ...this.#fault, ...certain }, this.#fault?.random[kind] ?? undrawn);
    tally.all += 1;
    if (first === undefined) {
      tally.lost += 1;
      return;
    }
    tally.twice += copies.length;
    // A copy may be overtaken by what follows, and overtakes nothing.
    this.#way.put(() => {
      send();
      for (const lateMs of copies) this.#way.putAside(send, lateMs - first);
    }, { lateMs: first });
  }

  stop(): void {
    this.#way.stop();
  }
}

/** Of a wire that is well, what is certain comes true, and nothing else happens. */
const undrawn: Stream = () => 0.5;
