"""Taking a whole installation from one database and store to others: resumable, and compared row by row at its end."""
