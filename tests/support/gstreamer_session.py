"""
A session of WHIP or WHEP by GStreamer's webrtcbin: a WebRTC that is neither a browser's nor ours. It
speaks with `gstreamer_session.ts`: a line of JSON each half second on the standard output says how it
is; the end of the standard input ends the session.

    gstreamer_session.py publish|watch URL ADDRESS

ADDRESS is the one that it gathers candidates on; by itself it takes every one but loopback.
"""
import json
import sys
import threading
import urllib.parse
import urllib.request

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstWebRTC", "1.0")
gi.require_version("GstSdp", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

PUBLISHING = """
  webrtcbin name=session bundle-policy=max-bundle
  videotestsrc is-live=true ! video/x-raw,width=640,height=480,framerate=25/1 ! videoconvert
    ! vp8enc deadline=1 keyframe-max-dist=25 ! rtpvp8pay pt=96
    ! application/x-rtp,media=video,encoding-name=VP8,payload=96 ! session.
  audiotestsrc is-live=true ! audioconvert ! audioresample ! opusenc ! rtpopuspay pt=97
    ! application/x-rtp,media=audio,encoding-name=OPUS,payload=97 ! session.
"""
# One element alone would be no pipeline.
WATCHING = "webrtcbin name=session bundle-policy=max-bundle  fakesrc num-buffers=0 ! fakesink"
VIDEO = "application/x-rtp,media=video,encoding-name=VP8,payload=96,clock-rate=90000"
AUDIO = "application/x-rtp,media=audio,encoding-name=OPUS,payload=97,clock-rate=48000,encoding-params=(string)2"
REPORT_MS = 500


class Session:
    """One session, from its offer to its DELETE."""

    def __init__(self, is_publishing, url, address):
        self.url = url
        self.location = None
        self.counts = {"pictures": 0, "sounds": 0}
        self.height = 0
        self.pipeline = Gst.parse_launch(PUBLISHING if is_publishing else WATCHING)
        self.webrtc = self.pipeline.get_by_name("session")
        # Held: a wrapper that is collected takes the agent of 1.22 with it.
        self.ice = self.webrtc.get_property("ice-agent")
        self.ice.emit("add-local-ip-address", address)
        if not is_publishing:
            direction = GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY
            for caps in (VIDEO, AUDIO):
                self.webrtc.emit("add-transceiver", direction, Gst.Caps.from_string(caps))
            self.webrtc.connect("pad-added", self.receive)
        self.webrtc.connect("on-negotiation-needed", self.offer)
        self.webrtc.connect("notify::ice-gathering-state", self.gathered)
        self.pipeline.set_state(Gst.State.PLAYING)

    def offer(self, _):
        """The pipeline knows what it has to send."""
        self.webrtc.emit("create-offer", None, Gst.Promise.new_with_change_func(self.offered))

    def offered(self, promise):
        """The offer is there: gathering begins with it."""
        self.reply = promise.get_reply()  # Held: the offer belongs to it.
        offer = self.reply.get_value("offer")
        self.webrtc.emit("set-local-description", offer, Gst.Promise.new())

    def gathered(self, *_):
        """All candidates are known: the offer goes out with them."""
        complete = GstWebRTC.WebRTCICEGatheringState.COMPLETE
        if self.webrtc.get_property("ice-gathering-state") == complete and not self.location:
            threading.Thread(target=self.open, daemon=True).start()

    def open(self):
        """The POST of RFC 9725, section 4.2."""
        sdp = self.webrtc.get_property("local-description").sdp.as_text().encode()
        headers = {"Content-Type": "application/sdp", "Accept": "application/sdp"}
        request = urllib.request.Request(self.url, data=sdp, headers=headers)
        with urllib.request.urlopen(request) as response:
            self.location = urllib.parse.urljoin(self.url, response.headers["Location"])
            text = response.read().decode()
        _, message = GstSdp.SDPMessage.new_from_text(text)
        kind = GstWebRTC.WebRTCSDPType.ANSWER
        answer = GstWebRTC.WebRTCSessionDescription.new(kind, message)
        self.webrtc.emit("set-remote-description", answer, Gst.Promise.new())

    def receive(self, _, pad):
        """Decodes and counts what comes."""
        if pad.get_direction() != Gst.PadDirection.SRC:
            return
        decoder = Gst.ElementFactory.make("decodebin")
        decoder.connect("pad-added", self.count)
        self.pipeline.add(decoder)
        decoder.sync_state_with_parent()
        pad.link(decoder.get_static_pad("sink"))

    def count(self, _, pad):
        """Counts what has been decoded."""
        sink = Gst.ElementFactory.make("fakesink")
        self.pipeline.add(sink)
        sink.sync_state_with_parent()
        pad.link(sink.get_static_pad("sink"))
        kind = "pictures" if pad.get_current_caps().to_string().startswith("video") else "sounds"

        def counted(pad, _):
            self.counts[kind] += 1
            if kind == "pictures":
                _, self.height = pad.get_current_caps().get_structure(0).get_int("height")
            return Gst.PadProbeReturn.OK

        pad.add_probe(Gst.PadProbeType.BUFFER, counted)

    def report(self):
        """One line of how it is."""
        state = self.webrtc.get_property("connection-state").value_nick
        print(json.dumps({"state": state, "height": self.height, **self.counts}), flush=True)
        return True

    def end(self):
        """The DELETE of the session."""
        if self.location:
            request = urllib.request.Request(self.location, method="DELETE")
            urllib.request.urlopen(request).close()
        self.pipeline.set_state(Gst.State.NULL)


def main():
    Gst.init(None)
    loop = GLib.MainLoop()
    session = Session(sys.argv[1] == "publish", *sys.argv[2:4])
    GLib.timeout_add(REPORT_MS, session.report)

    def wait():
        sys.stdin.read()
        loop.quit()

    threading.Thread(target=wait, daemon=True).start()
    loop.run()
    session.end()


main()
