/** Who takes what comes, whichever way it comes. */
import assert from "node:assert/strict";
import {
  FollowedTracks,
  type TrackConsumer,
} from "../../../../cli/media/received/followed_tracks.ts";
import { ReceivedTrack } from "../../../../cli/media/received/received_track.ts";
import { PatternPackets, readPacket } from "../../../support/pattern_packets.ts";

Deno.test("FollowedTracks hands on what comes of each thing, goes over to another way, and tells of the end", () => {
  const heard: string[] = [];
  const consumer: TrackConsumer = {
    packet: ({ userId, source }, codec, _packet, at) =>
      heard.push(`${userId} ${source} ${codec} ${at}`),
    senderReport: ({ userId }, { ntpMs }) => heard.push(`${userId} report ${ntpMs}`),
    ended: ({ userId }) => heard.push(`${userId} ended`),
  };
  const followed = new FollowedTracks([consumer]);
  const [mesh, sfu] = [new ReceivedTrack(true), new ReceivedTrack(true)];
  const [bytes] = new PatternPackets().at(0);
  const comes = (track: ReceivedTrack, at: number) =>
    track.take(readPacket(bytes!.slice()), { codec: "H264", isRepair: false, at });
  const one = (track: ReceivedTrack) =>
    ({ userId: "ann", source: "camera", way: "p2p", track }) as const;

  followed.follow([one(mesh)]);
  followed.follow([one(mesh)]);
  comes(mesh, 1);
  followed.follow([one(sfu)]);
  comes(mesh, 2);
  comes(sfu, 3);
  followed.follow([]);
  comes(sfu, 4);

  assert.deepEqual(heard, ["ann camera H264 1", "ann camera H264 3", "ann ended"]);
});

Deno.test("FollowedTracks has a key frame asked for of the way that is taken now", () => {
  const [mesh, sfu] = [new ReceivedTrack(true), new ReceivedTrack(true)];
  const wishes: (() => void)[] = [];
  const followed = new FollowedTracks([{
    packet: ({ wantKeyFrame }) => wishes.push(wantKeyFrame),
    ...{ senderReport() {}, ended() {} },
  }]);
  const [bytes] = new PatternPackets().at(0);
  followed.follow([{ userId: "ann", source: "camera", way: "p2p", track: mesh }]);
  mesh.take(readPacket(bytes!), { codec: "H264", isRepair: false, at: 0 });
  followed.follow([{ userId: "ann", source: "camera", way: "sfu", track: sfu }]);

  wishes[0]!();

  assert.deepEqual([mesh.takeKeyFrameWish(), sfu.takeKeyFrameWish()], [false, true]);
});
