"""PostGIS geometry beside the plain numbers, on PostgreSQL only.

The columns are generated, so that no write has to remember them and the tables stay the same on both engines.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

_POINT = "ST_SetSRID(ST_MakePoint(lon, lat), 4326)"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in ("complaint", "photo"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN geom geometry(Point, 4326) GENERATED ALWAYS AS ({_POINT}) STORED")
        op.execute(f"CREATE INDEX {table}_geom ON {table} USING gist (geom)")
    op.execute(
        "ALTER TABLE area ADD COLUMN geom geometry(Geometry, 4326) "
        "GENERATED ALWAYS AS (ST_GeomFromWKB(geometry, 4326)) STORED"
    )
    op.execute("CREATE INDEX area_geom ON area USING gist (geom)")
