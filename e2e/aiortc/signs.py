"""What peers show and play so that others can tell whom they see and hear, and how it is recognised.

A picture has two halves in colours of its own above, and below a bright bar that moves on with each picture: a frozen
picture is told from one that goes on. A sound is a tone that comes and goes.
"""

import fractions
import math
import time
from array import array

import asyncio

from aiortc import MediaStreamTrack
from av import AudioFrame, VideoFrame

WIDTH, HEIGHT = 320, 180
PICTURES_A_SECOND = 15
PICTURE_CLOCK_HZ = 90_000

SOUND_HZ = 48_000
# 20 ms, as Opus has it.
FRAME_SAMPLES = SOUND_HZ // 50
# On and off for as many frames each. What does not change for long is noise to a browser.
BEEP_FRAMES = 12

# The strip with the bar begins there, in quarters of the height, and the bar is one of so many cells.
STRIP_QUARTER = 3
BAR_CELLS = 8
DARK, BRIGHT, GREY = 16, 235, 128

# Sound is looked at in pieces of 100 ms, of every sixth sample.
PIECE_SAMPLES = SOUND_HZ // 10
EVERY_NTH = 6
# A piece that is quieter than this is none, as the root of the mean square of 16-bit samples.
SILENT_BELOW = 100.0


class Pace:
    """Lets whoever waits go on at a steady pace, counted from the first time."""

    def __init__(self, seconds):
        self._seconds, self._began, self._count = seconds, None, 0

    async def next(self):
        """Waits for the next turn and gives its number, from 0."""
        now = time.monotonic()
        self._began = now if self._began is None else self._began
        await asyncio.sleep(max(0.0, self._began + self._count * self._seconds - now))
        self._count += 1
        return self._count - 1


class Picture(MediaStreamTrack):
    """A camera that shows two colours, each as (Y, U, V), and the bar."""

    kind = "video"

    def __init__(self, left, right):
        super().__init__()
        self._pace = Pace(1 / PICTURES_A_SECOND)
        self._halves = left, right

    async def recv(self):
        number = await self._pace.next()
        frame = VideoFrame(WIDTH, HEIGHT, "yuv420p")
        for plane, component in zip(frame.planes, range(3)):
            plane.update(self._component(plane, component, number % BAR_CELLS))
        frame.pts = number * PICTURE_CLOCK_HZ // PICTURES_A_SECOND
        frame.time_base = fractions.Fraction(1, PICTURE_CLOCK_HZ)
        return frame

    def _component(self, plane, component, cell):
        left, right = (bytes([half[component]]) for half in self._halves)
        row = left * (plane.width // 2) + right * (plane.width - plane.width // 2)
        dark, bright = (DARK, BRIGHT) if component == 0 else (GREY, GREY)
        bar = plane.width // BAR_CELLS
        strip = bytearray([dark]) * plane.width
        strip[cell * bar : (cell + 1) * bar] = bytes([bright]) * bar
        above = plane.height * STRIP_QUARTER // 4
        rows = [row] * above + [bytes(strip)] * (plane.height - above)
        # Rows may be longer than what is seen of them.
        return b"".join(row.ljust(plane.line_size, b"\0") for row in rows)


class Tone(MediaStreamTrack):
    """A microphone that beeps."""

    kind = "audio"

    def __init__(self, hertz):
        super().__init__()
        self._pace = Pace(FRAME_SAMPLES / SOUND_HZ)
        self._hertz = hertz

    async def recv(self):
        number = await self._pace.next()
        frame = AudioFrame(format="s16", layout="mono", samples=FRAME_SAMPLES)
        is_on = number // BEEP_FRAMES % 2 == 0
        first = number * FRAME_SAMPLES
        angle = 2 * math.pi * self._hertz / SOUND_HZ
        sound = (round(8000 * math.sin(angle * (first + sample))) for sample in range(FRAME_SAMPLES))
        samples = array("h", sound if is_on else bytes(2 * FRAME_SAMPLES))
        frame.planes[0].update(samples.tobytes())
        frame.pts, frame.sample_rate = first, SOUND_HZ
        frame.time_base = fractions.Fraction(1, SOUND_HZ)
        return frame


class Seen:
    """What was seen on a line since it was last told."""

    def __init__(self):
        self.frames, self.last, self.bars = 0, None, set()

    def take(self, frame):
        """Looks at a picture."""
        self.frames += 1
        self.last = frame
        width, height = frame.width, frame.height
        middle = height * (4 + STRIP_QUARTER) // 8
        cells = [mean(frame.planes[0], (2 * cell + 1) * width // (2 * BAR_CELLS), middle) for cell in range(BAR_CELLS)]
        if max(cells) > (DARK + BRIGHT) / 2:
            self.bars.add(cells.index(max(cells)))

    def tell(self):
        """What is to be said of it: nothing if nothing came."""
        if not self.frames:
            return None
        width, height = self.last.width, self.last.height
        left, right = (
            [mean(plane, x * plane.width // width, height * 3 // 8 * plane.height // height) for plane in self.last.planes]
            for x in (width // 4, width * 3 // 4)
        )
        return {"frames": self.frames, "size": [width, height], "left": left, "right": right, "bars": len(self.bars)}


class Listened:
    """What was heard on a line since it was last told: how much of the loudest piece is each of those tones."""

    def __init__(self, tones):
        self._tones, self._samples = tones, array("h")
        self.frames, self.best = 0, None

    def take(self, frame):
        """Listens to a piece of sound."""
        self.frames += 1
        samples = array("h", bytes(frame.planes[0])[: 2 * frame.samples * len(frame.layout.channels)])
        self._samples.extend(samples[:: len(frame.layout.channels)])
        while len(self._samples) >= PIECE_SAMPLES:
            piece = self._samples[:PIECE_SAMPLES:EVERY_NTH]
            self._samples = self._samples[PIECE_SAMPLES:]
            energy = sum(sample * sample for sample in piece)
            loudness = math.sqrt(energy / len(piece))
            if loudness >= SILENT_BELOW and (self.best is None or loudness > self.best[0]):
                shares = {tone: share(piece, tone, energy) for tone in self._tones}
                self.best = loudness, shares

    def tell(self):
        """What is to be said of it: nothing if nothing came."""
        if not self.frames:
            return None
        shares = self.best[1] if self.best else dict.fromkeys(self._tones, 0.0)
        return {"frames": self.frames, "tones": {str(tone): round(part, 3) for tone, part in shares.items()}}


def share(piece, hertz, energy):
    """How much of a piece's energy is a tone of that frequency, from 0 to 1, by Goertzel's algorithm.

    https://en.wikipedia.org/wiki/Goertzel_algorithm
    """
    factor = 2 * math.cos(2 * math.pi * hertz * EVERY_NTH / SOUND_HZ)
    before, last = 0.0, 0.0
    for sample in piece:
        before, last = last, sample + factor * last - before
    power = last * last + before * before - factor * last * before
    return 2 * power / (len(piece) * energy)


def mean(plane, x, y):
    """The mean of the four by four values around a place of a plane."""
    values = memoryview(plane)
    rows = range(max(0, y - 2), min(plane.height, y + 2))
    columns = range(max(0, x - 2), min(plane.width, x + 2))
    sample = [values[row * plane.line_size + column] for row in rows for column in columns]
    return round(sum(sample) / len(sample))
