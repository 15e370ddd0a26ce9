"""The command line: one file per command; parsing and printing only, heavy imports inside the commands."""
