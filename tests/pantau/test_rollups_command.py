"""`pantau rollups` and what `pantau check` says of them."""

import pytest
from sqlalchemy import text

from tests.pantau.terminal import Terminal
from tests.storage.crowd import gather, settle
from tests.storage.pairs import Pair


@pytest.fixture
def pantau(pair: Pair, terminal: Terminal) -> Terminal:
    """The command line of an installation with some complaints."""
    terminal.set(**pair.environment)
    with pair.database.write() as db:
        settle(db)
        gather(db, 40)
    return terminal


def test_counts_are_built_checked_and_built_anew(pair: Pair, pantau: Terminal) -> None:
    missing = pantau("rollups", "check")
    assert missing.code == 1
    assert "pantau rollups rebuild" in missing.err
    assert "not counted yet" in pantau("check").out
    assert "counted anew in" in pantau.done("rollups", "rebuild").out
    assert "0 changes wait" in pantau.done("rollups", "check").out
    with pair.database.write() as db:
        gather(db, 12, seed=5)
    assert "they add up to the rows" in pantau("check").out
    with pair.database.write() as db:
        db.execute(text("UPDATE rollup SET n = n + 1 WHERE grain = 2"))
    wrong = pantau("rollups", "check")
    assert wrong.code == 1
    assert "grain 2 (happened always district)" in wrong.err
    assert "FAIL  rollups" in pantau("check").out
    pantau.done("rollups", "rebuild")
    assert pantau("rollups", "check").code == 0
