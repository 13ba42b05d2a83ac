/** Two connections in one tab that hand each other everything at once: as quick as WebRTC can be. */
import type { Page } from "playwright-core";

/** Sends a picture that is there already; resolves to milliseconds until it is shown. */
const MEASURE = `(async () => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 360 });
  const pen = canvas.getContext("2d");
  let turn = 0;
  const draw = setInterval(() => {
    pen.fillStyle = "hsl(" + (turn += 7) + " 80% 30%)";
    pen.fillRect(0, 0, canvas.width, canvas.height);
  }, 30);
  const stream = canvas.captureStream(30);
  const video = document.createElement("video");
  video.muted = true;
  document.body.append(video);
  const shown = new Promise((resolve) => video.requestVideoFrameCallback(resolve));
  const from = performance.now();
  const one = new RTCPeerConnection();
  const other = new RTCPeerConnection();
  one.onicecandidate = ({ candidate }) => other.addIceCandidate(candidate);
  other.onicecandidate = ({ candidate }) => one.addIceCandidate(candidate);
  other.ontrack = ({ track }) => {
    video.srcObject = new MediaStream([track]);
    void video.play();
  };
  one.addTrack(stream.getVideoTracks()[0], stream);
  await one.setLocalDescription();
  await other.setRemoteDescription(one.localDescription);
  await other.setLocalDescription();
  await one.setRemoteDescription(other.localDescription);
  await shown;
  const ms = performance.now() - from;
  clearInterval(draw);
  one.close();
  other.close();
  return ms;
})()`;

/** Milliseconds from the making of the connections to the first picture. */
export function bareFirstPictureMs(page: Page): Promise<number> {
  return page.evaluate<number>(MEASURE);
}
