"""The kernel: compiled rubric, aggregation, red lines and the Assessment. Arrays in, arrays out; no I/O, no clock."""
