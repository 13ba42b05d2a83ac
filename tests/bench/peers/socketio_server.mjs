/**
 * The peer on socket.io under Node: rooms with join, leave, chat and relay, written as a competent
 * user of the library would for speed. The bench spawns it with the folder of its packages.
 *
 * WebSocket transport alone, no compression, the library's own rooms: its adapter encodes and
 * frames a broadcast once for all receivers.
 */
import { createServer } from "node:http";
import { createRequire } from "node:module";
import process from "node:process";

const require = createRequire(`${process.argv[2]}/package.json`);
const { Server } = require("socket.io");

const rooms = new Map();

const http = createServer((_request, response) => response.writeHead(426).end());
const server = new Server(http, {
  transports: ["websocket"],
  perMessageDeflate: false,
  httpCompression: false,
  serveClient: false,
});
server.on("connection", (socket) => {
  const member = { socket, userId: "", room: undefined };
  socket.on("message", (message) => receive(member, message));
  socket.on("disconnect", () => leave(member));
});
http.listen(0, "127.0.0.1", 4096, () => {
  // deno-lint-ignore no-console -- The bench reads the port from standard output.
  console.log(`listening on http://127.0.0.1:${http.address().port}/`);
});

function receive(member, message) {
  switch (message.type) {
    case "join":
      return join(member, message);
    case "leave":
      return leave(member, true);
    case "chat":
      if (!member.room) return;
      return broadcast(member, { type: "chat", from: member.userId, text: message.text });
    case "offer":
    case "answer":
    case "ice-candidate":
      return relay(member, message);
  }
}

function join(member, { roomId, userId }) {
  if (member.room) leave(member);
  let room = rooms.get(roomId);
  if (!room) rooms.set(roomId, room = { roomId, members: new Map() });
  member.room = room;
  member.userId = userId;
  room.members.set(userId, member);
  member.socket.join(roomId);
  send(member, { type: "joined", roomId, userId, users: [...room.members.keys()] });
  broadcast(member, { type: "user-joined", roomId, userId });
}

function leave(member, isAsked = false) {
  const { room, userId } = member;
  if (!room) return;
  room.members.delete(userId);
  if (room.members.size === 0) rooms.delete(room.roomId);
  if (isAsked) send(member, { type: "leaved", roomId: room.roomId, userId });
  broadcast(member, { type: "user-left", roomId: room.roomId, userId });
  member.socket.leave(room.roomId);
  member.room = undefined;
}

function relay(member, { to, ...message }) {
  const receiver = member.room?.members.get(to);
  if (receiver) send(receiver, { ...message, from: member.userId });
}

function send(member, message) {
  member.socket.emit("message", message);
}

function broadcast(sender, message) {
  sender.socket.to(sender.room.roomId).emit("message", message);
}
