"""Incidents as they change: one reader of the log per worker, and everybody who listens to it."""
