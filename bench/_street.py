"""Stills of made-up street cameras, cut from real CCTV: light, weather, lorries and a clock, and faults on demand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from cases.words import SightFault
from ingest.cameras.measure import HEIGHT, WIDTH, Grey

DAY = 288
"""Stills in a day: one every five minutes."""

Field = NDArray[np.float32]


def frames(video: Path, every: int = 10) -> list[Grey]:
    """Every tenth frame of a video, grey, as large as it is."""
    capture, found, number = cv2.VideoCapture(str(video)), [], 0
    while True:
        ok, frame = capture.read()
        if not ok:
            break
        if number % every == 0:
            found.append(np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8))
        number += 1
    if not found:
        raise SystemExit(f"{video} holds no pictures")
    return found


@dataclass(frozen=True, slots=True)
class Light:
    """The light and weather of one still."""

    sun: float  # 0 night to 1 noon
    gain: float
    noise: float
    fog: float
    rain: float


class Street:
    """One camera: a window into the real street with a lens, a sensor, lamps and a clock of its own."""

    def __init__(self, source: list[Grey], seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self._source = source
        tall, wide = source[0].shape
        self._zoom = self.rng.uniform(0.62, 0.95) * wide / WIDTH
        room_x, room_y = wide - self._zoom * WIDTH, tall - self._zoom * HEIGHT
        self._middle = (self.rng.uniform(0, max(room_x, 0)) + self._zoom * WIDTH / 2,
                        self.rng.uniform(0, max(room_y, 0)) + self._zoom * HEIGHT / 2)  # fmt: skip
        self._mirrored = -1.0 if self.rng.random() < 0.5 else 1.0
        self._soft = self.rng.uniform(0, 0.7)
        self._exposure, self._night = self.rng.uniform(0.75, 1.2), self.rng.uniform(0.16, 0.4)
        self._noise_day, self._noise_night = self.rng.uniform(1.0, 3.0), self.rng.uniform(2.5, 7.0)
        self._quality = int(self.rng.integers(55, 90))
        self._has_clock = self.rng.random() < 0.8
        self._lamps = self._lit()
        self._static = self.rng.standard_normal((HEIGHT + 200, WIDTH + 200)).astype(np.float32)
        y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
        self._x, self._y = x / WIDTH - 0.5, y / HEIGHT - 0.5
        self._weather: tuple[int, float, float] = (0, 0.0, 0.0)

    def _lit(self) -> Field:
        """What the lamps of the street add by night."""
        y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
        light = np.zeros((HEIGHT, WIDTH), np.float32)
        for _ in range(int(self.rng.integers(1, 5))):
            cx, cy, size = self.rng.uniform(0, WIDTH), self.rng.uniform(0, HEIGHT * 0.7), self.rng.uniform(25, 110)
            light += self.rng.uniform(0.4, 1.3) * np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * size**2))
        return light

    def light(self, number: int) -> Light:
        """Light and weather of still `number`, counted from midnight; weather comes and goes in spells."""
        rng, left = self.rng, self._weather[0]
        if left == 0:
            kind = rng.random()
            fog = rng.uniform(0.15, 0.7) if kind < 0.1 else 0.0
            rain = rng.uniform(0.2, 1.0) if kind > 0.82 else 0.0
            self._weather = (int(rng.integers(10, 60)), fog, rain)
        else:
            self._weather = (left - 1, *self._weather[1:])
        sun = min(1.0, max(0.0, 0.5 - 1.4 * math.cos(2 * math.pi * number / DAY)))
        gain = self._exposure * (self._night + (1 - self._night) * sun) * rng.uniform(0.94, 1.06)
        noise = self._noise_night + (self._noise_day - self._noise_night) * sun
        return Light(sun, float(gain), float(noise), self._weather[1], self._weather[2])

    def shoot(self, number: int, fault: SightFault | None = None, how: dict[str, float] | None = None) -> Grey:
        """Still `number` as the camera sends it; `how` says how bad the fault is (see `severity`)."""
        light, how = self.light(number), how or {}
        scene = self._scene(how if fault is SightFault.MOVED else {}, lorry=self.rng.random() < 0.05)
        lit = self._illuminated(scene, number, light)
        if fault is SightFault.COVERED:
            lit = self._covered(lit, light, how)
        if fault is SightFault.BLURRED:
            lit = np.asarray(cv2.GaussianBlur(lit, (0, 0), how["sigma"]), np.float32)
        if fault is SightFault.DARK:
            lit = lit * np.float32(how["left"]) + np.float32(how["black"])
        if fault is SightFault.BLANK:
            lit = np.full_like(lit, how["level"]) + np.float32(how["slope"]) * self._x
        return self._sent(lit + light.noise * self._sensed(), number)

    def again(self, picture: Grey, number: int, ticking: bool) -> Grey:
        """A picture sent once more, its clock ticking on or standing still, encoded anew."""
        return self._sent(picture.astype(np.float32), number if ticking else None)

    def severity(self, fault: SightFault) -> dict[str, float]:
        """How bad a fault is, drawn anew for each: mild ones too, but none that still shows the road well."""
        draw, turn = self.rng.uniform, self.rng.uniform(0, 2 * math.pi)
        far = draw(20, 220)
        return {
            SightFault.DARK: {"left": draw(0, 0.03), "black": draw(0, 18)},
            SightFault.BLANK: {"level": draw(60, 235), "slope": draw(-8, 8)},
            SightFault.BLURRED: {"sigma": math.exp(draw(math.log(2.5), math.log(12)))},
            SightFault.FROZEN: {"ticking": float(draw(0, 1) < 0.5)},
            SightFault.COVERED: {"share": draw(0.75, 1.0), "level": draw(0.1, 0.9), "side": draw(0, 4),
                                 "seed": draw(0, 1e6)},
            SightFault.MOVED: {"right": far * math.cos(turn), "down": 0.6 * far * math.sin(turn), "roll": draw(-8, 8),
                               "zoom": draw(0.9, 1.1)},
        }[fault]  # fmt: skip

    def _scene(self, moved: dict[str, float], *, lorry: bool) -> Field:
        angle, zoom = math.radians(moved.get("roll", 0.0)), self._zoom * moved.get("zoom", 1.0)
        a, b = zoom * math.cos(angle), zoom * math.sin(angle)
        to = np.array([[a * self._mirrored, b, 0.0], [-b * self._mirrored, a, 0.0]])
        aim = np.array([WIDTH / 2 + moved.get("right", 0.0), HEIGHT / 2 + moved.get("down", 0.0)])
        to[:, 2] = np.array(self._middle) - to[:, :2] @ aim
        source = self._source[int(self.rng.integers(len(self._source)))]
        flags = cv2.INTER_AREA | cv2.WARP_INVERSE_MAP
        taken = cv2.warpAffine(source, to, (WIDTH, HEIGHT), flags=flags, borderMode=cv2.BORDER_REFLECT_101)
        if self._soft > 0.2:
            taken = cv2.GaussianBlur(taken, (0, 0), self._soft)
        scene = np.asarray(taken, np.float32)
        return self._passed(scene) if lorry else scene

    def _passed(self, scene: Field) -> Field:
        """A lorry goes by, near: its flat side hides up to half the picture's width."""
        rng = self.rng
        wide, tall = int(rng.uniform(0.2, 0.5) * WIDTH), int(rng.uniform(0.4, 0.85) * HEIGHT)
        x, y = int(rng.integers(-wide // 2, WIDTH - wide // 2)), int(rng.integers(0, HEIGHT - tall))
        cv2.rectangle(scene, (x, y), (x + wide, y + tall), rng.uniform(20, 230), -1)
        for _ in range(3):
            at, level = int(rng.integers(x, x + wide)), rng.uniform(20, 230)
            cv2.rectangle(scene, (at, y + tall // 4), (at + wide // 10, y + tall // 2), level, -1)
        return scene

    def _illuminated(self, scene: Field, number: int, light: Light) -> Field:
        swing = 2 * math.pi * number / DAY
        shade = 1 + np.float32(0.3 * light.sun) * (np.float32(math.sin(swing)) * self._x + 0.5 * self._y)
        lamps = np.float32((1 - light.sun) * 0.9) * self._lamps
        lit: Field = np.asarray(scene * (np.float32(light.gain) * shade + lamps * np.float32(0.6)), np.float32)
        if light.fog:
            haze = 30 + 150 * light.sun
            lit += np.float32(light.fog) * (np.float32(haze) - lit)
        if light.rain:
            lit = self._rained(lit, light)
        return lit

    def _rained(self, lit: Field, light: Light) -> Field:
        rng = self.rng
        for _ in range(int(light.rain * 120)):
            x, y, long = int(rng.integers(WIDTH)), int(rng.integers(HEIGHT)), int(rng.integers(6, 28))
            bright = float(lit[y, x]) + 12 + 30 * light.sun
            cv2.line(lit, (x, y), (x + long // 5, y + long), bright, 1)
        return np.asarray(cv2.GaussianBlur(lit, (0, 0), 0.5 + 0.3 * light.rain), np.float32)

    def _covered(self, lit: Field, light: Light, how: dict[str, float]) -> Field:
        """A bag, a leaf or paint close to the lens: soft, dim or bright, with a torn edge on one side."""
        rng = np.random.default_rng(int(how["seed"]))
        rough = rng.standard_normal((4, 6)).astype(np.float32)
        lumps = np.asarray(cv2.resize(rough, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC), np.float32)
        level = (15 + 190 * how["level"]) * (0.2 + 0.8 * light.sun)
        cover = np.float32(level) * (1 + np.float32(0.18) * lumps)
        along = (self._x, -self._x, self._y, -self._y)[int(how["side"]) % 4]
        edge = along + 0.5 - np.float32(how["share"]) + np.float32(0.03) * lumps
        open_to = np.clip(edge * 12 + 0.5, 0, 1)
        return np.asarray(cover + open_to * (lit - cover), np.float32)

    def _sensed(self) -> Field:
        x, y = int(self.rng.integers(200)), int(self.rng.integers(200))
        sign = 1 if self.rng.random() < 0.5 else -1
        return np.asarray(sign * self._static[y : y + HEIGHT, x : x + WIDTH], np.float32)

    def _sent(self, picture: Field, number: int | None) -> Grey:
        """Clipped, the clock written over it, and once through a lossy encoder."""
        grey = np.clip(picture, 0, 255).astype(np.uint8)
        if self._has_clock and number is not None:
            minutes = number * 5
            told = f"22-11-2026 {minutes // 60 % 24:02d}:{minutes % 60:02d}:{number * 37 % 60:02d}"
            cv2.rectangle(grey, (6, 4), (196, 20), 0, -1)
            cv2.putText(grey, told, (8, 17), cv2.FONT_HERSHEY_SIMPLEX, 0.45, 255, 1)
            cv2.putText(grey, "CAM 07 JL. SUDIRMAN", (310, 262), cv2.FONT_HERSHEY_SIMPLEX, 0.4, 255, 1)
        _, packed = cv2.imencode(".jpg", grey, (cv2.IMWRITE_JPEG_QUALITY, self._quality))
        return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)
