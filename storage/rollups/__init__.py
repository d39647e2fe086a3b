"""Counts kept beside the rows, always exact: what is folded in and what the triggers noted since are added up."""
