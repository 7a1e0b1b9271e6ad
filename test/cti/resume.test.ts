import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { agentId } from '../../src/base/ids.ts';
import { closeCodes, limits } from '../../src/cti/protocol.ts';
import { Stream } from '../../src/cti/stream.ts';
import { Desktop, type Message } from './desktop.ts';
import { houseRouting, openHouse, type House } from './house.ts';

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.stop());

let changed = 0;
/** One change on 1001's stream. */
const change = () => house.submit({ type: 'device-changed', agent: agentId('1001'), device: (changed += 1) % 2 === 0 ? 'ringing' : 'in-call' });

/** A desktop that remembers, over its sockets, the stream it follows and all it was told there. */
class Follower {
  readonly told: Message[] = [];
  streams = 0;
  #stream = '';
  #desktop: Desktop | undefined;
  #taken = 0;

  async connect(): Promise<void> {
    const last = this.told.at(-1)?.seq;
    this.#desktop = await Desktop.open(house, '1001', last === undefined ? undefined : { stream: this.#stream, seq: last });
    this.#taken = 0;
    const welcome = await this.#desktop.until('welcome');
    if (welcome['resumed'] !== true) await this.#desktop.until('snapshot');
  }

  /** Tears the connection at any point of what is on the way. */
  async tear(): Promise<void> {
    this.take();
    const desktop = this.#desktop;
    desktop?.socket.terminate();
    await desktop?.closed;
    this.take();
  }

  take(): void {
    for (const message of this.#desktop?.numbered.slice(this.#taken) ?? []) {
      this.#taken += 1;
      if (message.type === 'snapshot') {
        this.#stream = String(message['stream']);
        this.streams += 1;
        this.told.length = 0;
      }
      this.told.push(message);
    }
  }

  async until(seq: number): Promise<void> {
    await this.#desktop?.until('my-state', (message) => message.seq === seq).catch((error: unknown) => {
      if (!this.told.some((message) => message.seq === seq)) throw error;
    });
    this.take();
  }
}

test('over any reconnects, nothing is lost and nothing comes twice', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.oneof(fc.nat({ max: 40 }), fc.constant('tear' as const)), { minLength: 1, maxLength: 12 }), async (steps) => {
    const follower = new Follower();
    await follower.connect();
    let connected = true;
    for (const step of steps) {
      if (step === 'tear') {
        if (connected) await follower.tear();
        else await follower.connect();
        connected = !connected;
      } else {
        // Not awaited one by one: a tear may fall between two that are on the way.
        await Promise.all(Array.from({ length: step }, change));
      }
    }
    if (!connected) await follower.connect();
    await change();
    const seq = house.cti.desktops.seqOf(agentId('1001')) ?? expect.fail('no stream');
    await follower.until(seq);
    expect(follower.streams).toBe(1);
    expect(follower.told.map((message) => message.seq)).toEqual(Array.from({ length: seq + 1 }, (_, index) => index));
    await follower.tear();
  }), { numRuns: 25 });
});

test('who was away for too long, or comes with another stream, begins again with a snapshot', async () => {
  const first = await Desktop.open(house, '1001');
  const { stream } = await first.until('snapshot');
  first.socket.terminate();
  await first.closed;
  for (let count = 0; count < limits.ring * 2 + 5; count += 1) await change();
  const late = await Desktop.open(house, '1001', { stream: String(stream), seq: 0 });
  expect(await late.until('welcome')).toMatchObject({ resumed: false });
  expect((await late.until('snapshot'))['stream']).not.toBe(stream);
  await late.close();
  const stranger = await Desktop.open(house, '1001', { stream: 'of another process', seq: 3 });
  expect(await stranger.until('welcome')).toMatchObject({ resumed: false });
  await stranger.close();
});

test('one person’s stream cannot be taken up by another', async () => {
  const desktop = await Desktop.open(house, '1001');
  const { stream } = await desktop.until('snapshot');
  const other = await Desktop.open(house, '1002', { stream: String(stream), seq: 0 });
  expect(await other.until('welcome')).toMatchObject({ agent: '1002', resumed: false });
  await Promise.all([desktop.close(), other.close()]);
});

test('a new configuration begins every stream again; who left it is signed out', async () => {
  const desktop = await Desktop.open(house, '1001');
  const leaving = await Desktop.open(house, '1003');
  const { stream } = await desktop.until('snapshot');
  const routing = houseRouting('next');
  await house.submit({ type: 'configure', routing: { ...routing, agents: new Map([...routing.agents].filter(([id]) => id !== '1003')) } });
  const again = await desktop.until('snapshot', (message) => message['stream'] !== stream);
  expect(again.seq).toBe(0);
  expect(await leaving.closed).toBe(closeCodes.sessionOver);
  await desktop.close();
});

test('the ring gives back exactly what came after', () => {
  const stream = new Stream(4);
  const frames = Array.from({ length: 20 }, (_, index) => stream.push(`{"n":${index + 1}}`));
  expect(frames[0]).toBe('{"seq":1,"n":1}');
  for (let seq = 0; seq <= 20; seq += 1) {
    const after = stream.after(seq);
    if (after) expect(after).toEqual(frames.slice(seq));
    else expect(seq).toBeLessThan(20 - 4);
  }
  expect(stream.after(21)).toBeNull();
});
