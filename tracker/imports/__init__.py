"""Taking in a clinic's own spreadsheets."""
