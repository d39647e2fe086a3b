"""Run by Alembic for every command: revisions run in the transaction that `storage.migrate` opened."""

from alembic import context

from storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    # SQLite changes columns and constraints only by copying the table; on PostgreSQL the same words alter it.
    render_as_batch=True,
    render_item=context.config.attributes.get("render_item"),
)
with context.begin_transaction():
    context.run_migrations()
