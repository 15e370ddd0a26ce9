"""What is assessed: parties, instruments, structures, threats, evidence and observations of one case."""
