"""Every row of incidents by the plain driver, fetched and dropped: the least that an export can cost."""

from storage.database import open_database

_COLUMNS = {
    "complaint": "id, reference, category_code, status, agency_code, area_code, opened_at, due_at, updated_at, "
    "closed_at, radius_m, description, lon, lat",
    "photo": "id, category_code, area_code, occurred_at, updated_at, radius_m, caption, processing, lon, lat",
}


def fetch(url: str) -> int:
    """How many there are, taken a thousand at a time (on PostgreSQL from a cursor on the server)."""
    number = 0
    with open_database(url) as database, database.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        for table, columns in _COLUMNS.items():
            cursor = driver.cursor() if database.dialect == "sqlite" else driver.cursor(name=table)
            cursor.execute(f"SELECT {columns} FROM {table}")
            while rows := cursor.fetchmany(1000):
                number += len(rows)
    return number
