/**
 * The agents' phones as AMI tells of them: their state, and whether they answer when the desktop asks (SIP NOTIFY with
 * the event `talk`). A phone that does not know that event drops the call it rings with, so only those are asked that
 * are known to: by what they called themselves when they registered. Their Allow-Events header would be the better
 * sign, and Asterisk gives it to nobody while the phone rings.
 */
import { agentId } from '../base/ids.ts';
import type { AgentId } from '../base/ids.ts';
import type { Ami, AmiEvent } from './ami.ts';
import { deviceIn } from './devices.ts';
import type { Device, SeenDevice } from './port.ts';

export interface PhonesOptions {
  readonly ami: Pick<Ami, 'list'> | undefined;
  readonly agents: readonly AgentId[];
  /** Beginnings of the user agents that answer when asked. */
  readonly remoteAnswer: readonly string[];
  readonly tell: (device: SeenDevice) => void;
}

/** Phones register in crowds, and the list is whole each time: the first is answered at once, the rest together. */
const listEveryMs = 500;

export class Phones {
  readonly #options: PhonesOptions;
  readonly #devices = new Map<AgentId, Device>();
  #answering: ReadonlySet<string> = new Set();
  #agents: ReadonlySet<string>;
  #remoteAnswer: readonly string[];
  #listing: NodeJS.Timeout | undefined;
  #unlisted = false;

  constructor(options: PhonesOptions) {
    this.#options = options;
    this.#agents = new Set(options.agents);
    this.#remoteAnswer = options.remoteAnswer;
  }

  setAgents(agents: readonly AgentId[], remoteAnswer: readonly string[]): void {
    this.#agents = new Set(agents);
    this.#remoteAnswer = remoteAnswer;
  }

  /** All that AMI knows. While it is away nothing is known: one last seen in a call would never be rung again. */
  async look(): Promise<readonly SeenDevice[]> {
    const { ami } = this.#options;
    const [states, contacts] = await Promise.all([ami?.list({ Action: 'DeviceStateList' }), ami?.list({ Action: 'PJSIPShowContacts' })]);
    this.#devices.clear();
    this.#answering = this.#answeringOf(contacts ?? []);
    if (states === undefined) return [...this.#agents].map((id) => this.#seen(agentId(id)));
    return states.flatMap((item) => this.#read(item) ?? []);
  }

  take(event: AmiEvent): void {
    const device = this.#read(event);
    if (device !== undefined) this.#options.tell(device);
    else if (event['event'] === 'ContactStatus' && this.#agents.has(event['aor'] ?? '')) this.#registered();
  }

  stop(): void {
    clearTimeout(this.#listing);
  }

  #read(event: AmiEvent): SeenDevice | undefined {
    const device = deviceIn(event, this.#agents);
    if (device === undefined) return undefined;
    this.#devices.set(device.agent, device.device);
    return this.#seen(device.agent);
  }

  #seen(agent: AgentId): SeenDevice {
    return { agent, device: this.#devices.get(agent) ?? 'unknown', remoteAnswer: this.#answering.has(agent) };
  }

  #registered(): void {
    this.#unlisted = true;
    if (this.#listing === undefined) this.#list();
  }

  #list(): void {
    this.#unlisted = false;
    void this.#lookAgain();
    this.#listing = setTimeout(() => {
      this.#listing = undefined;
      if (this.#unlisted) this.#list();
    }, listEveryMs);
    this.#listing.unref();
  }

  async #lookAgain(): Promise<void> {
    const before = this.#answering;
    // None at all is an error to Asterisk; AMI that went says so by itself.
    this.#answering = this.#answeringOf((await this.#options.ami?.list({ Action: 'PJSIPShowContacts' })) ?? []);
    for (const id of this.#agents) if (before.has(id) !== this.#answering.has(id)) this.#options.tell(this.#seen(agentId(id)));
  }

  #answeringOf(contacts: readonly AmiEvent[]): ReadonlySet<string> {
    const answers = (userAgent: string): boolean => this.#remoteAnswer.some((beginning) => userAgent.toLowerCase().startsWith(beginning.toLowerCase()));
    return new Set(contacts.flatMap(({ endpoint = '', useragent = '' }) => (answers(useragent) ? [endpoint] : [])));
  }
}
