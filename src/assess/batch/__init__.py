"""Tables of partnerships through the kernel, on one machine or a cluster, and how scores meet history."""
