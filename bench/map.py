"""The map API as a whole: what `bench.ogc` and `bench.tiles` measure, over the same town.

    python -m bench.map [--rows N] [--cache FOLDER] [--engine sqlite|postgresql] [--postgresql URL]

At ten million rows each may take twice what it takes at one million.
"""

from bench import _options, ogc, tiles
from bench._measured import Verdicts
from bench._options import Town


def main() -> None:
    """Measures on each engine; the exit code says whether every target held."""
    _options.measure(_options.town(__doc__).parse_args(), measure)


def measure(town: Town, verdicts: Verdicts) -> None:
    """Everything, on one engine."""
    ogc.measure(town, verdicts)
    tiles.measure(town, verdicts)


if __name__ == "__main__":
    main()
