"""Somebody with aiortc in the call of a room: shows a picture and beeps, and says what comes of the others.

`room_joiner` speaks to the relay for it. Each second it says a line of JSON: of each of the others, by their number,
what was seen and heard of them within that second, such as `{"seen": {"3": {…}}, "heard": {"3": {…}}}`. Before that it
says who it is: `{"entered": 4}`. It leaves when standard input closes, or at SIGTERM.
"""

import argparse
import asyncio
import json
import signal
import sys
import threading

import aioice.ice
from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from aiortc.sdp import candidate_from_sdp

from signs import Listened, Picture, Seen, Tone

# Lines that lead to the relay, and those that lead here, in the order of `shared::protocol::room::LINES`.
VOICES, PICTURES = 4, 9
DOWN = ["audio"] * VOICES + ["video"] * (PICTURES + 1) + ["audio"]

CONNECTION = 1
TELL_EVERY = 1.0
# Longest line: a description of 19 lines with its candidates has some 30 KiB.
LINE_BYTES = 1 << 20


class Peer:
    """The connection, and what comes on its lines."""

    def __init__(self, flags):
        self._joiner = None
        self._slots = {"voices": [None] * VOICES, "pictures": [None] * PICTURES}
        self._flags = flags
        self._seen, self._heard, self._tasks = {}, {}, []
        # Everything on one path, and no server that would say how one is reached from elsewhere.
        self._rtc = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))

    async def run(self, stop):
        """Takes part until it is to stop."""
        flags = self._flags
        words = ["--relay", flags.relay, "--name", flags.name, "--spawn", flags.spawn]
        pipe = asyncio.subprocess.PIPE
        self._joiner = await asyncio.create_subprocess_exec(flags.joiner, *words, stdin=pipe, stdout=pipe, limit=LINE_BYTES)
        listening = asyncio.ensure_future(self._listen())
        telling = asyncio.ensure_future(self._tell())
        stopping = asyncio.ensure_future(stop.wait())
        # Whatever ends first ends it all; an error is one's own end.
        done, _ = await asyncio.wait([listening, telling, stopping], return_when=asyncio.FIRST_COMPLETED)
        for task in [listening, telling, *self._tasks]:
            if task not in done:
                task.cancel()
        await self._rtc.close()
        self._joiner.stdin.close()
        await self._joiner.wait()
        for task in done:
            task.result()

    async def _listen(self):
        async for line in self._joiner.stdout:
            message = json.loads(line)
            if "Entered" in message:
                tell({"entered": message["Entered"]["number"]})
            elif message.get("Membership") == "Member" and not self._tasks:
                await self._offer()
            elif "Answer" in message:
                await self._accept(message["Answer"]["description"])
            elif "Refused" in message:
                raise RuntimeError(f"the relay refused the connection: {message['Refused']['why']}")
            elif "Members" in message:
                looks = [{"Camera": [number, "Large"]} for number, shares in message["Members"] if shares["camera"]]
                self._say({"Look": looks})
            elif "Slots" in message:
                self._slots = message["Slots"]
        raise RuntimeError("the joiner ended")

    async def _offer(self):
        flags = self._flags
        for track in [Tone(flags.tone), Picture(flags.left, flags.right)]:
            self._rtc.addTransceiver(track, direction="sendonly")
        for kind in ["video", "audio"]:
            self._rtc.addTransceiver(kind, direction="sendonly")
        for line, kind in enumerate(DOWN):
            receiver = self._rtc.addTransceiver(kind, direction="recvonly").receiver
            self._tasks.append(asyncio.ensure_future(self._take(line, kind, receiver)))
        await self._rtc.setLocalDescription()
        self._say({"Offer": {"connection": CONNECTION, "description": self._rtc.localDescription.sdp}})
        self._say({"Share": {"microphone": True, "camera": True, "screen": False, "screen_sound": False}})

    async def _accept(self, answer):
        await self._rtc.setRemoteDescription(RTCSessionDescription(sdp=answer, type="answer"))
        # With everything on one path they are in the first line alone (RFC 8843, 7.3), and aiortc looks into the last.
        for line in answer.splitlines():
            if line.startswith("a=candidate:"):
                candidate = candidate_from_sdp(line.removeprefix("a=candidate:"))
                candidate.sdpMLineIndex = 0
                await self._rtc.addIceCandidate(candidate)
        await self._rtc.addIceCandidate(None)

    async def _take(self, line, kind, receiver):
        """Looks at everything that comes on a line."""
        while receiver.track is None:
            # The track comes with the answer.
            await asyncio.sleep(0.05)
        try:
            while True:
                frame = await receiver.track.recv()
                if kind == "video":
                    self._seen.setdefault(line, Seen()).take(frame)
                else:
                    self._heard.setdefault(line, Listened(self._flags.listen_for)).take(frame)
        except MediaStreamError:
            # The connection is over.
            pass

    async def _tell(self):
        while True:
            await asyncio.sleep(TELL_EVERY)
            seen, self._seen = self._seen, {}
            heard, self._heard = self._heard, {}
            voices = dict(enumerate(self._slots["voices"]))
            cameras = {VOICES + slot: picture and picture["of"] for slot, picture in enumerate(self._slots["pictures"])}
            tell({"seen": named(seen, cameras), "heard": named(heard, voices)})

    def _say(self, message):
        self._joiner.stdin.write(json.dumps(message).encode() + b"\n")


def named(lines, holders):
    """What came on lines, by who holds them; on a line that is nobody's, by "nobody"."""
    whose = {line: holders.get(line) for line in lines}
    return {"nobody" if whose[line] is None else str(whose[line]): came.tell() for line, came in lines.items()}


def tell(message):
    """Says something to whoever started this."""
    print(json.dumps(message), flush=True)


def colour(text):
    """Reads Y, U and V."""
    return [int(part) for part in text.split(",")]


def read_flags():
    """Reads what is asked for."""
    flags = argparse.ArgumentParser(description=__doc__)
    flags.add_argument("--joiner", required=True, help="the program room_joiner")
    flags.add_argument("--relay", required=True, help="the relay's WebSocket")
    flags.add_argument("--name", default="Guest")
    flags.add_argument("--spawn", default="classroom-a", help="the room's spawn point")
    flags.add_argument("--tone", type=int, default=440, help="what is played, in hertz")
    flags.add_argument("--listen-for", type=int, nargs="+", default=[440], help="what is looked for, in hertz")
    flags.add_argument("--left", type=colour, default="80,90,200", help="Y,U,V of the picture's left half")
    flags.add_argument("--right", type=colour, default="150,60,110", help="Y,U,V of its right half")
    return flags.parse_args()


async def main():
    """Takes part until standard input closes."""
    # aioice leaves the loopback address out, and relays of tests are nowhere else.
    aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)

    def wait_for_end():
        sys.stdin.read()
        loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=wait_for_end, daemon=True).start()
    await Peer(read_flags()).run(stop)


asyncio.run(main())
