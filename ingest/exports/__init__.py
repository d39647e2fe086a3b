"""Incidents to take away: what was asked, row by row, as files of many formats."""
