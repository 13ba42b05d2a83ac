/**
 * Packets as Chromium 156 sends them, their payload cut after some 40 bytes: what the tests of this
 * folder hold the readers against, and seeds for the fuzz test.
 */
import { hex } from "./hex.ts";

/** The ids that Chromium gives to header extensions of video; audio has its level at 12. */
export const BROWSER_IDS = {
  absSendTime: 2,
  videoOrientation: 3,
  transportCc: 4,
  mid: 9,
  rid: 10,
  audioLevel: 12,
  dependencyDescriptor: 13,
} as const;

const SVC_STRUCTURE =
  "800001c0081485214eaaaaa8000600004000100002aa80a8000600004000100002a000a800060000400016d549241b" +
  "5524906d54923157e001974ca864330e222396eca8655304224390eca8775300ef008601df010d03bf021b1f80";

/** One of each kind. */
export const BROWSER_PACKETS = {
  /** The first packet of the layer "l", 320x180. */
  vp8KeyFrame: hex(
    "906062b594ff2cfe0e62495ebede00032250d4e74100039030a06c00" +
      "90e083e78a20d0af009d012a4001b400396b00391c240c2c2c44cc2441a8001624b93a57eb47321f43fb97a1",
  ),
  /** The second packet of that frame. */
  vp8KeyFrameRest: hex(
    "906062b694ff2cfe0e62495ebede00032250e1624100049030a06c00" +
      "80e083e78a20aa92a2d581bdd8120b93df4d28be7fe1d54b256268b7bfa80974978837166f81945703c6ee38",
  ),
  /** Temporal layer 2 of the layer "h". */
  vp8Upper: hex(
    "906064eaab0bffe65f220ebfbede000322536eb74100cd9030a06800" +
      "a0e0a6cea8a08fcda51a128110125aeb1cf283338405f49d8191f72312ecff21f9bca52e35a947e61198e3d4",
  ),
  /** L3T3_KEY, the first packet of the lowest layer, 320x180; it has a dependency descriptor. */
  vp9KeyFrame: hex(
    "906254d6705796f8b7b6a2961000001b020311ee7a040200020901300d5c" +
      "800001c0081485214eaaaaa8000600004000100002aa80a8000600004000100002a000a800060000400016d549" +
      "241b5524906d54923157e001974ca864330e222396eca8655304224390eca87753013f00b3027f016704ff02cf" +
      "03800000" +
      "bae1a51010014000b4834983420013f00b30d0e0907065200022c05fcff7a7f797ff86fb2ff2fa6f45ee2fb7",
  ),
  /** Spatial layer 2 of an ordinary picture, in the flexible mode. */
  vp9Upper: hex(
    "9062559e70580d18b7b6a296bede00052213f6324100cd9030d70a000e1ae05008400000" +
      "f1e1ab1408ab2e1b097a76947ab3799cf89fc8b723f4aa4269b9868aeb4ceba871cdbe798af85771cd7e865b",
  ),
  /** A STAP-A of both parameter sets, 640x360; whole. */
  h264ParameterSets: hex(
    "906c05303868e6666b9acb9fbede000322fc0f684100029030000000" +
      "7800136742c01f8c8d405017fcb37010d01078442350000468ce3c80",
  ),
  /** The first FU-A of the IDR picture that follows. */
  h264KeyFrame: hex(
    "906c05313868e6666b9acb9fbede000322fc0fbb4100039030000000" +
      "7c85b800040000053ffbf101f8a00067f00100df63bce04fbed37021bd49b6cf826f27fb842404281d1583a2",
  ),
  /** Another FU-A of it. */
  h264KeyFrameRest: hex(
    "906c05323868e6666b9acb9fbede000322fc1b404100049030000000" +
      "7c0516b87dcb0fb97e925c47f0e182e00cc66689b4f755c1c0030674c79ca50460c4128c70237fabffbfe0ff",
  ),
  /** L3T3_KEY, the first packet of the lowest layer of 960x540; it has a dependency descriptor. */
  av1KeyFrame: hex(
    `902d1d9b14a91f2d114988ed1000001b020341fd57040200020901300d5c${SVC_STRUCTURE}0000` +
      "681c08008707238191c04860e430321809041c8206410124cf7f0d8034013400127790f01df010d4d0030c30",
  ),
  /** The second packet of that frame, which begins in the midst of a unit. */
  av1KeyFrameRest: hex(
    "902d1d9c14a91f2d114988edbede00042242070f4100039030d2000001000000" +
      "d06cde455f5933abc951a8edb230836efb3fd1f98d58417884676c97a71612c7c170110d07ac8e0de6b75b84",
  ),
  /** Opus in silence; whole. */
  audio: hex(
    "906f60736130d080e34a38e0bede0003225 0ed904100059031c0ff00" +
      "7807c97227e144ea55f1f0c0d5de1e6060fc2ce0504912f0b8b07e31f783cdcd8300",
  ),
} as const;

/** The dependency descriptor of a key frame of L3T3_KEY, 960x540 and below. */
export const BROWSER_STRUCTURE = hex(SVC_STRUCTURE);

/** A sender report and a source description, as Chromium sends them together. */
export const BROWSER_REPORT = hex(
  "80c80006127b4f45eeb6c75d3e57214f552fd3810000001a000066fe" +
    "81ca0006127b4f4501105470474445623444416f4a6b365756710000",
);
