/**
 * The CTI socket of this page: gets a ticket, signs in, takes the stream up where it broke off, and tells the page of
 * every change exactly once. Gives up only when told that the person works somewhere else or the session is over.
 */
const closedFor = { replaced: 4409, notSignedIn: 4401, sessionOver: 4440 };
const waits = [300, 1000, 2000, 5000, 10000];

export class Connection {
  #on;
  #socket = null;
  #stream = null;
  #seq = -1;
  #failures = 0;
  #timer = 0;
  #silence = 0;
  #replies = new Map();
  #ids = 0;
  #ended = false;
  /** What the server's clock is ahead of ours. */
  ahead = 0;

  /** `on`: change(message), state('connected' | 'connecting' | 'replaced'), over(). */
  constructor(on) {
    this.#on = on;
  }

  async open() {
    clearTimeout(this.#timer);
    let response;
    try {
      response = await fetch('/api/cti-ticket', { method: 'POST' });
    } catch {
      return this.#later();
    }
    if (this.#ended) return;
    if (response.status === 401) return this.#on.over();
    if (!response.ok) return this.#later();
    const { ticket } = await response.json();
    if (this.#ended) return;
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/cti`);
    this.#socket = socket;
    const resume = this.#stream === null ? {} : { resume: { stream: this.#stream, seq: this.#seq } };
    socket.onopen = () => socket.send(JSON.stringify({ type: 'sign-in-here', ticket, ...resume }));
    socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
    socket.onclose = ({ code }) => this.#closed(socket, code);
  }

  close() {
    this.#ended = true;
    clearTimeout(this.#timer);
    clearInterval(this.#silence);
    this.#socket?.close();
  }

  /** Answers with the server's reply; a connection that broke is a reply too. */
  ask(command) {
    const id = `p${(this.#ids += 1)}`;
    if (this.#socket?.readyState !== WebSocket.OPEN) return Promise.resolve({ ok: false, code: 'disconnected' });
    this.#socket.send(JSON.stringify({ ...command, id }));
    return new Promise((resolve) => this.#replies.set(id, resolve));
  }

  now() {
    return Date.now() + this.ahead;
  }

  #take(message) {
    if (message.type === 'welcome') {
      this.#failures = 0;
      this.ahead = message.at - Date.now();
      this.#watch(message.heartbeatMs);
      this.#on.welcome(message);
      this.#on.state('connected');
    } else if (message.type === 'reply') {
      this.#replies.get(message.id)?.(message);
      this.#replies.delete(message.id);
    } else if (message.type === 'snapshot') {
      this.#stream = message.stream;
      this.#seq = 0;
      this.#on.change(message);
    } else if (message.seq === this.#seq + 1) {
      this.#seq = message.seq;
      this.#on.change(message);
    }
  }

  /** A browser does not say when the other side is silent, so the page asks. */
  #watch(everyMs) {
    clearInterval(this.#silence);
    this.#silence = setInterval(async () => {
      const socket = this.#socket;
      const answered = await Promise.race([this.#ping(), new Promise((resolve) => setTimeout(resolve, everyMs / 2, false))]);
      if (!answered && socket === this.#socket) socket?.close();
    }, everyMs);
  }

  #ping() {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) return Promise.resolve(false);
    return new Promise((resolve) => {
      const heard = () => {
        socket.removeEventListener('message', heard);
        resolve(true);
      };
      socket.addEventListener('message', heard);
      socket.send(JSON.stringify({ type: 'ping', id: 'beat' }));
    });
  }

  #closed(socket, code) {
    if (socket !== this.#socket || this.#ended) return;
    this.#socket = null;
    clearInterval(this.#silence);
    for (const resolve of this.#replies.values()) resolve({ ok: false, code: 'disconnected' });
    this.#replies.clear();
    if (code === closedFor.replaced) return this.#on.state('replaced');
    if (code === closedFor.sessionOver) return this.#on.over();
    this.#later();
  }

  #later() {
    if (this.#ended) return;
    this.#on.state('connecting');
    const wait = waits[Math.min(this.#failures, waits.length - 1)];
    this.#failures += 1;
    this.#timer = setTimeout(() => void this.open(), wait * (0.75 + Math.random() / 2));
  }
}
