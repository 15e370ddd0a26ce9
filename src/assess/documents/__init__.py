"""Text on disk to checked models: positioned YAML, errors with file, line and column, whole-file writing."""
