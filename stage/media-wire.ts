/** The voice of one call, led through ports of our own in both directions: RTP, and RTCP at the port behind it. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { loopback } from '../runtime/ports.ts';
import type { DatagramWay } from './datagram-way.ts';
import type { Place } from './sdp.ts';

export interface MediaWays {
  readonly toAsterisk: DatagramWay;
  readonly toPhones: DatagramWay;
}

export class MediaWire {
  /** Where each end hears, by its own SDP; what comes before that is known goes nowhere. */
  phone: Place | undefined;
  asterisk: Place | undefined;
  readonly #near: Pair;
  readonly #far: Pair;
  #closed = false;

  private constructor(near: Pair, far: Pair, { toAsterisk, toPhones }: MediaWays) {
    this.#near = near;
    this.#far = far;
    for (const [index, socket] of near.entries()) socket.on('message', (data) => toAsterisk.carry('media', () => this.#send(far[index], data, this.asterisk, index)));
    for (const [index, socket] of far.entries()) socket.on('message', (data) => toPhones.carry('media', () => this.#send(near[index], data, this.phone, index)));
  }

  static async open(ways: MediaWays): Promise<MediaWire> {
    return new MediaWire(await openPair(), await openPair(), ways);
  }

  /** What the phone is told to send to. */
  get near(): Place {
    return placeOf(this.#near[0]);
  }

  /** What Asterisk is told to send to. */
  get far(): Place {
    return placeOf(this.#far[0]);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const socket of [...this.#near, ...this.#far]) socket.close();
  }

  #send(from: Socket | undefined, data: Buffer, to: Place | undefined, index: number): void {
    // A packet may be under way when its call is over.
    if (!this.#closed && to !== undefined) from?.send(data, to.port + index, to.host);
  }
}

type Pair = readonly [Socket, Socket];
const pairsTried = 200;

/** RTP wants an even port and the next one. */
async function openPair(): Promise<Pair> {
  for (let tried = 0; tried < pairsTried; tried += 1) {
    const rtp = await openUdp(0);
    const { port } = rtp.address();
    const rtcp = port % 2 === 0 ? await openUdp(port + 1).catch(() => undefined) : undefined;
    if (rtcp !== undefined) return [rtp, rtcp];
    rtp.close();
  }
  throw new Error(`no two free ports side by side in ${pairsTried} tries`);
}

export async function openUdp(port: number): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(port, loopback);
  await once(socket, 'listening');
  return socket;
}

export function placeOf(socket: Socket): Place {
  const { address: host, port } = socket.address();
  return { host, port };
}
