/** The two Asterisk libraries come without types; this is the part of them that we use, read in their source. */
declare module 'asterisk-manager' {
  export interface Manager {
    /** A path in place of a port is a socket of this machine. */
    connect(port: number | string, host: string): void;
    login(callback: (error?: unknown) => void): void;
    /** Calls back on the first packet with the ActionID; of a list that is only its head. */
    action(action: Readonly<Record<string, string>>, callback: (error: unknown, answer: unknown) => void): string;
    disconnect(callback?: () => void): void;
    isConnected(): boolean;
    on(event: string, listener: (value: unknown) => void): void;
    removeAllListeners(event: string): void;
  }
  /** Connects at once when it is given a port. */
  export default function manager(port: number | null, host: string, user: string, password: string, events: boolean): Manager;
}

declare module 'ari-client' {
  export interface Operation {
    readonly method: string;
    /** Such as /channels/{channelId}/answer. */
    readonly path: string;
    readonly parameters: readonly { readonly name: string; readonly paramType: string }[];
  }
  type Call = (args: Readonly<Record<string, unknown>>, done: (response: Reply) => void, failed: (response: Reply) => void) => void;
  export interface Reply {
    readonly status: number;
    readonly data?: { toString(encoding: string): string };
  }
  export interface Client {
    readonly _swagger: { readonly apis: Readonly<Record<string, { readonly operations: Readonly<Record<string, Operation>> } & Readonly<Record<string, Call | unknown>>>> };
    /** The socket of the moment; its own handler of messages throws at event types it does not know. */
    readonly _ws?: { terminate(): void; removeAllListeners(event: 'message'): void; on(event: 'message', listener: (data: unknown) => void): void };
    on(event: string, listener: (event: unknown) => void): void;
    start(app: string): Promise<void>;
    stop(): void;
  }
  export function connect(url: string, user: string, password: string): Promise<Client>;
}
