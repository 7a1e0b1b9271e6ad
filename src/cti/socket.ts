/** The websocket under a conversation: origin, frame size, heartbeat, and the end of those who read too slowly. */
import type { FastifyInstance } from 'fastify';
import websocket from '@fastify/websocket';
import type { WebSocket } from 'ws';
import { Conversation } from './conversation.ts';
import type { Cti } from './cti.ts';
import { closeCodes, limits } from './protocol.ts';

export interface SocketOptions {
  readonly cti: Cti;
  /** Browsers always say where a page is from; programs say nothing. */
  readonly originAllowed: (origin: string | undefined, host: string | undefined) => boolean;
  readonly path: string;
  /** Sockets at once, signed in or not. */
  readonly socketsMax?: number;
  readonly bufferedBytesMax?: number;
  readonly onDropped?: (why: 'slow' | 'silent') => void;
}

export const socketsMax = 10_000;
const farewellMs = 1_000;
const piecesMax = 1_024;

export async function serveCti(server: FastifyInstance, options: SocketOptions): Promise<void> {
  const open = new Set<WebSocket>();
  await server.register(websocket, {
    options: {
      maxPayload: limits.frameBytes,
      // A message may come in pieces, and a piece in chunks, but not in so many that their book-keeping is the attack.
      maxFragments: piecesMax,
      maxBufferedChunks: piecesMax,
      perMessageDeflate: false,
      verifyClient: ({ req }, answer) => {
        if (!options.originAllowed(req.headers.origin, req.headers.host)) return answer(false, 403, 'Foreign origin');
        if (open.size >= (options.socketsMax ?? socketsMax)) return answer(false, 503, 'Too many sockets');
        answer(true);
      },
    },
    preClose: (done) => {
      options.cti.stop();
      for (const socket of open) socket.close(closeCodes.goingAway);
      // A desktop that does not answer the farewell must not hold the process.
      const patience = setTimeout(() => open.forEach((socket) => socket.terminate()), farewellMs);
      server.websocketServer.close(() => {
        clearTimeout(patience);
        done();
      });
    },
  });
  server.get(options.path, { websocket: true, schema: { hide: true }, config: { access: 'anyone', standby: true } }, (socket, request) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    converse(socket, options, (error) => request.log.error({ err: error }, 'a command failed'));
  });
}

function converse(socket: WebSocket, options: SocketOptions, onFailure: (error: unknown) => void): void {
  const { cti, bufferedBytesMax = limits.bufferedBytes, onDropped } = options;
  const drop = (why: 'slow' | 'silent'): void => {
    onDropped?.(why);
    // Off the list at once: its close event comes only a turn later.
    conversation.closed();
    socket.terminate();
  };
  const conversation: Conversation = new Conversation(cti, {
    send: (frame) => {
      if (socket.readyState !== socket.OPEN) return;
      // A close frame would queue behind what is stuck already, so a slow reader is cut without one.
      if (socket.bufferedAmount > bufferedBytesMax) return drop('slow');
      socket.send(frame);
    },
    close: (code, reason) => {
      socket.close(code, reason);
    },
  }, onFailure);

  let alive = true;
  const heartbeat = setInterval(() => {
    if (!alive) return drop('silent');
    alive = false;
    conversation.checkSession();
    socket.ping();
  }, limits.heartbeatMs);

  socket.on('pong', () => (alive = true));
  socket.on('message', (data, isBinary) => {
    alive = true;
    if (isBinary) conversation.receiveBinary();
    // One text frame arrives as one Buffer: ws is not asked for fragments.
    else conversation.receive(String(data));
  });
  // A broken frame (too big, bad UTF-8) has its close code set by ws itself; `close` follows.
  socket.on('error', () => conversation.closed());
  socket.on('close', () => {
    clearInterval(heartbeat);
    conversation.closed();
  });
}

