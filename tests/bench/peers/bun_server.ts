/**
 * The peer on Bun: rooms with join, leave, chat and relay on `Bun.serve`, written as a competent
 * user would for speed. The bench spawns it with the `bun` of its npm package.
 *
 * Rooms are topics: `publish` encodes and frames a broadcast once, natively, and what one turn of
 * the loop publishes to a socket leaves in one write.
 */
type Room = { readonly roomId: string; readonly members: Map<string, Socket> };
type Member = { userId: string; room: Room | undefined };
type Message = { readonly type: string; readonly [field: string]: unknown };

/** What this file uses of Bun's `ServerWebSocket<Member>`. */
interface Socket {
  readonly data: Member;
  send(text: string): number;
  publish(topic: string, text: string): number;
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
}
/** What this file uses of Bun, whose types are not installed here. */
declare const Bun: {
  serve(options: {
    hostname: string;
    port: number;
    fetch(
      request: Request,
      server: { upgrade(request: Request, options: { data: Member }): boolean },
    ): Response | undefined;
    websocket: {
      idleTimeout: number;
      perMessageDeflate: boolean;
      backpressureLimit: number;
      message(socket: Socket, text: string): void;
      close(socket: Socket): void;
    };
  }): { readonly port: number; publish(topic: string, text: string): number };
};

const rooms = new Map<string, Room>();

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch(request, upgrader) {
    if (upgrader.upgrade(request, { data: { userId: "", room: undefined } })) return undefined;
    return new Response(null, { status: 426 });
  },
  websocket: {
    idleTimeout: 0,
    perMessageDeflate: false,
    backpressureLimit: 64 * 1024 * 1024,
    message: (socket, text) => receive(socket, JSON.parse(text)),
    close: (socket) => leave(socket),
  },
});
// deno-lint-ignore no-console -- The bench reads the port from standard output.
console.log(`listening on http://127.0.0.1:${server.port}/`);

function receive(socket: Socket, message: Message): void {
  switch (message.type) {
    case "join":
      return join(socket, String(message.roomId), String(message.userId));
    case "leave":
      return leave(socket, { isAsked: true });
    case "chat":
      return chat(socket, message);
    case "offer":
    case "answer":
    case "ice-candidate":
      return relay(socket, message);
  }
}

function join(socket: Socket, roomId: string, userId: string): void {
  if (socket.data.room) leave(socket);
  let room = rooms.get(roomId);
  if (!room) rooms.set(roomId, room = { roomId, members: new Map() });
  socket.data.room = room;
  socket.data.userId = userId;
  room.members.set(userId, socket);
  socket.send(JSON.stringify({ type: "joined", roomId, userId, users: [...room.members.keys()] }));
  server.publish(roomId, JSON.stringify({ type: "user-joined", roomId, userId }));
  socket.subscribe(roomId);
}

function leave(socket: Socket, { isAsked } = { isAsked: false }): void {
  const { room, userId } = socket.data;
  if (!room) return;
  const { roomId } = room;
  room.members.delete(userId);
  socket.data.room = undefined;
  if (isAsked) {
    socket.unsubscribe(roomId);
    socket.send(JSON.stringify({ type: "leaved", roomId, userId }));
  }
  if (room.members.size === 0) rooms.delete(roomId);
  else server.publish(roomId, JSON.stringify({ type: "user-left", roomId, userId }));
}

function chat(socket: Socket, message: Message): void {
  const { room, userId } = socket.data;
  if (!room) return;
  socket.publish(room.roomId, JSON.stringify({ type: "chat", from: userId, text: message.text }));
}

function relay(socket: Socket, { to, ...message }: Message): void {
  const receiver = socket.data.room?.members.get(String(to));
  receiver?.send(JSON.stringify({ ...message, from: socket.data.userId }));
}
