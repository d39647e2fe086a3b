"""The commands of `pantau`, each in the file of what it is about."""

import typer

from pantau.commands import accounts, areas, catalogue, demo, jobs, service, tokens

app = typer.Typer(
    name="pantau",
    help="What a city sees in its streets, and whether it was put right.\n\n"
    "Settings come from the environment (PANTAU_...) and a file .env; docs/operating.md explains each.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
service.add_to(app)
demo.add_to(app)
app.add_typer(areas.areas, name="areas")
app.add_typer(areas.roads, name="roads")
app.add_typer(catalogue.agencies, name="agencies")
app.add_typer(catalogue.categories, name="categories")
app.add_typer(accounts.app, name="accounts")
app.add_typer(tokens.app, name="tokens")
app.add_typer(jobs.app, name="jobs")
