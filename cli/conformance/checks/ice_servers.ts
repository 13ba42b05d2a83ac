/** Checks of the section ICE servers: credentials that prove themselves and end. */
import { createHmac } from "node:crypto";
import type { IceServer } from "../../../src/protocol/mod.ts";
import { check } from "../check.ts";
import { demand, same } from "../expectation.ts";
import type { Scene } from "../scene.ts";

const URL = "turn:turn.example.org:3478?transport=udp";
const SECRET = "the secret of the conformance run's TURN server";
const TTL_S = 120;

/** IC1. */
export const iceServerChecks = [
  check("IC1", {
    title: "each connection and each participant gets TURN credentials of its own, which end",
    does: "compares those of welcome, of two joins and of /api/ice-servers with their HMAC",
  }, async (scene) => {
    const flags = ["--turn-url", URL, "--turn-secret", SECRET, "--turn-ttl-s", `${TTL_S}`];
    const at = await scene.ownServer(...flags);
    const ann = await scene.open("ann", { at });
    const { connectionId, iceServers } = await ann.hear("welcome");
    const early = holderIn(scene, iceServers);
    demand(early.includes(connectionId), "credentials that name the connection", early);
    for (const userId of ["ann", "bob"]) {
      const actor = userId === "ann" ? ann : await scene.connect(userId, { at });
      const joined = await actor.ask({ type: "join", roomId: scene.room, userId }, "joined");
      same(`whom they are for`, holderIn(scene, joined.iceServers), `${scene.room}/${userId}`);
      if (userId === "bob") await ann.hear("user-joined", { userId });
    }
    const { status, body } = await scene.http("/api/ice-servers", { at });
    same("the status of /api/ice-servers", status, 200);
    holderIn(scene, (body as { iceServers: IceServer[] }).iceServers);
    const demanding = await scene.tokenServer(...flags);
    const asked = await scene.http("/api/ice-servers", { at: demanding.at });
    same("the status without a token, where one is demanded", asked.status, 401);
  }),
];

/** Whom credentials are for, once they are proven to be good for as long as the server is told. */
function holderIn(scene: Scene, servers: readonly IceServer[] | undefined): string {
  const own = servers?.find(({ username }) => username !== undefined);
  demand(own !== undefined, "a server with a username", servers);
  const { urls, username = "", credential } = own as IceServer; // It is there, by the line above.
  same("its urls", [urls].flat(), [URL]);
  same("the HMAC", credential, createHmac("sha1", SECRET).update(username).digest("base64"));
  const [, endsAt = "", holder = ""] = /^(\d+):(.+)$/.exec(username) ?? [];
  const leftS = Number(endsAt) - scene.clock.now() / 1000;
  const isInTime = leftS > TTL_S - 30 && leftS <= TTL_S + 1;
  demand(isInTime, `an end in ${TTL_S} s`, `${username}, in ${Math.round(leftS)} s`);
  return holder;
}
