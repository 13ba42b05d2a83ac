/** Which offered header extensions we agree on. */
import assert from "node:assert/strict";
import { EXTENSION_URIS } from "../../../src/media/rtp/extensions.ts";
import { chooseExtensions } from "../../../src/media/sdp/extension_choice.ts";

const NONE = {
  ...{ absSendTime: 0, transportCc: 0, mid: 0, rid: 0, repairedRid: 0, audioLevel: 0 },
  ...{ videoOrientation: 0, dependencyDescriptor: 0 },
};

Deno.test("chooseExtensions takes those that are wanted, under the ids of the offer", () => {
  const offered = [
    { id: 7, uri: EXTENSION_URIS.mid },
    { id: 3, uri: EXTENSION_URIS.transportCc },
    { id: 14, uri: EXTENSION_URIS.rid },
    { id: 1, uri: "urn:ietf:params:rtp-hdrext:toffset" },
  ];

  const { ids, offered: taken } = chooseExtensions(offered, new Set(["mid", "rid", "audioLevel"]));

  assert.deepEqual(ids, { ...NONE, mid: 7, rid: 14 });
  assert.deepEqual(taken, [offered[0], offered[2]]);
});

Deno.test("chooseExtensions takes the first of two ids of one extension", () => {
  const offered = [{ id: 5, uri: EXTENSION_URIS.mid }, { id: 6, uri: EXTENSION_URIS.mid }];

  const { ids, offered: taken } = chooseExtensions(offered, new Set(["mid"]));

  assert.equal(ids.mid, 5);
  assert.deepEqual(taken, [offered[0]]);
});

Deno.test("chooseExtensions takes nothing of nothing, and knows no names of JavaScript", () => {
  const strange = [{ id: 5, uri: "constructor" }, { id: 6, uri: "__proto__" }];

  assert.deepEqual(chooseExtensions([], new Set(["mid"])), { ids: NONE, offered: [] });
  assert.deepEqual(chooseExtensions(strange, new Set(["mid"])), { ids: NONE, offered: [] });
});
