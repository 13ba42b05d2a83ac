/**
 * A plain room server on Socket.IO, by the convention that `cli/dialects/socketio_rooms.ts` describes.
 * The tests start it as a process; by hand:
 *
 *     deno run -A tests/support/socketio_rooms_server.ts
 *
 * It prints its URL as the first line and runs until it is ended.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server, type Socket } from "socket.io";

type Answer = (result: Record<string, unknown>) => void;
type Request = { readonly room?: unknown; readonly user?: unknown } & {
  readonly text?: unknown;
  readonly to?: unknown;
};

const http = createServer();
const io = new Server(http);
/** User ids by room, each with its socket. */
const rooms = new Map<string, Map<string, Socket>>();

io.on("connection", (socket) => {
  let seat: { room: string; user: string } | undefined;
  const leave = () => {
    if (seat === undefined) return;
    const { room, user } = seat;
    seat = undefined;
    rooms.get(room)?.delete(user);
    if (rooms.get(room)?.size === 0) rooms.delete(room);
    socket.leave(room);
    io.to(room).emit("user-left", { user });
  };
  const on = (event: string, handle: (request: Request) => Record<string, unknown>) => {
    // What a client sends may be anything: neither a request nor somebody who wants an answer.
    socket.on(event, (request: unknown, answer?: unknown) => {
      const isRequest = typeof request === "object" && request !== null;
      const result = isRequest ? handle(request) : { ok: false, error: "no request" };
      if (typeof answer === "function") (answer as Answer)(result);
    });
  };
  on("join", ({ room, user }) => {
    if (typeof room !== "string" || typeof user !== "string") {
      return { ok: false, error: "no room, or no user" };
    }
    const members = rooms.get(room) ?? new Map<string, Socket>();
    if (seat !== undefined || members.has(user)) return { ok: false, error: "taken" };
    seat = { room, user };
    rooms.set(room, members.set(user, socket));
    socket.join(room);
    socket.to(room).emit("user-joined", { user });
    return { ok: true, users: [...members.keys()] };
  });
  on("leave", () => {
    leave();
    return { ok: true };
  });
  on("message", ({ text, to }) => {
    if (seat === undefined) return { ok: false, error: "in no room" };
    const { room, user: from } = seat;
    if (to === undefined) {
      socket.to(room).emit("message", { from, text });
      return { ok: true };
    }
    const addressee = rooms.get(room)?.get(`${to}`);
    if (addressee === undefined) return { ok: false, error: "not here" };
    addressee.emit("message", { from, text });
    return { ok: true };
  });
  socket.on("disconnect", leave);
});

http.listen(0, "127.0.0.1", async () => {
  const { port } = http.address() as AddressInfo; // It is bound to an address and a port.
  await Deno.stdout.write(new TextEncoder().encode(`http://127.0.0.1:${port}/\n`));
});
