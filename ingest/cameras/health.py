"""Whether a camera that answers also sees its road: one grey still judged against what the camera usually shows.

A fault stands once it was suspected in three stills in a row: a lorry passes, a covered lens stays covered.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from cases.words import SightFault
from ingest.cameras import measure, shift
from ingest.cameras.baseline import Baseline, Reference
from ingest.cameras.measure import Grey, Map
from ingest.cameras.shift import Shift

STANDS_AFTER = 3
"""Stills in a row in which a fault is suspected before it stands."""

MOVED_PX = 14.0
"""A view that has moved less (3 % of its width) still shows its road."""

_DARK_LEVEL = 34.0
_DARK_DEVIATION = 3.6
_BLANK_DEVIATION = 3.6
_STILL_LEVELS = 0.6
_BLURRED = 0.75
_AGREES = 0.42
_AGREES_WELL = 0.65
_HIDDEN = 0.4
_HIDDEN_LENIENT = 0.7
_COVERED = 0.84
_TILE = 8
_RICH = 0.15
_TILE_AGREES = 0.3
_AFAR_SIGMA = 3.0
_AGREES_AFAR = 0.5


@dataclass(frozen=True, slots=True)
class Measures:
    """What was measured: grey levels of the shrunk still (`mean`, `deviation`, `brightest` per cent), `sharpness`, grey
    levels of `difference` to the previous still, `agreement` with the usual view (-1 to 1), the share of the view's
    structure that is `hidden`, and how much structure is `left` there, 1 being as much. None where not compared.
    """

    mean: float
    deviation: float
    brightest: float
    sharpness: float
    difference: float | None = None
    agreement: float | None = None
    hidden: float | None = None
    left: float | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """What is wrong: `faults` stand, `suspected` are seen in this still. `shift` says how far a moved view has moved,
    None where it is not moved or shows nothing of the usual view any more.
    """

    faults: frozenset[SightFault]
    suspected: frozenset[SightFault]
    measures: Measures
    shift: Shift | None = None


def examine(grey: Grey, baseline: Baseline, previous: Grey | None) -> tuple[Health, Baseline]:
    """The health of a still and the baseline for the next one.

    `grey` and `previous` (the still of the visit before) are 480 x 270. ValueError for another shape. A still in which
    nothing is suspected is learned; the others leave the references as they are.
    """
    for given in (grey, previous):
        if given is not None and (given.shape != (measure.HEIGHT, measure.WIDTH) or given.dtype != np.uint8):
            raise ValueError(f"a still is examined in grey, {measure.WIDTH} x {measure.HEIGHT}, 8 bits")
    grey, previous = measure.middle(grey), None if previous is None else measure.middle(previous)
    small = measure.shrunk(grey)
    structure = measure.structure(small)
    found = Measures(
        float(small.mean()),
        float(small.std()),
        measure.brightest(small),
        measure.sharpness(grey, small),
        measure.difference(grey, previous) if previous is not None else None,
    )
    suspected, moved = _empty(found), None
    if not suspected:
        reference, lenient = baseline.reference(found.mean)
        if reference is not None:
            suspected, moved, found = _against(structure, reference, found, lenient=lenient)
        if found.difference is not None and found.difference < _STILL_LEVELS:
            suspected |= {SightFault.FROZEN}
    if not suspected:
        baseline = baseline.learned(found.mean, structure, found.sharpness)
    baseline = baseline.counted(suspected)
    standing = frozenset(fault for fault, seen in baseline.streaks.items() if seen >= STANDS_AFTER)
    return Health(standing, suspected, found, moved), baseline


def _empty(found: Measures) -> frozenset[SightFault]:
    """Dark or blank: a still without anything in it, of which nothing else can be said."""
    if found.brightest < _DARK_LEVEL and found.deviation < _DARK_DEVIATION:
        return frozenset({SightFault.DARK})
    return frozenset({SightFault.BLANK}) if found.deviation < _BLANK_DEVIATION else frozenset()


def _against(
    structure: Map, reference: Reference, found: Measures, *, lenient: bool
) -> tuple[frozenset[SightFault], Shift | None, Measures]:
    """What the usual view says of the still: blurred if it shows the same less sharply, moved or covered if another.

    `lenient` finds only what a change of light cannot explain.
    """
    alike = shift.agreement(structure, reference.structure)
    found = replace(found, agreement=alike)
    if not lenient and found.sharpness < _BLURRED * reference.sharpness:
        if _same_from_afar(structure, reference.structure):
            return frozenset({SightFault.BLURRED}), None, found
    elif alike >= _AGREES_WELL:
        return frozenset(), None, found
    if alike < _AGREES:
        moved = shift.find(structure, reference.structure)
        if moved is not None:
            return frozenset({SightFault.MOVED} if moved.far_px >= MOVED_PX else ()), moved, found
    hidden, left = _lost(structure, reference.structure)
    found = replace(found, hidden=hidden, left=left)
    if hidden < (_HIDDEN_LENIENT if lenient else _HIDDEN):
        return frozenset(), None, found
    # What lies on the lens has little structure and is out of focus; a road seen from elsewhere is as rich as before.
    if left + min(1.0, found.sharpness / max(reference.sharpness, 1e-6)) / 4 < _COVERED:
        return frozenset({SightFault.COVERED}), None, found
    return frozenset({SightFault.MOVED} if alike < _AGREES and not lenient else ()), None, found


def _same_from_afar(structure: Map, usual: Map) -> bool:
    """Whether a still and the usual view agree once both are seen without their detail."""
    far, usual_far = (np.asarray(cv2.GaussianBlur(one, (0, 0), _AFAR_SIGMA), np.float32) for one in (structure, usual))
    return shift.agreement(far, usual_far) >= _AGREES_AFAR


def _lost(structure: Map, usual: Map) -> tuple[float, float]:
    """The share of the tiles rich in structure that show something else, and how much structure that has beside them.

    The latter is a quotient of energies: near 0 for an empty surface, near 1 for another view.
    """
    across, rich, now = (_tiles(one) for one in (structure * usual, usual * usual, structure * structure))
    there = rich > _RICH
    hidden = there & (across < _TILE_AGREES * np.sqrt(rich * now + 1e-9))
    if not hidden.any():
        return 0.0, 1.0
    return float(hidden.sum() / there.sum()), float(now[hidden].sum() / rich[hidden].sum())


def _tiles(values: Map) -> Map:
    """The means of 8 x 8 tiles."""
    rows, columns = values.shape[0] // _TILE, values.shape[1] // _TILE
    return np.asarray(values.reshape(rows, _TILE, columns, _TILE).mean(axis=(1, 3)), np.float32)
