/** A desktop as an integrator would write one: it keeps every message and waits for those it asks for. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { patientMs } from '../support/patient.ts';
import type { House } from './house.ts';

export type Message = { readonly type: string; readonly seq?: number; readonly [field: string]: unknown };

export class Desktop {
  readonly received: Message[] = [];
  readonly socket: WebSocket;
  /** The close code, once closed. */
  readonly closed: Promise<number>;
  readonly #waiting = new Set<() => void>();
  #ids = 0;

  constructor(url: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/cti`, { headers });
    this.closed = new Promise((resolve) => this.socket.once('close', resolve));
    this.socket.on('message', (data) => {
      // The server sends JSON objects with a type and nothing else; the tests check the rest.
      this.received.push(JSON.parse(String(data)) as Message);
      for (const look of this.#waiting) look();
    });
  }

  /** Signed in, with the first message after the welcome received. */
  static async open(house: House, agent: string, resume?: { stream: string; seq: number }): Promise<Desktop> {
    const desktop = new Desktop(house.url);
    await once(desktop.socket, 'open');
    desktop.send({ type: 'sign-in-here', ticket: await house.ticket(agent), ...(resume ? { resume } : {}) });
    await desktop.until('welcome');
    return desktop;
  }

  send(message: object | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Sends a command and answers with its reply. */
  async ask(command: { readonly type: string; readonly [field: string]: unknown }): Promise<Message> {
    this.#ids += 1;
    const id = `ask-${this.#ids}`;
    this.send({ id, ...command });
    return this.until('reply', (message) => message['id'] === id);
  }

  /** The first such message received, now or later. */
  until(type: string, such: (message: Message) => boolean = () => true): Promise<Message> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`no ${type} came; received ${this.received.map((each) => each.type).join(', ')}`));
      }, patientMs);
      const look = (): void => {
        const found = this.received.find((message) => message.type === type && such(message));
        if (!found) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  get numbered(): Message[] {
    return this.received.filter((message) => message.seq !== undefined);
  }

  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    this.socket.close();
    await this.closed;
  }
}
